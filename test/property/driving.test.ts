/**
 * Driving somebody who does anything that the contract allows finds nothing; and what an adapter may
 * say, however wrong, is told in one line.
 */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { Draw } from "../../oracle/drive/draw.ts";
import { drawLimits } from "../../oracle/drive/planner.ts";
import { generateRun } from "../../oracle/drive/run.ts";
import { type Capabilities, readReply } from "../../oracle/index.ts";
import { CacheStandIn } from "./cache-stand-in.ts";
import { StandIn } from "./stand-in.ts";

const size = (least: number, most: number) => ({ least, most });

const everything: Capabilities = {
  operations: [
    "allocate",
    "free",
    "migrate",
    "enable-tags",
    "write-tag",
    "read-tag",
    "write-bytes",
    "read-bytes",
    "copy",
    "copy-again",
    "swap-out",
    "swap-in",
    "restore-again",
    "share-slot",
    "free-slot",
    "swapoff",
    "read-file",
    "write-file",
    "write-back",
    "direct-write",
    "truncate",
    "evict",
    "unlink",
    "create",
    "unmount",
    "mount",
    "drop",
  ],
  sizes: {
    granulesPerPage: size(1, 3),
    handles: size(1, 6),
    taggablePages: size(1, 6),
    slots: size(1, 4),
    files: size(1, 2),
    pagesPerFile: size(1, 2),
  },
  getForm: "keeping",
  contexts: ["sleepable", "atomic"],
  largestOrder: 1,
  largestFolio: 2,
  swapInPaths: ["fault", "swapoff", "shmem"],
  largestTag: 15,
  largestContents: 1000,
  owners: 2,
  mostSharers: 3,
  refuses: true,
};

const beings: readonly (readonly [name: string, capabilities: Capabilities])[] = [
  ["everything in taggable memory", everything],
  [
    "some memory that cannot carry tags",
    {
      ...everything,
      sizes: { ...everything.sizes, handles: size(6, 6), taggablePages: size(3, 3) },
    },
  ],
];

const runs = 40;

const standIn = (seed: number, run: number, capabilities: Capabilities): StandIn =>
  new StandIn(new Draw(seed, run), capabilities, drawLimits(new Draw(seed, run), capabilities));

describe("whoever does anything that is allowed is never found wrong", () => {
  test.each(beings)("%s", async (_name, capabilities) => {
    const done = new Set<string>();
    for (const window of [1, 16])
      for (let run = 0; run < runs; run++) {
        const program = standIn(7, run, capabilities);
        const made = await generateRun(program, { seed: 3, run, length: 150, window });
        expect(["agreed", "lost"], JSON.stringify(made.ending)).toContain(made.ending.kind);
        for (const { operation, answer } of made.told)
          if (answer?.type === "outcome") done.add(operation.kind);
      }
    expect([...done].sort()).toEqual([...capabilities.operations].sort());
  });
});

const caches: readonly Capabilities[] = (["keeping", "consuming"] as const).map((getForm) => ({
  ...everything,
  operations: ["put", "get", "invalidate-page", "invalidate-object", "invalidate-pool"],
  getForm,
}));

describe("neither is a cache alone that drops what it likes", () => {
  test.each(caches)("gets are $getForm", async (capabilities) => {
    let hits = 0;
    for (const window of [1, 16])
      for (let run = 0; run < runs; run++) {
        const cache = new CacheStandIn(new Draw(7, run), capabilities);
        const { ending, told } = await generateRun(cache, { seed: 3, run, length: 150, window });
        expect(ending).toEqual({ kind: "agreed" });
        for (const { answer } of told)
          if (answer?.type === "outcome" && answer.outcome.kind === "hit") hits += 1;
      }
    expect(hits).toBeGreaterThan(100);
  });
});

describe("whoever forgets is found out", () => {
  test("a tag of a page, of a slot, or the bytes of a file", async () => {
    const found = new Set<string>();
    for (let run = 0; run < runs; run++) {
      const program = standIn(7, run, everything);
      const ask = program.ask.bind(program);
      let asked = 0;
      program.ask = (operations) => {
        asked += operations.length;
        if (asked > 60)
          program.corrupt((memory) => ({
            ...memory,
            pages: memory.pages.map((page) => page && { ...page, tags: page.tags.map(() => 3) }),
            slots: memory.slots.map((slot) => slot && { ...slot, bytes: 4 }),
          }));
        return ask(operations);
      };
      const { ending } = await generateRun(program, { seed: 3, run, length: 150, window: 8 });
      if (ending.kind === "deviates" && ending.refusal.rule) found.add(ending.refusal.rule);
    }
    expect(found).toContain("a-tag-read-returns-the-last-write");
    expect(found).toContain("bytes-survive-swap");
  });
});

const right: readonly object[] = [
  { type: "ready", id: 1 },
  { type: "error", id: 9, error: "unknown", message: "timed out" },
  {
    type: "outcome",
    id: 2,
    outcome: { kind: "hit", bytes: 7 },
    notes: ["get(0, 1)"],
    stored: true,
  },
  {
    type: "outcome",
    id: 3,
    outcome: { kind: "pages", handles: [1, 2], seen: [{ tagged: true, tags: "0f" }, { bytes: 3 }] },
  },
  {
    type: "hello",
    protocol: "mte-oracle/adapter",
    version: 1,
    name: "toy",
    capabilities: { operations: everything.operations, sizes: everything.sizes },
  },
];

/** A line that was right, cut, doubled, with other characters in it, or with other values. */
const fuzzed: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(...right.map((reply) => JSON.stringify(reply))),
    fc.array(
      fc.tuple(fc.nat(400), fc.nat(12), fc.oneof(fc.string({ unit: "binary" }), fc.json())),
      { maxLength: 4 },
    ),
  )
  .map(([line, edits]) =>
    edits.reduce((text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut), line),
  );

test("10,000 replies, most of them wrong: each is taken or told in one line", () => {
  const kinds = new Map<string, number>();
  fc.assert(
    fc.property(fc.oneof({ weight: 4, arbitrary: fuzzed }, fc.json(), fc.string()), (line) => {
      const read = readReply(line);
      kinds.set(read.kind, (kinds.get(read.kind) ?? 0) + 1);
      if (read.kind === "wrong") {
        expect(`${read.field}: ${read.message}`).toMatch(
          /^[\s\S]+: expected [\s\S]+, found [\s\S]+$/,
        );
        expect(read.message.length).toBeLessThan(600);
      }
    }),
    { seed: 20_240_220, numRuns: 10_000 },
  );
  expect(kinds.get("reply")).toBeGreaterThan(100);
  expect(kinds.get("wrong")).toBeGreaterThan(5000);
});
