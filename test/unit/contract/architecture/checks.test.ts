/** Which accesses are checked, and what a mismatch does: every tag, offset, mode and form. */
import { describe, expect, test } from "vitest";
import type { Cpu, Response } from "../../../../model/contract/architecture/cpu.ts";
import type { AccessInsn } from "../../../../model/contract/architecture/operations.ts";
import { access, asymm, async, at, bytesAt, cpuOf, only, pagesOf, run, sync } from "./cpu.ts";

const loads = ["ldr", "ldp", "ldxr", "ldar", "ldtr", "ldr_sp_reg"] as const;
const stores = ["str", "stp", "stlr", "sttr", "str_sp_reg"] as const;
const atomics = ["cas", "swp", "ldadd"] as const;
const unchecked = ["ldr_sp_imm", "str_sp_imm", "stp_sp_imm"] as const;

const kindOf = (cpu: Cpu, insn: AccessInsn): "access" | "fault" | "recorded" => {
  const { result, cpu: after } = only(cpu, pagesOf([4]), access(insn, at(0, 5)));
  if (result.kind === "fault") return "fault";
  return after.recorded ? "recorded" : "access";
};

describe("a mismatch", () => {
  test.each(loads)("%s reads", (insn) => {
    expect(kindOf(sync, insn)).toBe("fault");
    expect(kindOf(async, insn)).toBe("recorded");
    expect(kindOf(asymm, insn)).toBe("fault");
    expect(kindOf({ ...sync, storeOnly: true }, insn)).toBe("access");
    expect(kindOf({ ...async, storeOnly: true }, insn)).toBe("access");
  });

  test.each(stores)("%s writes", (insn) => {
    expect(kindOf(sync, insn)).toBe("fault");
    expect(kindOf(async, insn)).toBe("recorded");
    expect(kindOf(asymm, insn)).toBe("recorded");
    expect(kindOf({ ...sync, storeOnly: true }, insn)).toBe("fault");
  });

  test.each(atomics)(
    "%s does both: it reads in asymmetric mode, and writes for store-only",
    (i) => {
      expect(kindOf(sync, i)).toBe("fault");
      expect(kindOf(async, i)).toBe("recorded");
      expect(kindOf(asymm, i)).toBe("fault");
      expect(kindOf({ ...sync, storeOnly: true }, i)).toBe("fault");
    },
  );

  test.each(unchecked)("%s is not checked", (insn) => {
    for (const cpu of [sync, async, asymm]) expect(kindOf(cpu, insn)).toBe("access");
    expect(only(sync, pagesOf([4]), access(insn, at(0, 5))).rules).toEqual([
      "sp-with-immediate-is-unchecked",
    ]);
  });

  test.each([...loads, ...stores, ...atomics])("%s: TCO, ATA and TCF none stop the check", (i) => {
    expect(kindOf({ ...sync, override: 1 }, i)).toBe("access");
    expect(kindOf({ ...sync, tagAccess: false }, i)).toBe("access");
    expect(kindOf(cpuOf(), i)).toBe("access");
  });
});

test("untagged memory is not checked", () => {
  const memory = pagesOf([4], [{ tagged: false }]);
  expect(only(sync, memory, access("ldr", at(0, 5))).result).toEqual({ kind: "value", value: 0n });
});

const responses: readonly Response[] = ["ignore", "sync", "async"];

/** The parts of the two granules that an access of 8 bytes at `offset` touches. */
const touched = (offset: number) => (offset + 8 <= 16 ? [0] : offset >= 16 ? [1] : [0, 1]);

test("all offsets, all pairs of tags, all modes: both granules of a crossing access count", () => {
  const wrong: string[] = [];
  for (const loadsAre of responses)
    for (let offset = 0; offset <= 24; offset += 1)
      for (let first = 0; first < 16; first += 1)
        for (const second of [first, (first + 1) % 16]) {
          const cpu = cpuOf({ loads: loadsAre, stores: "ignore" });
          const memory = pagesOf([first, second]);
          const { result, cpu: after } = only(cpu, memory, access("ldr", at(offset, first)));
          const differs = touched(offset).some((index) => [first, second][index] !== first);
          const faults = differs && loadsAre === "sync";
          const right =
            result.kind === (faults ? "fault" : "value") &&
            after.recorded === (differs && loadsAre === "async");
          if (!right) wrong.push(`${loadsAre} ${offset} ${first} ${second}`);
        }
  expect(wrong).toEqual([]);
});

describe("the address of a mismatch", () => {
  const faultOf = (tags: readonly number[], offset: number) => {
    const [first] = run(sync, pagesOf(tags), access("str", at(offset, 4)));
    if (first?.result.kind !== "fault") throw new Error("no fault");
    const { address, top, kind, write } = first.result.fault;
    return {
      low: Number(address.low) - 0x10000,
      high: Number(address.high) - 0x10000,
      top,
      kind,
      write,
    };
  };

  test("in the first granule it is the address of the access", () => {
    expect(faultOf([9, 4], 12)).toEqual({
      low: 12,
      high: 12,
      top: 4,
      kind: "tag-check",
      write: true,
    });
    expect(faultOf([9, 9], 12)).toMatchObject({ low: 12, high: 12 });
  });

  test("in the second it is any byte of that granule", () => {
    expect(faultOf([4, 9], 12)).toMatchObject({ low: 16, high: 31 });
  });
});

describe("a store that faults part way", () => {
  test("leaves the granule that differs alone, and may have written what is before it", () => {
    const results = run(sync, pagesOf([4, 9]), access("str", at(12, 4), 8, { value: -1n }));
    expect(results.map(({ memory }) => bytesAt(memory, 12, 8))).toEqual([
      [0, 0, 0, 0, 0, 0, 0, 0],
      [255, 255, 255, 255, 0, 0, 0, 0],
    ]);
    expect(results.every(({ result }) => result.kind === "fault")).toBe(true);
  });

  test("with the first granule wrong nothing is written", () => {
    const results = run(sync, pagesOf([9, 4]), access("str", at(12, 4)));
    expect(results.map(({ memory }) => bytesAt(memory, 12, 8))).toEqual([Array(8).fill(0)]);
  });

  test("an asynchronous one is made", () => {
    const { memory, cpu } = only(async, pagesOf([9, 4]), access("str", at(12, 4)));
    expect(bytesAt(memory, 12, 8)).toEqual([0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11]);
    expect(cpu.recorded).toBe(true);
  });
});
