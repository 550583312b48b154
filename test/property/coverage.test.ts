/**
 * How much of the truth runs by chance touch, in the scopes that are small enough to know all of it.
 * The table is printed, saved in reports/, and may not fall below what `reach/coverage.json` demands.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { packedDesigns } from "../../impl/index.ts";
import { type Coverage, measureCoverage } from "../../properties/coverage/measure.ts";
import { expectedKey, parseExpected, slicesOf } from "../../properties/index.ts";
import { fixedSeed } from "../../properties/lockstep/index.ts";
import { phone } from "../machines.ts";

/** Larger scopes are known too, but not in seconds. */
const maxStates = 4_000;
const runs = 100;
const length = 100;

/** What a later generator may lose by chance. */
const slack = 0.9;

const kinds = ["states", "transitions", "pairs"] as const;
const file = new URL("reach/coverage.json", import.meta.url);

/** Shares by design, slice and what is counted; three digits. */
const sharesSchema = z.record(z.string(), z.number().positive().max(1));
type Shares = z.infer<typeof sharesSchema>;

const sharesOf = (name: string, { all, touched }: Coverage): Shares =>
  Object.fromEntries(
    kinds.map((kind) => [`${name} ${kind}`, Math.round((1000 * touched[kind]) / all[kind]) / 1000]),
  );

const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const lineOf = (name: string, { all, touched }: Coverage): string =>
  [
    name.padEnd(26),
    ...kinds.map((kind) => {
      const share = ((100 * touched[kind]) / all[kind]).toFixed(1);
      return `${all[kind]} ${kind}, ${share} %`.padStart(26);
    }),
  ].join("");

test("runs by chance touch what they are to touch of all that there is", () => {
  const expectedFile = new URL("../../properties/expected.json", import.meta.url);
  const { machines } = parseExpected(readFileSync(expectedFile, "utf8"));
  const expected = machines[expectedKey("phone-16g", 4096)] ?? {};
  const lines: string[] = [];
  const shares: { [what: string]: number } = {};
  for (const design of packedDesigns)
    for (const { name: slice, scope } of slicesOf(phone(), design)) {
      const states = expected[design.name]?.slices[slice]?.states ?? 0;
      if (states > maxStates) continue;
      const effort = { seed: fixedSeed, runs, length, maxStates };
      const coverage = measureCoverage(design, scope, effort);
      const name = `${design.name} ${slice}`;
      expect(coverage.all.states, name).toBe(states);
      lines.push(lineOf(name, coverage));
      Object.assign(shares, sharesOf(name, coverage));
    }
  console.log(
    [`seed ${fixedSeed}, ${runs} runs of up to ${length} steps each`, ...lines].join("\n"),
  );
  mkdirSync("reports", { recursive: true });
  writeFileSync("reports/coverage.json", asJson(shares));
  if (process.env["MTE_UPDATE_REACH"] === "1") {
    const lowered = Object.entries(shares).map(([what, share]) => [
      what,
      Math.floor(1000 * slack * share) / 1000,
    ]);
    writeFileSync(file, asJson(Object.fromEntries(lowered)));
  }
  const demanded = sharesSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  expect(Object.keys(shares)).toEqual(Object.keys(demanded));
  const missed = Object.entries(demanded).filter(([what, share]) => (shares[what] ?? 0) < share);
  expect(missed).toEqual([]);
});
