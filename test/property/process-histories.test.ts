/**
 * Random histories of processes: what they do to pages is accepted by the memory room, and the
 * suite has been where it should be.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Tag } from "../../model/contract/architecture/index.ts";
import {
  boot,
  type Contract,
  describeOperation,
  type Memory,
  step as stepMemory,
} from "../../model/contract/memory/index.ts";
import { areaAt } from "../../model/contract/process/areas.ts";
import {
  type Caused,
  causedBy,
  nowhere,
  type Whereabouts,
  type Written,
} from "../../model/contract/process/causes.ts";
import {
  begin,
  defaultConfiguration,
  type ProcessOperation,
  type ProcessState,
  step,
  tagControl,
} from "../../model/contract/process/index.ts";
import type { Page } from "../../model/contract/process/state.ts";
import { enter, entriesBetween, lookUp } from "../../model/contract/process/table.ts";

const page = 4096;
/** Where the regions of a history lie: two pages each, far enough apart. */
const regionAt = (region: number): number => 0x2000_0000 + region * 0x10_0000;
const regions = 3;
/** The granules that are looked at and written to. */
const sample = [0, 1, 100, 255];

const limits = {
  granulesPerPage: sample.length,
  handles: 120,
  taggablePages: 120,
  slots: 120,
  files: 0,
  pagesPerFile: 0,
  getForm: "keeping",
} as const;
const contract: Contract = { limits, off: new Set() };

type Wish = {
  readonly kind:
    | "map"
    | "unmap"
    | "protect"
    | "tag"
    | "byte"
    | "read"
    | "fork"
    | "pageout"
    | "swapoff"
    | "swapon"
    | "migrate"
    | "merge"
    | "mergeable"
    | "discard"
    | "free"
    | "move"
    | "peektags"
    | "poketags";
  readonly region: number;
  readonly second: boolean;
  readonly granule: number;
  readonly tag: Tag;
  readonly actor: number;
  readonly shared: boolean;
  readonly tagged: boolean;
};

const often = (weight: number, kind: Wish["kind"]) => ({ weight, arbitrary: fc.constant(kind) });

const wishes: fc.Arbitrary<Wish> = fc.record({
  kind: fc.oneof(
    often(2, "map"),
    often(1, "unmap"),
    often(3, "protect"),
    often(8, "tag"),
    often(8, "byte"),
    often(4, "read"),
    often(2, "fork"),
    often(6, "pageout"),
    often(1, "swapoff"),
    often(1, "swapon"),
    often(2, "migrate"),
    often(1, "merge"),
    often(2, "mergeable"),
    often(1, "discard"),
    often(1, "free"),
    often(1, "move"),
    often(1, "peektags"),
    often(2, "poketags"),
  ),
  region: fc.nat(regions - 1),
  second: fc.boolean(),
  granule: fc.constantFrom(...sample),
  tag: fc.nat(15),
  actor: fc.nat(2),
  shared: fc.boolean(),
  tagged: fc.boolean(),
});

const actors = ["p", "c", "d"] as const;

/** The operation that a wish stands for. A thread that is not there yet is made by a fork. */
const operationOf = (state: ProcessState, wish: Wish, index: number): ProcessOperation => {
  const name = actors[wish.actor] ?? "p";
  const by = state.threads.has(name) ? name : "p";
  const start = regionAt(wish.region);
  const address = BigInt(start + (wish.second ? page : 0));
  const at = address + BigInt(wish.granule * 16);
  const whole = { by, address: BigInt(start), length: 2 * page };
  const advise = (advice: "mergeable" | "dontneed" | "free") =>
    ({ kind: "madvise", by, address, length: page, advice }) as const;
  const protection = { read: true, write: true, execute: false, tagged: wish.tagged };
  switch (wish.kind) {
    case "map":
      return {
        ...whole,
        kind: "mmap",
        protection,
        flags: [wish.shared ? "shared" : "private", "anon", "fixed"],
        file: null,
        offset: 0,
        align: page,
      };
    case "unmap":
      return { ...whole, kind: "munmap" };
    case "protect":
      return { kind: "mprotect", by, address, length: page, protection };
    case "tag":
      return { kind: "set-tags", by, address: at, length: 16, tag: wish.tag, increment: 0 };
    case "byte":
      return { kind: "poke", by, address: at, bytes: Uint8Array.of(wish.tag) };
    case "read":
      return { kind: "peek", by, address: at, length: 1 };
    case "fork":
      return { kind: "fork", by: "p", as: actors[1 + (index % 2)] ?? "c" };
    case "swapoff":
    case "swapon":
      return { kind: wish.kind, by };
    case "pageout":
      return { ...whole, kind: "pageout" };
    case "migrate":
      return { kind: "migrate", by, address };
    case "merge":
      return { kind: "ksm", by, a: address, b: BigInt(start), zero: wish.tagged };
    case "mergeable":
      return advise("mergeable");
    case "discard":
      return advise("dontneed");
    case "free":
      return advise("free");
    case "move":
      return {
        kind: "mremap",
        by,
        address,
        oldLength: page,
        newLength: page,
        flags: ["maymove", "fixed"],
        to: BigInt(regionAt((wish.region + 1) % regions)),
        force: false,
      };
    case "peektags":
      return { kind: "peektags", by: "p", of: "c", address: at, granules: 1 };
    case "poketags":
      return { kind: "poketags", by: "p", of: "c", address: at, tags: [wish.tag] };
  }
};

/** The bytes that the operation may have written, by page; nothing else may have changed. */
const writtenBy = (operation: ProcessOperation, after: ProcessState): readonly Written[] => {
  const name = operation.kind === "poketags" ? operation.of : operation.by;
  const writes = ["set-tags", "poke", "poketags"].includes(operation.kind);
  if (!writes || !("address" in operation) || operation.address === null) return [];
  const address = Number(operation.address);
  const number = Math.floor(address / page);
  const process = after.processes.get(after.threads.get(name)?.process ?? "");
  if (!process) return [];
  const area = areaAt(process, number);
  const file = area?.backing && lookUp(after.files, area.backing.file);
  const index = area?.backing ? area.backing.first + number - area.start : 0;
  const id = lookUp(process.pages, number) ?? (file ? lookUp(file.pages, index) : undefined);
  const from = address % page;
  const size = operation.kind === "poke" ? 1 : 16;
  return id === undefined ? [] : [{ id, from, to: from + size }];
};

const judged = (memory: Memory, { operation, choice, outcome }: Caused): Memory => {
  const judgement = stepMemory(contract, memory, operation, choice, outcome);
  if (judgement.kind === "accepted") return judgement.memory;
  const why =
    judgement.kind === "refused" ? `${judgement.rule}: ${judgement.cause}` : judgement.why;
  throw new Error(`somebody ${describeOperation(operation)}: ${why}`);
};

/** A process in synchronous mode with one region of each kind. */
const start = (): ProcessState => {
  const control = tagControl({ enable: true, mode: "sync", include: 0xffff, storeOnly: false });
  const base = { region: 0, second: false, granule: 0, tag: 0, actor: 0 } as const;
  const operations: readonly ((state: ProcessState) => ProcessOperation)[] = [
    () => ({ by: "p", kind: "prctl", control, rest: [0n, 0n, 0n] }),
    ...[
      { region: 0, tagged: true, shared: false },
      { region: 1, tagged: false, shared: false },
      { region: 2, tagged: true, shared: true },
    ].map(
      (kind) => (state: ProcessState) => operationOf(state, { ...base, kind: "map", ...kind }, 0),
    ),
  ];
  return operations.reduce(
    (state, operation) => step(state, operation(state))[0]?.state ?? state,
    begin(defaultConfiguration),
  );
};

/** Runs a history in both rooms; `tamper` may spoil a state before the memory room sees it. */
const walked = (
  history: readonly Wish[],
  seen: (caused: Caused) => void,
  tamper: (before: ProcessState, after: ProcessState) => ProcessState = (_, after) => after,
): void => {
  let state = start();
  let memory = boot(limits);
  let where: Whereabouts = nowhere;
  for (const [index, wish] of history.entries()) {
    const operation = operationOf(state, wish, index);
    const allowed = step(state, operation);
    const chosen = allowed[index % allowed.length];
    if (!chosen) throw new Error("nothing may happen");
    const after = tamper(state, chosen.state);
    const written = writtenBy(operation, after);
    const caused = causedBy({ before: state, after, operation, written, sample }, where);
    for (const each of caused.trace) {
      seen(each);
      memory = judged(memory, each);
    }
    ({ where } = caused);
    state = after;
  }
};

const histories = fc.array(wishes, { minLength: 30, maxLength: 60, size: "max" });
const parameters = { seed: 20261122, numRuns: 250 };

/** How often each step of the memory room has to come about in the whole suite. */
const demands = {
  allocate: 500,
  free: 100,
  migrate: 20,
  "enable-tags": 20,
  "write-tag": 300,
  "read-tag": 2000,
  "write-bytes": 300,
  copy: 50,
  "swap-out": 300,
  "swap-in": 200,
  "free-slot": 30,
  swapoff: 30,
} as const;

test("what processes do to pages is accepted by the memory room", () => {
  const reached = new Map<string, number>();
  fc.assert(
    fc.property(histories, (history) => {
      walked(history, ({ operation: { kind } }) => {
        reached.set(kind, (reached.get(kind) ?? 0) + 1);
      });
    }),
    parameters,
  );
  const missed = Object.entries(demands).filter(
    ([kind, least]) => (reached.get(kind) ?? 0) < least,
  );
  expect(missed.map(([kind, least]) => `${kind}: ${reached.get(kind) ?? 0} of ${least}`)).toEqual(
    [],
  );
});

/** The rule that refuses the first history that goes wrong; none when all are accepted. */
const refusalOf = (
  tamper: (before: ProcessState, after: ProcessState) => ProcessState,
): string | null => {
  const result = fc.check(
    fc.property(histories, (history) => walked(history, () => {}, tamper)),
    { ...parameters, endOnFailure: true },
  );
  const error = result.errorInstance;
  return error instanceof Error ? error.message : null;
};

/** Every page that came out of `before` in a certain way is changed before it is looked at. */
const spoiling =
  (when: (was: Page | undefined, now: Page) => boolean, change: Partial<Page>) =>
  (before: ProcessState, after: ProcessState): ProcessState => {
    const pages = entriesBetween(after.pages, 1, after.next)
      .filter(([id, now]) => when(lookUp(before.pages, id), now))
      .reduce((so, [id, now]) => enter(so, id, { ...now, ...change }), after.pages);
    return { ...after, pages };
  };

const cameBack = (was: Page | undefined, now: Page): boolean =>
  was?.swapped === true && !now.swapped && was.tagged;
const wasCopied = (was: Page | undefined, now: Page): boolean =>
  was === undefined && now.copyOf !== null && now.tagged;

const otherTags = new Uint8Array(256).fill(7);
const otherBytes = new Uint8Array(page).fill(7);

test.each([
  ["swap loses tags", spoiling(cameBack, { tags: otherTags }), "tags-survive-swap"],
  [
    "swap loses the flag",
    spoiling(cameBack, { tagged: false }),
    "tags-come-back-whatever-the-mapping",
  ],
  ["swap loses bytes", spoiling(cameBack, { bytes: otherBytes }), "bytes-survive-swap"],
  ["a copy loses tags", spoiling(wasCopied, { tags: otherTags }), "a-copy-carries-the-tags"],
  ["a copy loses bytes", spoiling(wasCopied, { bytes: otherBytes }), "a-copy-carries-the-bytes"],
  [
    "fresh tags are not 0",
    spoiling((was, now) => !was && now.copyOf === null && now.tagged, { tags: otherTags }),
    "fresh-tags-are-zero",
  ],
  [
    "enabled tags are not 0",
    spoiling((was, now) => was?.tagged === false && now.tagged, { tags: otherTags }),
    "enabled-tags-are-zero",
  ],
  [
    "a migration loses tags",
    spoiling(
      (was, now) => was?.tagged === true && !was.swapped && !now.swapped && was.place !== now.place,
      { tags: otherTags },
    ),
    "migration-keeps-tags",
  ],
] as const)("%s: refused", (_, tamper, rule) => {
  expect(refusalOf(tamper)).toContain(rule);
});
