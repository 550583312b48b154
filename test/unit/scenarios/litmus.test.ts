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
import { alone, type Claim, eq, litmusOf, pointer, regs, written } from "./litmus-rows.ts";
import { kindOf } from "./rows.ts";

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
