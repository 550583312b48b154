/** The loops are what so many byte accesses would be, one after the other. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Cpu } from "../../../../model/contract/architecture/cpu.ts";
import type { Memory } from "../../../../model/contract/architecture/memory.ts";
import {
  access,
  asymm,
  async,
  at,
  bytesAt,
  cpuOf,
  only,
  pagesOf,
  run,
  sync,
  tagsAt,
} from "./cpu.ts";

type Walk = { cpu: Cpu; memory: Memory; count: number; stopped: string | null };

/** Byte accesses until one faults. */
const oneByOne = (
  cpu: Cpu,
  memory: Memory,
  length: number,
  each: (index: number) => readonly (readonly ["ldr" | "str", bigint])[],
): Walk => {
  let now = { cpu, memory };
  for (let count = 0; count < length; count += 1) {
    let value = 7n;
    for (const [insn, address] of each(count)) {
      const step = only(now.cpu, now.memory, access(insn, address, 1, { value }));
      if (step.result.kind === "fault")
        return {
          ...now,
          count,
          stopped: `${step.result.fault.kind} ${step.result.fault.address.low}`,
        };
      if (step.result.kind === "value") value = step.result.value;
      now = { cpu: step.cpu, memory: step.memory };
    }
  }
  return { ...now, count: length, stopped: null };
};

const cpus = fc.constantFrom(sync, async, asymm, cpuOf(), { ...sync, storeOnly: true });
const someTags = fc
  .array(fc.constantFrom(3, 3, 3, 4), { minLength: 0, maxLength: 6 })
  .map((tags) => [...Array(252).fill(3), ...tags]);
const someMemory = fc
  .tuple(someTags, fc.boolean())
  .map(([tags, second]) => pagesOf(tags, second ? [{}, {}] : [{}]));
const starts = fc.integer({ min: 4000, max: 4120 });
const lengths = fc.integer({ min: 0, max: 90 });

const same = (whole: ReturnType<typeof only>, parts: Walk): void => {
  if (whole.result.kind !== "count") throw new Error(whole.result.kind);
  const { count, fault } = whole.result;
  expect(count).toBe(parts.count);
  expect(fault ? `${fault.kind} ${fault.address.low}` : null).toBe(parts.stopped);
  expect(whole.cpu.recorded).toBe(parts.cpu.recorded);
  expect(bytesAt(whole.memory, 3900, 320)).toEqual(bytesAt(parts.memory, 3900, 320));
};

const parameters = { seed: 8, numRuns: 300 };

describe("loops equal their accesses", () => {
  test("fill, up and down", () => {
    fc.assert(
      fc.property(
        cpus,
        someMemory,
        starts,
        lengths,
        fc.boolean(),
        (cpu, memory, from, length, up) => {
          const direction = up ? "up" : "down";
          const fill = { kind: "fill", address: at(from, 3), length, byte: 7, direction } as const;
          const step = up ? 1 : -1;
          const parts = oneByOne(cpu, memory, length, (index) => [
            ["str", at(from + step * index, 3)],
          ]);
          same(only(cpu, memory, fill), parts);
        },
      ),
      parameters,
    );
  });

  test("scan", () => {
    fc.assert(
      fc.property(cpus, someMemory, starts, lengths, (cpu, memory, from, length) => {
        const scan = { kind: "scan", address: at(from, 3), length } as const;
        same(
          only(cpu, memory, scan),
          oneByOne(cpu, memory, length, (index) => [["ldr", at(from + index, 3)]]),
        );
      }),
      parameters,
    );
  });

  test("copy, also onto itself", () => {
    fc.assert(
      fc.property(cpus, someMemory, starts, starts, lengths, (cpu, memory, from, to, length) => {
        const marked = only(cpuOf(), memory, {
          kind: "poke",
          address: at(4000),
          bytes: Uint8Array.from({ length: 96 }, (_, index) => index),
        }).memory;
        const copy = { kind: "copy", to: at(to, 3), from: at(from, 3), length } as const;
        same(
          only(cpu, marked, copy),
          oneByOne(cpu, marked, length, (index) => [
            ["ldr", at(from + index, 3)],
            ["str", at(to + index, 3)],
          ]),
        );
      }),
      parameters,
    );
  });
});

describe("tags", () => {
  test("set-tags rounds up to granules and steps the tag on", () => {
    const set = {
      kind: "set-tags",
      address: at(4064, 9),
      length: 33,
      tag: 14,
      increment: 1,
    } as const;
    const { memory, result } = only(sync, pagesOf(), set);
    expect(result).toEqual({ kind: "done" });
    expect(tagsAt(memory, 4048, 5)).toEqual([0, 14, 15, 0, 0]);
  });

  test("set-tags ends like STG does", () => {
    const set = { kind: "set-tags", address: at(8), length: 16, tag: 1, increment: 0 } as const;
    expect(only(sync, pagesOf(), set).result).toMatchObject({ fault: { kind: "alignment" } });
    const gone = only(sync, pagesOf([], [{}]), { ...set, address: at(4080), length: 32 });
    expect(gone.result).toMatchObject({ fault: { kind: "translation" } });
    expect(tagsAt(gone.memory, 4080, 1)).toEqual([1]);
    expect(only(sync, pagesOf([], []), { ...set, length: 0 }).result).toEqual({ kind: "done" });
    const untagged = pagesOf([], [{ tagged: false }]);
    expect(tagsAt(only(sync, untagged, { ...set, address: at(0) }).memory, 0, 1)).toEqual([0]);
  });

  test("read-tags is LDG of so many granules", () => {
    const tags = Array.from({ length: 300 }, (_, index) => index % 16);
    const read = { kind: "read-tags", address: at(4056), granules: 5 } as const;
    const { result } = only(sync, pagesOf(tags), read);
    expect(result).toEqual({ kind: "tags", tags: Uint8Array.of(13, 14, 15, 0, 1) });
    expect(only(sync, pagesOf(tags, [{}]), read).result).toMatchObject({
      fault: { kind: "translation", address: { low: BigInt(0x10000 + 4104) } },
    });
  });
});

describe("peek and poke", () => {
  test("look past tags, and leave TCO as it was", () => {
    const poke = { kind: "poke", address: at(4094, 1), bytes: Uint8Array.of(1, 2, 3, 4) } as const;
    const { memory, cpu } = only(sync, pagesOf(Array(512).fill(9)), poke);
    expect(cpu).toEqual(sync);
    const peek = { kind: "peek", address: at(4093), length: 6 } as const;
    expect(only(sync, memory, peek).result).toEqual({
      kind: "bytes",
      bytes: Uint8Array.of(0, 1, 2, 3, 4, 0),
    });
  });

  test("but not past permissions", () => {
    const memory = pagesOf([], [{ writable: false }]);
    const poke = { kind: "poke", address: at(0), bytes: Uint8Array.of(1) } as const;
    expect(only(sync, memory, poke).result).toMatchObject({ fault: { kind: "permission" } });
    const peek = { kind: "peek", address: at(4094), length: 6 } as const;
    expect(only(sync, memory, peek).result).toMatchObject({ fault: { kind: "translation" } });
  });
});

test("TCO is set and cleared", () => {
  const set = only(sync, pagesOf([9]), { kind: "tco", value: 1 });
  expect(run(set.cpu, set.memory, access("ldr", at(0, 5)))[0]?.result.kind).toBe("value");
  const clear = only(set.cpu, set.memory, { kind: "tco", value: 0 });
  expect(run(clear.cpu, clear.memory, access("ldr", at(0, 5)))[0]?.result.kind).toBe("fault");
});
