/**
 * What an observation leaves open: the outcomes of the contract that it may stand for, and the
 * decisions that may have been taken. Candidates only; the contract says which of them explain.
 */
import { match, P } from "ts-pattern";
import {
  type Bytes,
  type Choice,
  done,
  type Handle,
  noChoice,
  noMemory,
  type Operation,
  type Outcome,
  type Seen,
} from "../../model/index.ts";
import type { ObservedOutcome, ObservedSeen } from "../log/index.ts";
import { type Observed, strayPage, straySlot } from "./part.ts";
import type { Names, Piece } from "./piece.ts";
import { bytesOfFilePage, tagAt, tagNumbers } from "./values.ts";

/** How an operation can end, by kind: all that an outcome nobody saw can have been. */
const endings = (operation: Operation): readonly ObservedOutcome["kind"][] =>
  match(operation.kind)
    .returnType<readonly ObservedOutcome["kind"][]>()
    .with("allocate", () => ["pages", "no-memory"])
    .with("copy", "swap-in", "enable-tags", () => ["page", "no-memory"])
    .with("migrate", "copy-again", "restore-again", () => ["page"])
    .with("swap-out", () => ["swapped", "save-failed"])
    .with("read-tag", () => ["tag"])
    .with("read-bytes", "read-file", () => ["bytes"])
    .with("get", () => ["hit", "miss"])
    .with("free-slot", () => ["slot"])
    .with("write-back", () => ["done", "failed"])
    .with("free", "write-tag", "write-bytes", "share-slot", "swapoff", () => ["done"])
    .with("write-file", "direct-write", "truncate", "evict", "unlink", "create", () => ["done"])
    .with("unmount", "mount", "put", "drop", () => ["done"])
    .with("invalidate-page", "invalidate-object", "invalidate-pool", () => ["done"])
    .exhaustive();

const tagList = (tags: ObservedSeen["tags"]): readonly number[] | undefined =>
  typeof tags === "string" ? tagNumbers(tags) : tags;

const seenOf = ({ tagged, tags, bytes }: ObservedSeen): Seen => {
  const list = tagList(tags);
  return {
    ...(tagged === undefined ? {} : { tagged }),
    ...(list === undefined ? {} : { tags: list }),
    ...(bytes === undefined ? {} : { bytes }),
  };
};

type Allocate = Extract<Operation, { kind: "allocate" }>;

/**
 * How a fresh page may have looked. Bytes that nobody zeroed and nobody saw are anything: a
 * stand-in. Whether a page that may get its tags later has them already is open too.
 */
const freshLooks = (wish: Allocate, seen: ObservedSeen, standIn: Bytes): readonly Seen[] => {
  const look = seenOf(seen);
  const whole = look.bytes === undefined && !wish.zeroed ? { ...look, bytes: standIn } : look;
  const open = wish.tagged && look.tagged === undefined && look.tags === undefined;
  return open
    ? [
        { ...whole, tagged: true },
        { ...whole, tagged: false },
      ]
    : [whole];
};

const combinations = <T>(lists: readonly (readonly T[])[]): readonly (readonly T[])[] =>
  lists.reduce<readonly (readonly T[])[]>(
    (all, list) => all.flatMap((before) => list.map((item) => [...before, item])),
    [[]],
  );

const handleNamed = (operation: Operation): Handle =>
  match(operation)
    .with({ kind: P.union("migrate", "enable-tags", "restore-again") }, ({ handle }) => handle)
    .with({ kind: "copy-again" }, ({ to }) => to)
    .otherwise(() => strayPage);

const bytesToRead = (operation: Operation, { pages, keys }: Piece): readonly Bytes[] =>
  operation.kind === "read-bytes"
    ? pages.flatMap((page) => (page ? [page.bytes] : []))
    : [...new Set(keys.flatMap(bytesOfFilePage))];

/** The outcomes that one of a known kind may be; what was seen of it is kept. */
const completed = (
  operation: Operation,
  observed: ObservedOutcome,
  names: Names,
  piece: Piece,
  firstStandIn: Bytes,
): readonly Outcome[] =>
  match(observed)
    .returnType<readonly Outcome[]>()
    .with({ kind: P.union("done", "no-memory", "failed") }, (whole) => [whole])
    .with({ kind: "pages" }, ({ handles = [strayPage], seen = [] }) => {
      const looks = handles.map((_, position): readonly Seen[] =>
        operation.kind === "allocate"
          ? freshLooks(operation, seen[position] ?? {}, firstStandIn - position)
          : [seenOf(seen[position] ?? {})],
      );
      return combinations(looks).map((each) => ({ kind: "pages", handles, seen: each }));
    })
    .with({ kind: "page" }, ({ handle = handleNamed(operation), seen = {} }) => [
      { kind: "page", handle, seen: seenOf(seen) },
    ])
    .with({ kind: "tag" }, ({ tag }) => {
      if (tag !== undefined || operation.kind !== "read-tag")
        return [{ kind: "tag", tag: tag ?? 0 }];
      const tags = piece.pages[names.pages.indexOf(operation.handle)]?.tags ?? "";
      return [{ kind: "tag", tag: tagAt(tags, operation.granule) }];
    })
    .with({ kind: "bytes" }, ({ bytes }) =>
      (bytes === undefined ? bytesToRead(operation, piece) : [bytes]).map((each) => ({
        kind: "bytes",
        bytes: each,
      })),
    )
    .with({ kind: "swapped" }, ({ slots = [straySlot] }) => [{ kind: "swapped", slots }])
    .with({ kind: "save-failed" }, ({ entriesLeft = 0 }) => [{ kind: "save-failed", entriesLeft }])
    .with({ kind: "hit" }, ({ bytes }) =>
      (bytes === undefined ? bytesToRead(operation, piece) : [bytes]).map((each) => ({
        kind: "hit",
        bytes: each,
      })),
    )
    .with({ kind: "miss" }, ({ touched = false }) => [{ kind: "miss", touched }])
    .with({ kind: "slot" }, ({ freed }) =>
      (freed === undefined ? [true, false] : [freed]).map((each) => ({
        kind: "slot",
        freed: each,
      })),
    )
    .exhaustive();

const ofKind = (kind: ObservedOutcome["kind"]): ObservedOutcome =>
  kind === "done" ? done : kind === "no-memory" ? noMemory : { kind };

/** @param firstStandIn the next contents that stand for others nobody saw; later ones are smaller */
export const outcomesOf = (
  operation: Operation,
  observed: Observed,
  names: Names,
  piece: Piece,
  firstStandIn: Bytes,
): readonly Outcome[] =>
  (typeof observed === "object" ? [observed] : endings(operation).map(ofKind)).flatMap((one) =>
    completed(operation, one, names, piece, firstStandIn),
  );

const homes = ["taggable", "untaggable"] as const;

/** Decisions that nobody told. @param inFlight as the head of the log says */
export const choicesOf = (
  operation: Operation,
  outcome: Outcome,
  told: Choice | undefined,
  inFlight: number,
): readonly Choice[] => {
  if (told) return [told];
  if (outcome.kind === "no-memory") return [{ kind: "short", inFlight }];
  if (outcome.kind === "pages")
    return combinations(outcome.handles.map(() => homes)).map((all) => ({
      kind: "placed",
      homes: all,
    }));
  const moves = outcome.kind === "page" && /^(copy|swap-in|migrate)$/.test(operation.kind);
  if (moves) return homes.map((home) => ({ kind: "placed", homes: [home] }));
  if (operation.kind === "put") return [{ kind: "stored" }, { kind: "dropped" }];
  return [noChoice];
};
