/**
 * What an operation of a process does to pages, in the words of the memory room: the trace that
 * `contract/memory` judges. It is read off two states, so that the room below can refuse what this
 * one did. Frames are handles there, and pages on swap are slots.
 */
import { match, P } from "ts-pattern";
import { granule, granulesPerPage, pageBytes } from "../architecture/pointer.ts";
import type * as memory from "../memory/index.ts";
import { pageOfId, zeroPage } from "./changes.ts";
import type { ProcessOperation } from "./operations.ts";
import type { Page, PageId, ProcessState } from "./state.ts";
import { entriesBetween, lookUp } from "./table.ts";

/** One step of the memory room. */
export type Caused = {
  readonly operation: memory.Operation;
  readonly choice: memory.Choice;
  readonly outcome: memory.Outcome;
};

/** Where the memory room finds a page: by handle in a frame, by slot on swap. */
export type Whereabouts = {
  readonly handles: ReadonlyMap<PageId, memory.Handle>;
  readonly slots: ReadonlyMap<PageId, memory.SlotIndex>;
};

export const nowhere: Whereabouts = { handles: new Map(), slots: new Map() };

/** Bytes of a page that an operation may have written, from `from` up to `to`. */
export type Written = { readonly id: PageId; readonly from: number; readonly to: number };

/** A page as the memory room sees it: some of its granules, and a number for its bytes. */
type Look = { readonly tagged: boolean; readonly tags: readonly number[]; readonly bytes: number };

/** Equal bytes have equal numbers, and zeroes have 0; different ones differ as good as always. */
const numberOf = (bytes: Uint8Array | null): number =>
  bytes?.reduce((sum, byte, at) => (byte === 0 ? sum : (sum * 31 + byte * 7 + at) % 2 ** 40), 0) ??
  0;

type Sample = readonly number[];

const lookOf = (page: Page, sample: Sample): Look => ({
  tagged: page.tagged,
  tags: page.tagged ? sample.map((at) => page.tags?.[at] ?? 0) : [],
  bytes: numberOf(page.bytes),
});

const spliced = (
  into: Uint8Array | null,
  from: Uint8Array | null,
  size: number,
  first: number,
  end: number,
): Uint8Array => {
  const row = into?.slice() ?? new Uint8Array(size);
  for (let at = first; at < end; at += 1) row[at] = from?.[at] ?? 0;
  return row;
};

/** The page as it was handed over: what the operation may have written is still the source's. */
const handedOver = (now: Page, source: Page, written: Written | undefined): Page => {
  if (!written) return now;
  const [first, end] = [Math.floor(written.from / granule), Math.ceil(written.to / granule)];
  return {
    ...now,
    bytes: spliced(now.bytes, source.bytes, pageBytes, written.from, written.to),
    tags: spliced(now.tags, source.tags, granulesPerPage, first, end),
  };
};

/** Every page that some process or file still knows. */
const reachable = (state: ProcessState): ReadonlySet<PageId> => {
  const tables = [
    ...[...state.processes.values()].map(({ pages }) => pages),
    ...entriesBetween(state.files, 0, state.next).map(([, { pages }]) => pages),
  ];
  const ids = tables.flatMap((table) => entriesBetween(table, 0, Number.MAX_SAFE_INTEGER));
  return new Set(ids.map(([, id]) => id).filter((id) => id !== zeroPage));
};

const none: memory.Choice = { kind: "none" };
const placed: memory.Choice = { kind: "placed", homes: ["taggable"] };
const done: memory.Outcome = { kind: "done" };

/** The smallest number that nothing has. */
const freeNumber = (used: Iterable<number>): number => {
  const taken = new Set(used);
  let number = 0;
  while (taken.has(number)) number += 1;
  return number;
};

type Between = {
  readonly before: ProcessState;
  readonly after: ProcessState;
  readonly operation: ProcessOperation;
  /** What the operation may have written; everything else has to be as it was. */
  readonly written: readonly Written[];
  /** Granules of each page that are looked at. */
  readonly sample: Sample;
};

const zeroed = (page: Page): Page => ({ ...page, bytes: null, tags: null });

/** Tags and bytes that were written after the page was handed over; then both are read again. */
const writes = (handle: number, from: Look, now: Look): readonly Caused[] => [
  ...now.tags.flatMap((tag, index): readonly Caused[] =>
    tag === from.tags[index]
      ? []
      : [
          {
            operation: { kind: "write-tag", handle, granule: index, tag },
            choice: none,
            outcome: done,
          },
        ],
  ),
  ...(now.bytes === from.bytes
    ? []
    : [
        {
          operation: { kind: "write-bytes", handle, bytes: now.bytes },
          choice: none,
          outcome: done,
        } as const,
      ]),
];

const reads = (handle: number, look: Look): readonly Caused[] => [
  ...look.tags.map(
    (tag, index): Caused => ({
      operation: { kind: "read-tag", handle, granule: index },
      choice: none,
      outcome: { kind: "tag", tag },
    }),
  ),
  {
    operation: { kind: "read-bytes", handle },
    choice: none,
    outcome: { kind: "bytes", bytes: look.bytes },
  },
];

/** How a page got into the frame that it lies in now; none: it lay there before. */
const arrival = (
  { before, operation, sample }: Between,
  where: Whereabouts,
  id: PageId,
  handle: number,
  given: Page,
): readonly Caused[] => {
  const was = lookUp(before.pages, id);
  const seen = lookOf(given, sample);
  const slot = where.slots.get(id);
  if (slot !== undefined)
    return [
      {
        operation: {
          kind: "swap-in",
          slot,
          path: operation.kind === "swapoff" ? "swapoff" : "fault",
          mapping: given.tagged ? "tagged" : "untagged",
        },
        choice: placed,
        // Whether it is flagged anew is said by the next step.
        outcome: { kind: "page", handle, seen: was?.tagged ? seen : { bytes: seen.bytes } },
      },
    ];
  if (where.handles.has(id))
    return was && was.place !== given.place
      ? [
          {
            operation: { kind: "migrate", handle },
            choice: placed,
            outcome: { kind: "page", handle, seen: was.tagged ? seen : { bytes: seen.bytes } },
          },
        ]
      : [];
  const source = given.copyOf === null ? undefined : where.handles.get(given.copyOf);
  if (source !== undefined && given.copyOf !== null) {
    const { tagged } = pageOfId(before, given.copyOf);
    return [
      {
        operation: { kind: "copy", from: source, owner: 0 },
        choice: placed,
        outcome: { kind: "page", handle, seen: tagged ? seen : { bytes: seen.bytes } },
      },
    ];
  }
  const { tagged } = given;
  return [
    {
      operation: {
        kind: "allocate",
        owner: 0,
        tagged,
        zeroed: true,
        context: "sleepable",
        order: 0,
      },
      choice: placed,
      outcome: { kind: "pages", handles: [handle], seen: [seen] },
    },
  ];
};

/** The page is flagged now and was not when it was handed over. */
const flagging = (handle: number, was: Page | undefined, look: Look): readonly Caused[] =>
  was && !was.tagged && look.tagged
    ? [
        {
          operation: { kind: "enable-tags", handle },
          choice: none,
          outcome: { kind: "page", handle, seen: look },
        },
      ]
    : [];

type So = { readonly trace: readonly Caused[]; readonly where: Whereabouts };

const placedAt = (so: So, id: PageId): readonly [number, Whereabouts] => {
  const known = so.where.handles.get(id);
  if (known !== undefined) return [known, so.where];
  const handle = freeNumber(so.where.handles.values());
  const slots = new Map([...so.where.slots].filter(([other]) => other !== id));
  return [handle, { handles: new Map([...so.where.handles, [id, handle]]), slots }];
};

/** What happened to one page that lies in a frame now. */
const settled = (between: Between, so: So, id: PageId): So => {
  const { before, after, written, sample } = between;
  const now = pageOfId(after, id);
  const was = lookUp(before.pages, id);
  const origin = now.copyOf !== null && !was ? lookUp(before.pages, now.copyOf) : was;
  const source = origin ?? zeroed(now);
  const given = handedOver(
    now,
    source,
    written.find((each) => each.id === id),
  );
  const [handle, where] = placedAt(so, id);
  const [look, first] = [lookOf(now, sample), lookOf(given, sample)];
  const trace = [
    ...arrival(between, so.where, id, handle, given),
    ...flagging(handle, origin, first),
    ...writes(handle, written.some((each) => each.id === id) ? first : look, look),
    ...reads(handle, look),
  ];
  return { trace: [...so.trace, ...trace], where };
};

/** A page that lies on swap now and did not before. */
const swappedOut = (so: So, id: PageId): So => {
  const handle = so.where.handles.get(id);
  if (handle === undefined) return so;
  const slot = freeNumber(so.where.slots.values());
  const handles = new Map([...so.where.handles].filter(([other]) => other !== id));
  const caused: Caused = {
    operation: { kind: "swap-out", handles: [handle] },
    choice: none,
    outcome: { kind: "swapped", slots: [slot] },
  };
  return {
    trace: [...so.trace, caused],
    where: { handles, slots: new Map([...so.where.slots, [id, slot]]) },
  };
};

/** A page that nobody knows any more. */
const given = (so: So, id: PageId): So => {
  const [handle, slot] = [so.where.handles.get(id), so.where.slots.get(id)];
  const rest = <N>(from: ReadonlyMap<PageId, N>) =>
    new Map([...from].filter(([other]) => other !== id));
  const where = { handles: rest(so.where.handles), slots: rest(so.where.slots) };
  const caused: readonly Caused[] =
    handle !== undefined
      ? [{ operation: { kind: "free", handle }, choice: none, outcome: done }]
      : slot !== undefined
        ? [
            {
              operation: { kind: "free-slot", slot },
              choice: none,
              outcome: { kind: "slot", freed: true },
            },
          ]
        : [];
  return { trace: [...so.trace, ...caused], where };
};

const swapoffEnd: Caused = { operation: { kind: "swapoff" }, choice: none, outcome: done };

/** The steps of the memory room, and where it finds the pages afterwards. */
export const causedBy = (between: Between, where: Whereabouts): So => {
  const { before, after, operation } = between;
  const [known, alive] = [reachable(before), reachable(after)];
  // A page may be brought back from swap, copied, and be nobody's afterwards.
  const changed = [...new Set([...known, ...alive])].filter(
    (id) => !known.has(id) || lookUp(before.pages, id) !== lookUp(after.pages, id),
  );
  const isOut = (id: PageId) => pageOfId(after, id).swapped;
  const start: So = { trace: [], where };
  // A copy is made of a page that is in a frame by then, so pages that were there come first.
  const inFrames = changed.filter((id) => !isOut(id)).toSorted((a, b) => a - b);
  const settle = (so: So, id: PageId) => settled(between, so, id);
  const moved = inFrames.reduce(settle, start);
  const out = changed.filter(isOut).reduce(swappedOut, moved);
  const gone = [...known].filter((id) => !alive.has(id)).reduce(given, out);
  return match(operation)
    .with({ kind: P.union("swapoff") }, () => ({
      trace: [...gone.trace, swapoffEnd],
      where: gone.where,
    }))
    .otherwise(() => gone);
};
