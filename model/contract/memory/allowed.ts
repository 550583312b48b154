/**
 * The contract read the other way round: which decisions explain an outcome, and which outcomes
 * would have been allowed. Candidates are listed freely and `step` sieves them, so that no rule is
 * written down twice. For small scopes and for messages, not for hot paths.
 */
import { match, P } from "ts-pattern";
import { freeIndices, pageLooks, seenBytes } from "./candidates.ts";
import type { Contract } from "./judgement.ts";
import {
  type Choice,
  done,
  noChoice,
  noMemory,
  type Operation,
  type Outcome,
} from "./operations.ts";
import type { Home, Memory } from "./state.ts";
import { step } from "./step.ts";

export type Explained = { readonly choice: Choice; readonly outcome: Outcome };

const homes: readonly Home[] = ["taggable", "untaggable"];

/** Beyond this many pages only placements of all pages alike are listed; there are too many. */
const mostPagesPlacedFreely = 6;

const placements = (pages: number): readonly Choice[] => {
  const alike = homes.map((home) => Array.from({ length: pages }, () => home));
  const free = (left: number): readonly (readonly Home[])[] =>
    left === 0 ? [[]] : homes.flatMap((home) => free(left - 1).map((rest) => [home, ...rest]));
  const all = pages > mostPagesPlacedFreely ? alike : free(pages);
  return all.map((placed) => ({ kind: "placed", homes: placed }));
};

/** The decisions that an operation with this outcome leaves to somebody. */
const choicesOf = (contract: Contract, operation: Operation, outcome: Outcome): readonly Choice[] =>
  match([operation, outcome])
    .returnType<readonly Choice[]>()
    .with([{ kind: "allocate" }, { kind: "pages" }], ([, { handles }]) =>
      placements(handles.length),
    )
    .with([{ kind: P.union("copy", "swap-in", "migrate") }, { kind: "page" }], () => placements(1))
    .with([P._, { kind: "no-memory" }], () =>
      Array.from({ length: contract.limits.taggablePages + 1 }, (_, inFlight) => ({
        kind: "short",
        inFlight,
      })),
    )
    .with([{ kind: "put" }, P._], () => [{ kind: "stored" }, { kind: "dropped" }])
    .otherwise(() => [noChoice]);

/** Every choice under which the contract accepts this outcome; none: it is refused whatever. */
export const choicesThatExplain = (
  contract: Contract,
  memory: Memory,
  operation: Operation,
  outcome: Outcome,
): readonly Choice[] =>
  choicesOf(contract, operation, outcome).filter(
    (choice) => step(contract, memory, operation, choice, outcome).kind === "accepted",
  );

/** Outcomes worth asking about: new pages and slots have the smallest free number. */
const candidates = (
  { limits }: Contract,
  memory: Memory,
  operation: Operation,
): readonly Outcome[] => {
  const freeHandles = freeIndices(memory.pages);
  return match(operation)
    .returnType<readonly Outcome[]>()
    .with({ kind: "allocate" }, ({ order, tagged, zeroed }) => {
      const handles = freeHandles.slice(0, 2 ** order);
      const tags = Array.from({ length: limits.granulesPerPage }, () => 0);
      const looks = [{ tagged: true, tags }, { tagged: false }].filter(
        (look) => tagged || !look.tagged,
      );
      const given = looks.map((look): Outcome => {
        const seen = handles.map(() => (zeroed ? { ...look, bytes: 0 } : look));
        return { kind: "pages", handles, seen };
      });
      return [...given, noMemory];
    })
    .with({ kind: "migrate" }, ({ handle }) => pageLooks(limits, memory, handle, [handle]))
    .with({ kind: "enable-tags" }, ({ handle }) => [
      ...pageLooks(limits, memory, handle, [handle]),
      noMemory,
    ])
    .with({ kind: "read-tag" }, ({ handle }) =>
      [...new Set(memory.pages[handle]?.tags)].map((tag) => ({ kind: "tag", tag })),
    )
    .with({ kind: P.union("read-bytes", "read-file") }, () =>
      seenBytes(memory).map((bytes) => ({ kind: "bytes", bytes })),
    )
    .with({ kind: "copy" }, ({ from }) => [
      ...freeHandles.slice(0, 1).flatMap((handle) => pageLooks(limits, memory, handle, [from])),
      noMemory,
    ])
    .with({ kind: "copy-again" }, ({ from, to }) => pageLooks(limits, memory, to, [from, to]))
    .with({ kind: "swap-out" }, ({ handles }) => [
      { kind: "swapped", slots: freeIndices(memory.slots).slice(0, handles.length) },
      { kind: "save-failed", entriesLeft: 0 },
    ])
    .with({ kind: "swap-in" }, ({ slot }) => [
      ...freeHandles.slice(0, 1).flatMap((handle) => {
        const { tags = null, bytes = 0 } = memory.slots[slot] ?? {};
        const seen = { tagged: tags !== null, tags: tags ?? [], bytes };
        return [{ kind: "page", handle, seen } as const];
      }),
      noMemory,
    ])
    .with({ kind: "restore-again" }, ({ handle }) => pageLooks(limits, memory, handle, [handle]))
    .with({ kind: "free-slot" }, () => [
      { kind: "slot", freed: true },
      { kind: "slot", freed: false },
    ])
    .with({ kind: "write-back" }, () => [done, { kind: "failed" }])
    .with({ kind: "get" }, () => [
      ...seenBytes(memory).map((bytes): Outcome => ({ kind: "hit", bytes })),
      { kind: "miss", touched: false },
    ])
    .with({ kind: P.union("free", "write-tag", "write-bytes", "share-slot", "swapoff") }, () => [
      done,
    ])
    .with(
      { kind: P.union("write-file", "direct-write", "truncate", "evict", "unlink", "create") },
      () => [done],
    )
    .with({ kind: P.union("unmount", "mount", "put", "drop") }, () => [done])
    .with({ kind: P.union("invalidate-page", "invalidate-object", "invalidate-pool") }, () => [
      done,
    ])
    .exhaustive();
};

/**
 * What would have been allowed, always in the same order. Empty when the operation is ill-formed,
 * or when another has to come first (a page moves out of storage before it gets tags).
 */
export const allowedOutcomes = (
  contract: Contract,
  memory: Memory,
  operation: Operation,
): readonly Explained[] =>
  candidates(contract, memory, operation).flatMap((outcome) =>
    choicesThatExplain(contract, memory, operation, outcome).map((choice) => ({ choice, outcome })),
  );
