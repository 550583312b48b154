/** IRG and the walk past excluded tags, against the pseudocode written down a second time. */
import { describe, expect, test } from "vitest";
import {
  allowedTags,
  chooseTag,
  randomTag,
} from "../../../../model/contract/architecture/random-tag.ts";
import { cpuOf, only, pagesOf, run } from "./cpu.ts";

/** The shift register as a string of bits, the highest first. */
const stepped = (bits: string): string => {
  const bit = (position: number) => Number(bits[15 - position]);
  return `${(bit(5) + bit(3) + bit(2) + bit(0)) % 2}${bits.slice(0, 15)}`;
};

const walked = (seed: number) => {
  let bits = seed.toString(2).padStart(16, "0");
  let tag = "";
  for (let round = 0; round < 4; round += 1) {
    bits = stepped(bits);
    tag = `${bits[0]}${tag}`;
  }
  return { tag: Number.parseInt(tag, 2), seed: Number.parseInt(bits, 2) };
};

test("the shift register goes as the pseudocode says, from every seed", () => {
  const wrong = Array.from({ length: 65536 }, (_, seed) => seed).filter((seed) => {
    const [right, got] = [walked(seed), randomTag(seed)];
    return got.tag !== right.tag || got.seed !== right.seed;
  });
  expect(wrong).toEqual([]);
});

test("seed 0 never moves", () => {
  expect(randomTag(0)).toEqual({ tag: 0, seed: 0 });
});

test("a tag is chosen as the pseudocode says: all tags, all offsets, masks of the low four", () => {
  const wrong: string[] = [];
  for (let exclude = 0; exclude < 16; exclude += 1)
    for (let start = 0; start < 16; start += 1)
      for (let offset = 0; offset < 16; offset += 1) {
        let tag = start;
        const skip = () => {
          while (tag < 4 && (exclude >> tag) % 2 === 1) tag += 1;
        };
        if (offset === 0) skip();
        for (let left = offset; left > 0; left -= 1) {
          tag = (tag + 1) % 16;
          skip();
        }
        if (chooseTag(start, offset, exclude) !== tag) wrong.push(`${start}+${offset} ${exclude}`);
      }
  expect(wrong).toEqual([]);
});

test("with every tag excluded it is 0; with one left it is that one", () => {
  for (let tag = 0; tag < 16; tag += 1) {
    expect(chooseTag(tag, 7, 0xffff)).toBe(0);
    for (let start = 0; start < 16; start += 1)
      expect(chooseTag(start, 5, 0xffff ^ (1 << tag))).toBe(tag);
    expect(allowedTags(0xffff ^ (1 << tag))).toEqual([tag]);
  }
  expect(allowedTags(0xffff)).toEqual([0]);
});

const irg = (exclude: bigint) => ({ kind: "irg", source: 0xf5n << 56n, exclude }) as const;

describe("IRG", () => {
  test("RRND clear: four steps of the register, from the last tag, past what is excluded", () => {
    const cpu = cpuOf({ seed: 0x1234, lastTag: 3, exclude: 0xff });
    const first = only(cpu, pagesOf(), irg(0n));
    expect(first.result).toEqual({ kind: "pointer", pointer: 0xfdn << 56n });
    expect(first.cpu).toMatchObject({ lastTag: 13, seed: walked(0x1234).seed });
    const second = only(first.cpu, pagesOf(), irg(0n));
    expect(second.cpu.lastTag).toBe(11);
  });

  test("the register moves on even when nothing is left to choose", () => {
    const { cpu, result } = only(cpuOf({ seed: 0xbeef, exclude: 0xff00 }), pagesOf(), irg(0xffn));
    expect(result).toEqual({ kind: "pointer", pointer: 0xf0n << 56n });
    expect(cpu).toMatchObject({ seed: walked(0xbeef).seed, lastTag: 0 });
  });

  test("RRND set: a choice of every tag that neither mask excludes, the state the same", () => {
    const cpu = cpuOf({ randomise: true, exclude: 0xff0f });
    const results = run(cpu, pagesOf(), irg(0x30n));
    expect(results.map(({ result }) => result)).toEqual(
      [0xf6n, 0xf7n].map((top) => ({ kind: "pointer", pointer: top << 56n })),
    );
    expect(results.every((each) => each.cpu === cpu)).toBe(true);
  });

  test("many at once are one outcome with the set of tags", () => {
    const many = { kind: "irgn", source: 0n, exclude: 0x1n, times: 64 } as const;
    expect(only(cpuOf({ randomise: true, exclude: 0x8000 }), pagesOf(), many).result).toEqual({
      kind: "tags-seen",
      within: 0x7ffe,
    });
    const walk = only(cpuOf({ seed: 1 }), pagesOf(), { ...many, exclude: 0n, times: 3 });
    expect(walk.result).toEqual({ kind: "tags-seen", within: (1 << 1) | (1 << 9) });
  });

  test("without tag access it makes tag 0 and the register stays", () => {
    const cpu = cpuOf({ seed: 0x1234, lastTag: 3, tagAccess: false });
    const { result, cpu: after } = only(cpu, pagesOf(), irg(0n));
    expect(result).toEqual({ kind: "pointer", pointer: 0xf0n << 56n });
    expect(after).toBe(cpu);
    const many = { kind: "irgn", source: 0n, exclude: 0n, times: 8 } as const;
    expect(only(cpu, pagesOf(), many).result).toEqual({ kind: "tags-seen", within: 1 });
  });
});
