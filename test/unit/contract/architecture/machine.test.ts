/** A CPU without a kernel, and the rulebook of the room. */
import { expect, test } from "vitest";
import {
  architectureRulebook,
  bootMachine,
  type CpuOperation,
  type Machine,
  stepMachine,
} from "../../../../model/contract/architecture/index.ts";
import { access, asymm, async, at, cpuOf, pagesOf, run, sync } from "./cpu.ts";

const after = (machine: Machine, operation: CpuOperation) => {
  const [first] = stepMachine(machine, operation);
  if (!first) throw new Error("nothing may happen");
  return first;
};

test("every address has a page, tagged, with tag 0", () => {
  const { outcome } = after(bootMachine(1), {
    kind: "read-tags",
    address: 0x40000ff0n,
    granules: 2,
  });
  expect(outcome).toEqual({ kind: "tags", tags: Uint8Array.of(0, 0) });
});

test("registers are written at EL1, and hold their bits only", () => {
  const seeded = after(bootMachine(1), { kind: "set-rgsr", seed: 0x1beef, tag: 25 });
  expect(after(seeded.machine, { kind: "get-rgsr" }).outcome).toEqual({
    kind: "seed",
    seed: 0xbeef,
    tag: 9,
  });
  const chosen = after(seeded.machine, { kind: "set-gcr", randomise: true, exclude: 0x1fff0 });
  expect(chosen.machine.cpu).toMatchObject({ randomise: true, exclude: 0xfff0 });
});

test("with ATA clear tags read as 0 and come back with it", () => {
  const address = 0x40000000n;
  const store = { kind: "store-tag", insn: "stg", source: 7n << 56n, address } as const;
  const stored = after(bootMachine(1), { ...store, mode: "offset" });
  const off = after(stored.machine, { kind: "set-ata", value: 0 });
  const ldg = { kind: "ldg", address, base: address } as const;
  expect(after(off.machine, ldg).outcome).toEqual({ kind: "pointer", pointer: address });
  const on = after(off.machine, { kind: "set-ata", value: 1 });
  expect(after(on.machine, ldg).outcome).toEqual({
    kind: "pointer",
    pointer: address | (7n << 56n),
  });
});

test("the block of DC ZVA is what the machine was booted with", () => {
  const filled = after(bootMachine(1, 32), {
    kind: "fill",
    address: 0x1000n,
    length: 64,
    byte: 9,
    direction: "up",
  });
  const zva = after(filled.machine, access("dczva", 0x1010n));
  const peek = { kind: "peek", address: 0x101en, length: 4 } as const;
  expect(after(zva.machine, peek).outcome).toEqual({
    kind: "bytes",
    bytes: Uint8Array.of(0, 0, 9, 9),
  });
});

test("every rule says something, governs something, and is cited by a step", () => {
  const store = { kind: "store-tag", source: at(0, 3), address: at(0), mode: "offset" } as const;
  const el1 = cpuOf({ level: 1 });
  const block = { kind: "tag-block", address: at(0), value: 1n } as const;
  const addg = { kind: "addg", source: at(0), offset: 16, tagOffset: 1 } as const;
  const irg = { kind: "irg", source: 0n, exclude: 0n } as const;
  const untagged = pagesOf([], [{ tagged: false }]);
  const steps = [
    run(sync, pagesOf(), access("ldr", at(0))),
    run(sync, pagesOf([1]), access("ldr", at(0))),
    run(async, pagesOf([1]), access("ldr", at(0))),
    run(asymm, pagesOf(), { kind: "tco", value: 1 }),
    run(sync, pagesOf([1]), access("ldr_sp_imm", at(0))),
    run(sync, pagesOf(), access("ldar", at(1))),
    run(sync, pagesOf([], []), access("ldr", at(0))),
    run(sync, pagesOf(), access("ldr", at(0), 5)),
    run(sync, pagesOf(), access("prfm", at(0))),
    run(sync, pagesOf(), access("dczva", at(0))),
    run(sync, pagesOf(), access("dcgva", at(0))),
    run(sync, pagesOf(), access("dccvac", at(0))),
    run(sync, pagesOf(), { kind: "ldg", address: at(0), base: at(0) }),
    run(sync, untagged, { kind: "ldg", address: at(0), base: at(0) }),
    run(sync, pagesOf(), { ...store, insn: "stg" }),
    run(sync, pagesOf(), { ...store, insn: "stzg" }),
    run(sync, pagesOf(), { kind: "stgp", address: at(0), first: 1n, second: 2n, mode: "offset" }),
    run(sync, pagesOf(), { ...block, insn: "ldgm" }),
    run(el1, pagesOf(), { ...block, insn: "stgm" }),
    run(el1, pagesOf(), { ...block, insn: "stzgm" }),
    run(sync, pagesOf(), irg),
    run(cpuOf({ randomise: true }), pagesOf(), irg),
    run(cpuOf({ tagAccess: false }), pagesOf(), irg),
    run(sync, pagesOf(), { kind: "gmi", source: 0n, mask: 0n }),
    run(sync, pagesOf(), addg),
    run(sync, pagesOf(), { ...addg, offset: 1 }),
    run(sync, pagesOf(), { kind: "subp", left: 0n, right: 0n }),
    run(el1, pagesOf(), { kind: "get-rgsr" }),
  ];
  const cited = new Set(steps.flat().flatMap(({ rules }) => rules));
  expect([...cited].toSorted()).toEqual(Object.keys(architectureRulebook).toSorted());
  for (const { sentence, source, governs } of Object.values(architectureRulebook)) {
    expect(sentence).toMatch(/^[A-Z].*\.$/);
    expect(source).toMatch(/^Arm ARM/);
    expect(governs.length).toBeGreaterThan(0);
  }
});
