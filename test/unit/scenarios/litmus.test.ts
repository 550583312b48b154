/** Litmus programs: what is reachable by plain interleaving, and by nothing else. */
import { describe, expect, test } from "vitest";
import {
  endingsOf,
  type LitmusProgram,
  type LitmusState,
  litmusGranuleOf,
  litmusStep,
} from "../../../model/index.ts";
import { reachedBy } from "../../../oracle/scenarios/litmus.ts";
import type { LitmusRow } from "../../../oracle/scenarios/litmus-row.ts";
import { kindOf, lineOf, type Written } from "./rows.ts";

const pointer = (ptr: string, tag = 0): Written => ({ ptr, tag });

type Claim = {
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

const written = ({ steps, cond, reachable, always = false, ...rest }: Claim): Written => ({
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

const litmusOf = (claim: Claim): LitmusRow => {
  const line = lineOf(written(claim));
  if (line.kind !== "row" || line.row.body.kind !== "litmus") throw new Error("no litmus row");
  return line.row.body;
};

const regs = {
  P0: { r1: pointer("x"), r3: pointer("y") },
  P1: { r1: pointer("x"), r3: pointer("y") },
};

/** Two threads, each stores to one location and loads the other. */
const storeBuffer: Claim = {
  regs,
  steps: [
    ["P0", "str", { imm: 1, addr: "r1" }],
    ["P0", "ldr", { dst: "r2", addr: "r3" }],
    ["P1", "str", { imm: 1, addr: "r3" }],
    ["P1", "ldr", { dst: "r2", addr: "r1" }],
  ],
  cond: {
    and: [
      { reg: "r2", proc: "P0", eq: 0 },
      { reg: "r2", proc: "P1", eq: 0 },
    ],
  },
  reachable: false,
};

const eq = (reg: string, value: unknown, proc = "P0"): Written => ({ reg, proc, eq: value });

/** One thread: what a register holds in the end, whatever else. */
const alone = (
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

const instructions: readonly (readonly [string, Claim])[] = [
  [
    "mov and eor",
    alone(
      [
        ["mov", { dst: "r0", imm: 6 }],
        ["eor", { dst: "r0", a: "r0", imm: 3 }],
      ],
      eq("r0", 5),
    ),
  ],
  [
    "and",
    alone(
      [
        ["mov", { dst: "r0", imm: 6 }],
        ["and", { dst: "r0", a: "r0", imm: 3 }],
      ],
      eq("r0", 2),
    ),
  ],
  ["add to a pointer", alone([["add", { dst: "r0", a: "r1", imm: 0 }]], eq("r0", pointer("x")))],
  ["ZR reads as zero", alone([["mov", { dst: "r0", src: "ZR" }]], eq("r0", 0))],
  [
    "csel, equal",
    alone(
      [
        ["cmp", { a: "r0", imm: 0 }],
        ["csel", { dst: "r0", a: "r1", b: "ZR", cc: "EQ" }],
      ],
      eq("r0", pointer("x")),
    ),
  ],
  [
    "csel, signed less",
    alone(
      [
        ["cmp", { a: "r0", imm: 1 }],
        ["csel", { dst: "r0", a: "r1", b: "ZR", cc: "LT" }],
      ],
      eq("r0", pointer("x")),
    ),
  ],
  [
    "csel, unsigned lower",
    alone(
      [
        ["cmp", { a: "r0", imm: -1 }],
        ["csel", { dst: "r0", a: "r1", b: "ZR", cc: "LO" }],
      ],
      eq("r0", pointer("x")),
    ),
  ],
  [
    "a branch leaves out what it jumps over",
    alone(
      [
        ["b", { to: "L" }],
        ["mov", { dst: "r0", imm: 1 }],
        ["label", { name: "L" }],
      ],
      eq("r0", 0),
    ),
  ],
  [
    "cbz",
    alone(
      [
        ["cbz", { a: "r0", to: "L" }],
        ["mov", { dst: "r0", imm: 1 }],
        ["label", { name: "L" }],
      ],
      eq("r0", 0),
    ),
  ],
  [
    "cbnz",
    alone(
      [
        ["cbnz", { a: "r0", to: "L" }],
        ["mov", { dst: "r0", imm: 1 }],
        ["label", { name: "L" }],
      ],
      eq("r0", 1),
    ),
  ],
  [
    "swp",
    alone(
      [
        ["mov", { dst: "r2", imm: 7 }],
        ["swp", { dst: "r0", src: "r2", addr: "r1" }],
      ],
      { and: [eq("r0", 3), { mem: "x", eq: 7 }] },
      { mem: { x: 3 } },
    ),
  ],
  [
    "cas that fits",
    alone(
      [
        ["mov", { dst: "r2", imm: 7 }],
        ["cas", { cmp: "r0", src: "r2", addr: "r1" }],
      ],
      { and: [eq("r0", 0), { mem: "x", eq: 7 }] },
    ),
  ],
  [
    "cas that does not",
    alone(
      [
        ["mov", { dst: "r2", imm: 7 }],
        ["cas", { cmp: "r0", src: "r2", addr: "r1" }],
      ],
      { and: [eq("r0", 3), { mem: "x", eq: 3 }] },
      { mem: { x: 3 } },
    ),
  ],
  [
    "ldeor",
    alone(
      [
        ["mov", { dst: "r2", imm: 6 }],
        ["ldeor", { dst: "r0", src: "r2", addr: "r1" }],
      ],
      { and: [eq("r0", 3), { mem: "x", eq: 5 }] },
      { mem: { x: 3 } },
    ),
  ],
  [
    "stg sets the tag and leaves the data",
    alone(
      [["stg", { src: "r5", addr: "r1" }]],
      {
        and: [
          { tag: "x", eq: 1 },
          { mem: "x", eq: 3 },
        ],
      },
      { mem: { x: 3 } },
    ),
  ],
  [
    "stzg zeroes as well",
    alone(
      [["stzg", { src: "r5", addr: "r1" }]],
      {
        and: [
          { tag: "x", eq: 1 },
          { mem: "x", eq: 0 },
        ],
      },
      { mem: { x: 3 } },
    ),
  ],
  [
    "ldg puts the tag into its register",
    alone(
      [
        ["mov", { dst: "r0", src: "r1" }],
        ["ldg", { dst: "r0", addr: "r5" }],
      ],
      eq("r0", pointer("x", 4)),
      { tags: { x: 4 } },
    ),
  ],
  [
    "stg and ldg are not checked",
    alone(
      [
        ["stg", { src: "r5", addr: "r5" }],
        ["ldg", { dst: "r1", addr: "r1" }],
      ],
      { not: { fault: "P0" } },
    ),
  ],
  [
    "a fault ends the thread",
    alone(
      [
        ["ldr", { dst: "r0", addr: "r5" }],
        ["mov", { dst: "r2", imm: 1 }],
      ],
      { and: [eq("r2", 0), { fault: "P0", loc: "x" }] },
    ),
  ],
  [
    "a fault is at its label",
    alone(
      [
        ["label", { name: "L" }],
        ["ldr", { dst: "r0", addr: "r5" }],
      ],
      { fault: "P0", label: "L", loc: "x" },
    ),
  ],
  [
    "and at no other",
    alone(
      [
        ["label", { name: "L" }],
        ["mov", { dst: "r2", imm: 1 }],
        ["ldr", { dst: "r0", addr: "r5" }],
      ],
      { not: { fault: "P0", label: "L" } },
    ),
  ],
  [
    "async: the access is made, the thread goes on",
    alone(
      [
        ["str", { imm: 1, addr: "r5" }],
        ["mov", { dst: "r2", imm: 1 }],
      ],
      { and: [eq("r2", 1), { mem: "x", eq: 1 }, { fault: "P0" }] },
      { mode: "async" },
    ),
  ],
  [
    "asymm: loads end the thread",
    alone(
      [
        ["ldr", { dst: "r0", addr: "r5" }],
        ["mov", { dst: "r2", imm: 1 }],
      ],
      { and: [eq("r2", 0), { fault: "P0" }] },
      { mode: "asymm" },
    ),
  ],
  [
    "asymm: stores do not",
    alone(
      [
        ["str", { imm: 1, addr: "r5" }],
        ["mov", { dst: "r2", imm: 1 }],
      ],
      { and: [eq("r2", 1), { fault: "P0" }] },
      { mode: "asymm" },
    ),
  ],
  [
    "none: nothing is checked",
    alone([["str", { imm: 1, addr: "r5" }]], { not: { fault: "P0" } }, { mode: "none" }),
  ],
  [
    "an index is added",
    alone(
      [
        ["mov", { dst: "r2", imm: 16 }],
        ["str", { imm: 9, addr: "r1", index: "r2" }],
      ],
      { mem: "x", eq: 0 },
    ),
  ],
];

describe("litmus instructions", () => {
  test.each(instructions)("%s", (_name, claim) => {
    expect(kindOf(written(claim))).toBe("pass");
    expect(kindOf(written({ ...claim, reachable: false, always: false }))).toBe("fail");
  });

  test("an access to a part of a location is outside", () => {
    const claim = alone([["ldr", { dst: "r0", addr: "r1", offset: 4 }]], eq("r0", 0));
    expect(kindOf(written(claim))).toBe("refused");
  });
});

describe("interleavings", () => {
  test("store buffering needs a store buffer", () => {
    expect(kindOf(written(storeBuffer))).toBe("pass");
    expect(reachedBy(litmusOf(storeBuffer)).endings).toBe(3);
  });

  test("a transition that loads what was there at the start is noticed", () => {
    const { program } = litmusOf(storeBuffer);
    const stale = (of: LitmusProgram, state: LitmusState, index: number): LitmusState | null => {
      const next = litmusStep(of, state, index);
      const thread = state.threads[index];
      const instruction = of.threads[index]?.instructions[thread?.next ?? 0];
      if (next === null || thread === undefined || instruction?.kind !== "load") return next;
      const registers = new Map(thread.registers).set(instruction.to, 0n);
      const threads = next.threads.map((each, at) =>
        at === index ? { ...each, registers } : each,
      );
      return { ...next, threads };
    };
    expect(reachedBy(litmusOf(storeBuffer), stale).reachable).toBe(true);
    expect(endingsOf(program, 1000, stale).final.length).not.toBe(3);
  });

  test("a check that is never made is noticed", () => {
    const claim = alone([["ldr", { dst: "r0", addr: "r5" }]], { fault: "P0" });
    const row = litmusOf(claim);
    const blind = (of: LitmusProgram, state: LitmusState, index: number): LitmusState | null =>
      litmusStep({ ...of, mode: "none" }, state, index);
    expect(reachedBy(row).always).toBe(true);
    expect(reachedBy(row, blind).reachable).toBe(false);
  });

  test("a loop that waits ends in every ending", () => {
    const claim: Claim = {
      regs,
      steps: [
        ["P0", "str", { imm: 1, addr: "r1" }],
        ["P1", "label", { name: "again" }],
        ["P1", "ldr", { dst: "r2", addr: "r1" }],
        ["P1", "cbz", { a: "r2", to: "again" }],
      ],
      cond: eq("r2", 1, "P1"),
      reachable: true,
      always: true,
    };
    expect(kindOf(written(claim))).toBe("pass");
  });

  test("atomics are not torn", () => {
    const add = { dst: "r0", src: "r2", addr: "r1" } as const;
    const claim: Claim = {
      regs: { P0: { r1: pointer("x"), r2: 1 }, P1: { r1: pointer("x"), r2: 1 } },
      steps: [
        ["P0", "ldadd", add],
        ["P1", "ldadd", add],
      ],
      cond: { mem: "x", eq: 2 },
      reachable: true,
      always: true,
    };
    expect(kindOf(written(claim))).toBe("pass");
  });

  test("a bound on states is told as cut", () => {
    expect(endingsOf(litmusOf(storeBuffer).program, 3).cut).toBe(true);
  });
});

describe("verdicts of the catalogue", () => {
  test("a forbidden condition that is reached fails, whatever the enumeration says", () => {
    const claim = alone([["mov", { dst: "r0", imm: 1 }]], eq("r0", 1));
    expect(kindOf(written({ ...claim, verdict: "forbidden" }))).toBe("fail");
  });

  test("what is required of every ending must be true in each", () => {
    const claim: Claim = { ...storeBuffer, cond: eq("r2", 1), reachable: true };
    expect(kindOf(written(claim))).toBe("pass");
    expect(kindOf(written({ ...claim, quantifier: "forall", verdict: "required" }))).toBe("fail");
  });
});

test("granules are 16 bytes, whatever the tag", () => {
  expect(litmusGranuleOf(0x0500_0000_0001_001fn)).toBe(0x10010n);
});
