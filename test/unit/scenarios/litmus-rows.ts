/** Litmus rows for tests: what a row claims, and the row that claims it. */
import type { LitmusRow } from "../../../oracle/scenarios/litmus-row.ts";
import { lineOf, type Written } from "./rows.ts";

export const pointer = (ptr: string, tag = 0): Written => ({ ptr, tag });

export type Claim = {
  readonly mode?: string;
  readonly regs?: Written;
  readonly mem?: Written;
  readonly tags?: Written;
  readonly steps: readonly (readonly [string, string, Written])[];
  readonly cond: Written;
  readonly reachable: boolean;
  readonly always?: boolean;
  readonly verdict?: string;
  readonly quantifier?: string;
};

export const written = ({ steps, cond, reachable, always = false, ...rest }: Claim): Written => ({
  id: "hc-t",
  kind: "arch",
  litmus: {
    mode: rest.mode ?? "sync",
    mem: rest.mem ?? {},
    tags: rest.tags ?? {},
    regs: rest.regs ?? {},
  },
  steps: steps.map(([proc, op, fields]) => ({ proc, op, ...fields })),
  expect: [
    {
      quantifier: rest.quantifier ?? "exists",
      cond,
      verdict: rest.verdict ?? "allowed",
      scReachable: reachable,
      scAlways: always,
    },
  ],
});

export const litmusOf = (claim: Claim): LitmusRow => {
  const line = lineOf(written(claim));
  if (line.kind !== "row" || line.row.body.kind !== "litmus") throw new Error("no litmus row");
  return line.row.body;
};

export const regs = {
  P0: { r1: pointer("x"), r3: pointer("y") },
  P1: { r1: pointer("x"), r3: pointer("y") },
};

export const eq = (reg: string, value: unknown, proc = "P0"): Written => ({ reg, proc, eq: value });

/** One thread: what a register holds in the end, whatever else. */
export const alone = (
  steps: readonly (readonly [string, Written])[],
  cond: Written,
  rest: Partial<Claim> = {},
): Claim => ({
  regs: { P0: { r1: pointer("x"), r5: pointer("x", 1) } },
  steps: steps.map(([op, fields]) => ["P0", op, fields]),
  cond,
  reachable: true,
  always: true,
  ...rest,
});
