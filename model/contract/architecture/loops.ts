/**
 * The loops of byte accesses that programs are made of. What each does is said access by access;
 * it is worked out a stretch at a time, a stretch being what lies in one page.
 */
import { match } from "ts-pattern";
import { mismatches, responseTo, tagAt } from "./checks.ts";
import type { Cpu, Response } from "./cpu.ts";
import { type Before, done, type Executed, executed, faultAt, ruleFor } from "./executed.ts";
import { type Draft, draftOf, type MappedPage } from "./memory.ts";
import type { LoopOperation, Pointer } from "./operations.ts";
import type { CpuFault } from "./outcome.ts";
import {
  addressOf,
  alignDown,
  granule,
  offsetInPage,
  pageBytes,
  pageOf,
  tagOf,
  topByteOf,
} from "./pointer.ts";

type Of<Kind extends LoopOperation["kind"]> = Extract<LoopOperation, { kind: Kind }>;

/** From `first` up to `end`, all in one page. */
type Stretch = { readonly first: number; readonly end: number };

const stretchesOf = (first: number, length: number): readonly Stretch[] => {
  const stretches: Stretch[] = [];
  for (let at = first; at < first + length; at = alignDown(at, pageBytes) + pageBytes)
    stretches.push({
      first: at,
      end: Math.min(first + length, alignDown(at, pageBytes) + pageBytes),
    });
  return stretches;
};

type Access = { readonly pointer: Pointer; readonly direction: "load" | "store" };

const obstacle = (
  page: MappedPage | undefined,
  at: number,
  { pointer, direction }: Access,
): CpuFault | null => {
  const [top, write] = [topByteOf(pointer), direction === "store"];
  if (!page) return faultAt("translation", at, top, write);
  const permitted = write ? page.writable : page.readable;
  return permitted ? null : faultAt("permission", at, top, write);
};

/** The byte at which a checked walk over a stretch first meets a granule of another tag. */
const firstMismatch = (
  page: MappedPage,
  logical: number,
  { first, end }: Stretch,
  direction: "up" | "down",
): number | null => {
  if (!page.tagged) return null;
  if (direction === "up") {
    for (let at = first; at < end; at = alignDown(at, granule) + granule)
      if (mismatches(page, logical, at)) return at;
    return null;
  }
  for (let at = end - 1; at >= first; at = alignDown(at, granule) - 1)
    if (mismatches(page, logical, at)) return at;
  return null;
};

type Walk = {
  readonly count: number;
  readonly fault: CpuFault | null;
  readonly recorded: boolean;
};

/** Walks over the stretches, one byte access after the other, until one faults. */
const walk = (
  cpu: Cpu,
  draft: Draft,
  access: Access,
  stretches: readonly Stretch[],
  direction: "up" | "down",
  touch: (stretch: Stretch) => void,
): Walk => {
  const response: Response = responseTo(cpu, access.direction);
  const logical = tagOf(access.pointer);
  let count = 0;
  let recorded = false;
  for (const stretch of stretches) {
    const { first, end } = stretch;
    const page = draft.page(pageOf(first));
    const start = direction === "up" ? first : end - 1;
    const fault = obstacle(page, start, access);
    if (!page || fault) return { count, fault, recorded };
    const differs = response === "ignore" ? null : firstMismatch(page, logical, stretch, direction);
    if (differs !== null && response === "sync") {
      const before = direction === "up" ? { first, end: differs } : { first: differs + 1, end };
      touch(before);
      const write = access.direction === "store";
      return {
        count: count + before.end - before.first,
        fault: faultAt("tag-check", differs, topByteOf(access.pointer), write),
        recorded,
      };
    }
    recorded ||= differs !== null;
    touch(stretch);
    count += end - first;
  }
  return { count, fault: null, recorded };
};

const finish = (before: Before, draft: Draft, walked: Walk): readonly Executed[] => {
  const { count, fault, recorded } = walked;
  const cpu = recorded ? { ...before.cpu, recorded } : before.cpu;
  const rule = recorded ? "async-accesses-and-records" : "matching-tags-access";
  return executed(
    { cpu, memory: draft.memory() },
    { kind: "count", count, fault },
    fault ? ruleFor(fault) : rule,
  );
};

const fill = (before: Before, asked: Of<"fill">): readonly Executed[] => {
  const { address: pointer, length, byte, direction } = asked;
  const lowest = addressOf(pointer) - (direction === "down" ? length - 1 : 0);
  const upwards = stretchesOf(lowest, length);
  const draft = draftOf(before.memory);
  const stretches = direction === "up" ? upwards : upwards.toReversed();
  const access = { pointer, direction: "store" } as const;
  const walked = walk(before.cpu, draft, access, stretches, direction, ({ first, end }) => {
    if (end > first)
      draft.bytes(pageOf(first)).fill(byte, offsetInPage(first), offsetInPage(end - 1) + 1);
  });
  return finish(before, draft, walked);
};

const scan = (before: Before, { address: pointer, length }: Of<"scan">): readonly Executed[] => {
  const draft = draftOf(before.memory);
  const access = { pointer, direction: "load" } as const;
  const stretches = stretchesOf(addressOf(pointer), length);
  return finish(
    before,
    draft,
    walk(before.cpu, draft, access, stretches, "up", () => {}),
  );
};

/** Load, store, load, store: stretches are cut so that neither side leaves its granule. */
const copy = (before: Before, { to, from, length }: Of<"copy">): readonly Executed[] => {
  const draft = draftOf(before.memory);
  const [source, target] = [addressOf(from), addressOf(to)];
  const left = (address: number) => granule - (address % granule);
  let recorded = false;
  let at = 0;
  while (at < length) {
    const size = Math.min(length - at, left(source + at), left(target + at));
    for (const [pointer, place, direction] of [
      [from, source + at, "load"],
      [to, target + at, "store"],
    ] as const) {
      // Only the first byte of a piece can fault: the rest is in the same granule.
      const one = [{ first: place, end: place + 1 }];
      const step = walk(before.cpu, draft, { pointer, direction }, one, "up", () => {});
      recorded ||= step.recorded;
      if (step.fault) return finish(before, draft, { count: at, fault: step.fault, recorded });
    }
    const bytes = draft.bytes(pageOf(target + at));
    for (let byte = at; byte < at + size; byte += 1) {
      const read = draft.page(pageOf(source + byte))?.bytes?.[offsetInPage(source + byte)];
      bytes[offsetInPage(target + byte)] = read ?? 0;
    }
    at += size;
  }
  return finish(before, draft, { count: length, fault: null, recorded });
};

const tags = 16;

const setTags = (before: Before, asked: Of<"set-tags">): readonly Executed[] => {
  const { address: pointer, length, tag, increment } = asked;
  const { cpu } = before;
  const [address, top] = [addressOf(pointer), topByteOf(pointer)];
  const draft = draftOf(before.memory);
  const end = (fault: CpuFault) =>
    executed({ cpu, memory: draft.memory() }, { kind: "fault", fault }, ruleFor(fault));
  if (length > 0 && address % granule !== 0) return end(faultAt("alignment", address, top, true));
  const rounded = Math.ceil(length / granule) * granule;
  for (const stretch of stretchesOf(address, rounded)) {
    const page = draft.page(pageOf(stretch.first));
    const fault = obstacle(page, stretch.first, { pointer, direction: "store" });
    if (fault) return end(fault);
    if (!cpu.tagAccess || !page?.tagged) continue;
    const row = draft.tags(pageOf(stretch.first));
    for (let at = stretch.first; at < stretch.end; at += granule) {
      const step = (at - address) / granule;
      row[offsetInPage(at) / granule] = (tag + step * increment) % tags;
    }
  }
  return executed({ cpu, memory: draft.memory() }, done, "stg-tags-unchecked");
};

const readTags = (before: Before, asked: Of<"read-tags">): readonly Executed[] => {
  const { address: pointer, granules } = asked;
  const first = alignDown(addressOf(pointer), granule);
  const found = new Uint8Array(granules);
  for (let at = 0; at < granules; at += 1) {
    const address = first + at * granule;
    const page = before.memory.get(pageOf(address));
    const asAsked = addressOf(pointer) + at * granule;
    const fault = obstacle(page, asAsked, { pointer, direction: "load" });
    if (!page || fault)
      return fault
        ? executed(before, { kind: "fault", fault }, ruleFor(fault))
        : executed(before, done, "ldg-reads-the-granule");
    found[at] = tagAt(before.cpu, page, address);
  }
  return executed(before, { kind: "tags", tags: found }, "ldg-reads-the-granule");
};

/** Data with PSTATE.TCO set for as long as it takes. */
const unchecked = (
  before: Before,
  access: Access,
  length: number,
  touch: (draft: Draft, stretch: Stretch) => void,
): { readonly draft: Draft; readonly fault: CpuFault | null } => {
  const draft = draftOf(before.memory);
  const cpu: Cpu = { ...before.cpu, override: 1 };
  const stretches = stretchesOf(addressOf(access.pointer), length);
  const { fault } = walk(cpu, draft, access, stretches, "up", (stretch) => touch(draft, stretch));
  return { draft, fault };
};

const peek = (before: Before, { address: pointer, length }: Of<"peek">): readonly Executed[] => {
  const bytes = new Uint8Array(length);
  const start = addressOf(pointer);
  const access = { pointer, direction: "load" } as const;
  const { fault } = unchecked(before, access, length, (draft, { first, end }) => {
    const row = draft.page(pageOf(first))?.bytes;
    if (row) bytes.set(row.subarray(offsetInPage(first), offsetInPage(end - 1) + 1), first - start);
  });
  return fault
    ? executed(before, { kind: "fault", fault }, ruleFor(fault))
    : executed(before, { kind: "bytes", bytes }, "override-stops-checks");
};

const poke = (before: Before, { address: pointer, bytes }: Of<"poke">): readonly Executed[] => {
  const start = addressOf(pointer);
  const access = { pointer, direction: "store" } as const;
  const { draft, fault } = unchecked(before, access, bytes.length, (opened, { first, end }) => {
    const part = bytes.subarray(first - start, end - start);
    opened.bytes(pageOf(first)).set(part, offsetInPage(first));
  });
  const after = { cpu: before.cpu, memory: draft.memory() };
  return fault
    ? executed(after, { kind: "fault", fault }, ruleFor(fault))
    : executed(after, done, "override-stops-checks");
};

export const executeLoop = (before: Before, asked: LoopOperation): readonly Executed[] =>
  match(asked)
    .with({ kind: "fill" }, (operation) => fill(before, operation))
    .with({ kind: "scan" }, (operation) => scan(before, operation))
    .with({ kind: "copy" }, (operation) => copy(before, operation))
    .with({ kind: "set-tags" }, (operation) => setTags(before, operation))
    .with({ kind: "read-tags" }, (operation) => readTags(before, operation))
    .with({ kind: "peek" }, (operation) => peek(before, operation))
    .with({ kind: "poke" }, (operation) => poke(before, operation))
    .exhaustive();
