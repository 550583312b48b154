/**
 * Logs of programs that do anything the contract allows are explained, however little of them was
 * seen; a log in which one answer was changed is not.
 */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Draw } from "../../../oracle/drive/draw.ts";
import { LogRun } from "../../../oracle/index.ts";
import type { ProcessCapabilities } from "../../../oracle/process/capabilities.ts";
import { startOf } from "../../../oracle/process/machine.ts";
import { proposable, proposeStep } from "../../../oracle/process/propose.ts";
import { type WrittenObservation, written } from "../../../oracle/process/show.ts";
import { processStepSchema } from "../../../oracle/process/step.ts";
import { kernelBranches } from "../../../oracle/scenarios/kernel.ts";

const kernels = ["6.1", "6.12", "7.3"] as const;

const capabilitiesOf = (kernel: string): ProcessCapabilities => ({
  operations: proposable,
  kernel,
  cpu: "mte3",
  blockSize: 64,
  reclaim: "asked",
  processes: 3,
  memory: ["private", "shared", "file"],
});

type Entry = { readonly operation: object; readonly outcome: WrittenObservation };

const steps = 40;

/** A history in which each answer is one that the contract allows. */
const history = (seed: number, kernel: string): readonly Entry[] => {
  const draw = new Draw(seed, 0);
  const capabilities = capabilitiesOf(kernel);
  let running = startOf(capabilities);
  const entries: Entry[] = [];
  for (let number = 0; entries.length < steps; number++) {
    const op = number === 0 ? "prctl" : (draw.pick(proposable) ?? "mmap");
    const chance = { draw, running, capabilities, fresh: `n${number}` };
    const operation = proposeStep(op, chance);
    if (operation === null) continue;
    const branch = draw.pick(kernelBranches(running, processStepSchema.parse(operation)));
    if (branch === null) throw new Error("something always may happen");
    running = branch.after;
    entries.push({ operation, outcome: written(branch.observation) });
  }
  return entries;
};

const judged = (kernel: string, entries: readonly object[]) => {
  const run = new LogRun();
  const head = { log: "mte-oracle", version: 1, vocabulary: "process", kernel, reclaim: "asked" };
  const results = [head, ...entries].map((entry) => run.line(JSON.stringify(entry)));
  return {
    counts: run.counts,
    findings: results.flatMap(({ findings }) => findings),
    malformed: results.find(({ malformed }) => malformed)?.malformed ?? null,
  };
};

const cases = fc.record({ seed: fc.nat(), kernel: fc.constantFrom(...kernels) });

describe("logs of programs", () => {
  test("what the contract allows is explained", () => {
    fc.assert(
      fc.property(cases, ({ seed, kernel }) => {
        const entries = history(seed, kernel);
        const { findings, malformed } = judged(kernel, entries);
        expect({ malformed, findings }).toEqual({ malformed: null, findings: [] });
      }),
      { seed: 8, numRuns: 12 },
    );
  });

  test("also where fields are missing, and where a step may not have happened", () => {
    fc.assert(
      fc.property(cases, fc.array(fc.nat(99), { minLength: 10 }), ({ seed, kernel }, luck) => {
        /** A pointer has to be seen by somebody who is to use it. */
        const entries = history(seed, kernel).map(({ operation, outcome }, at) => {
          const some = (name: string, index: number): boolean =>
            name === "pointer" || (luck[(at + index) % luck.length] ?? 0) < 50;
          const kept = Object.entries(outcome).filter(([name], index) => some(name, index));
          return { operation, outcome: Object.fromEntries(kept) };
        });
        expect(judged(kernel, entries).findings).toEqual([]);
      }),
      { seed: 9, numRuns: 10 },
    );
  });

  test("one wrong answer is found, and told once", () => {
    const found = new Map<string, number>();
    fc.assert(
      fc.property(cases, fc.nat(), ({ seed, kernel }, where) => {
        const entries = history(seed, kernel);
        const looks = entries.flatMap(({ outcome }, at) => (isLook(outcome) ? [at] : []));
        const at = looks[where % Math.max(1, looks.length)];
        const changed = at === undefined ? undefined : entries[at];
        if (at === undefined || !changed) return;
        const lie = { ...changed, outcome: another(changed.outcome) };
        const { findings } = judged(kernel, entries.with(at, lie));
        expect(findings.map(({ line, verdict }) => [line, verdict.kind])).toContainEqual([
          at + 2,
          "deviation",
        ]);
        expect(findings.length).toBeLessThan(4);
        for (const { verdict } of findings)
          if (verdict.kind === "deviation")
            found.set(verdict.rule, (found.get(verdict.rule) ?? 0) + 1);
      }),
      { seed: 10, numRuns: 16 },
    );
    expect(found.size).toBeGreaterThan(3);
  });
});

const isLook = (outcome: WrittenObservation): boolean =>
  "tag" in outcome || "tags" in outcome || "val" in outcome || "data" in outcome;

/** The same answer with something else in it. */
const another = (outcome: WrittenObservation): WrittenObservation =>
  Object.fromEntries(
    Object.entries(outcome).map(([name, value]) => {
      if (name === "tags" || name === "data")
        return [name, String(value).replace(/[\da-f]/, (digit) => (digit === "0" ? "1" : "0"))];
      return [name, name === "tag" || name === "val" ? (value === 3 ? 4 : 3) : value];
    }),
  );
