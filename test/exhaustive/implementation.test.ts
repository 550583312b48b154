/**
 * The implementation explored as a system of its own: in every slice of every design it has exactly
 * the states and transitions that the design has, as far as the search goes here. The random suites
 * walk further, in larger scopes; this finds what they pass by.
 */
import { describe, expect, test } from "vitest";
import { explore } from "../../checker/index.ts";
import { PackedMachinery, packedDesigns } from "../../impl/index.ts";
import { Machinery } from "../../model/index.ts";
import { slicesOf } from "../../properties/index.ts";
import { phone, shippedMachine } from "../machines.ts";

const maxStates = 1_000;

describe.each(packedDesigns.map((design) => ({ name: design.name, design })))(
  "$name",
  ({ design }) => {
    for (const machine of [phone(), shippedMachine("two-regions")])
      test(`${machine.file}: the implementation has the design's states and transitions`, () => {
        const slices = slicesOf(machine, design);
        expect(slices.length).toBeGreaterThan(0);
        for (const { name, scope } of slices) {
          const sizeOf = (machinery: Machinery) => {
            const { states, transitions, depth } = explore(machinery, [], {
              bounds: { maxStates },
            });
            return { name, states, transitions, depth };
          };
          expect(sizeOf(new PackedMachinery(design, scope))).toEqual(
            sizeOf(new Machinery(design, scope)),
          );
        }
      });
  },
);
