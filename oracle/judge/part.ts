/**
 * An event taken apart into *parts* that touch different things: a folio page by page. Each part
 * is judged on its footprint, the few things that it names.
 */
import { match, P } from "ts-pattern";
import type { Choice, Handle, Operation } from "../../model/index.ts";
import type { LogEvent, ObservedOutcome } from "../log/index.ts";
import { joinNames, type Names, noNames } from "./piece.ts";

/** Numbers no log can have: a page or a slot that somebody got without anybody seeing which. */
export const strayPage = 2 ** 32;
export const straySlot = 2 ** 32;

/** Left out: it ended somehow. `unknown`: or it did not happen. */
export type Observed = ObservedOutcome | "unknown" | undefined;

export type Part = {
  readonly operation: Operation;
  readonly choice: Choice | undefined;
  readonly observed: Observed;
  readonly names: Names;
};

const homeOf = (choice: Choice | undefined, position: number): Choice | undefined => {
  if (choice?.kind !== "placed") return choice;
  const home = choice.homes[position];
  return { kind: "placed", homes: home === undefined ? [] : [home] };
};

const handleIn = (observed: Observed): Handle =>
  typeof observed === "object" && observed.kind === "page" && observed.handle !== undefined
    ? observed.handle
    : strayPage;

const mayMakeAPage = (observed: Observed): boolean =>
  observed === undefined || observed === "unknown" || observed.kind === "page";

/** A page that comes about, if one can have. */
const newPage = (observed: Observed): readonly Handle[] =>
  mayMakeAPage(observed) ? [handleIn(observed)] : [];

/** What an operation on a few things names, an order-0 allocation and single pages aside. */
const namesOf = (operation: Operation, observed: Observed): Names =>
  match(operation)
    .returnType<Names>()
    .with(
      {
        kind: P.union(
          "free",
          "migrate",
          "enable-tags",
          "write-tag",
          "read-tag",
          "write-bytes",
          "read-bytes",
        ),
      },
      ({ handle }) => ({ ...noNames, pages: [handle] }),
    )
    .with({ kind: "copy" }, ({ from }) => ({
      ...noNames,
      pages: [...new Set([from, ...newPage(observed)])],
    }))
    .with({ kind: "copy-again" }, ({ from, to }) => ({
      ...noNames,
      pages: [...new Set([from, to])],
    }))
    .with({ kind: "swap-in" }, ({ slot }) => ({
      ...noNames,
      slots: [slot],
      pages: newPage(observed),
    }))
    .with({ kind: "restore-again" }, ({ slot, handle }) => ({
      ...noNames,
      slots: [slot],
      pages: [handle],
    }))
    .with({ kind: P.union("share-slot", "free-slot") }, ({ slot }) => ({
      ...noNames,
      slots: [slot],
    }))
    .with(
      {
        kind: P.union(
          "read-file",
          "write-file",
          "write-back",
          "direct-write",
          "truncate",
          "evict",
          "put",
          "get",
          "invalidate-page",
          "drop",
        ),
      },
      ({ file, index }) => ({
        ...noNames,
        keys: [{ file, index }],
        files: [file],
        mount: ["mounted"],
      }),
    )
    .with({ kind: "create" }, ({ file }) => ({ ...noNames, files: [file], mount: ["mounted"] }))
    .with({ kind: "mount" }, () => ({ ...noNames, mount: ["mounted"] }))
    .with({ kind: P.union("allocate", "swap-out") }, () => noNames)
    .with(
      { kind: P.union("swapoff", "unlink", "unmount", "invalidate-object", "invalidate-pool") },
      () => noNames,
    )
    .exhaustive();

type AllocateOperation = Extract<Operation, { kind: "allocate" }>;

const allocationParts = (operation: AllocateOperation, event: LogEvent): readonly Part[] => {
  const { choice, outcome } = event;
  if (typeof outcome === "object" && outcome.kind !== "pages")
    return [{ operation, choice, observed: outcome, names: noNames }];
  const single = { ...operation, order: 0 };
  const shown = typeof outcome === "object" ? outcome : null;
  const handles = shown?.handles;
  const count = handles?.length ?? 2 ** operation.order;
  return Array.from({ length: count }, (_, position): Part => {
    const handle = handles?.[position] ?? strayPage;
    const seen = shown?.seen?.[position] ?? {};
    const observed: Observed = shown
      ? { kind: "pages", handles: [handle], seen: [seen] }
      : typeof outcome === "string"
        ? "unknown"
        : undefined;
    const names = { ...noNames, pages: [handle] };
    return { operation: single, choice: homeOf(choice, position), observed, names };
  });
};

type SwapOutOperation = Extract<Operation, { kind: "swap-out" }>;

const swapOutParts = (operation: SwapOutOperation, event: LogEvent): readonly Part[] => {
  const { choice, outcome } = event;
  return operation.handles.map((handle, position): Part => {
    const one: Operation = { kind: "swap-out", handles: [handle] };
    const page = { ...noNames, pages: [handle] };
    if (typeof outcome === "object" && outcome.kind !== "swapped")
      return { operation: one, choice, observed: outcome, names: page };
    const shown = typeof outcome === "object" ? outcome.slots?.[position] : undefined;
    const slot = shown ?? straySlot;
    const observed: Observed =
      typeof outcome === "object" ? { kind: "swapped", slots: [slot] } : outcome;
    return { operation: one, choice, observed, names: { ...page, slots: [slot] } };
  });
};

/** The parts of an event whose footprint is the things it names. */
export const partsOf = (event: LogEvent): readonly Part[] => {
  const { operation, choice, outcome } = event;
  if (operation.kind === "allocate") return allocationParts(operation, event);
  if (operation.kind === "swap-out") return swapOutParts(operation, event);
  return [{ operation, choice, observed: outcome, names: namesOf(operation, outcome) }];
};

/** Pages of one event that are judged together, so that the contract sees them as they were asked. */
const mostTogether = 4;

/**
 * All parts as one, unless too much of them is open: then they are judged one by one, which comes
 * to the same but for the order of the complaints, and for how many pages an allocation is.
 */
export const wholeOf = (event: LogEvent, parts: readonly Part[]): Part | null => {
  const { operation, choice, outcome } = event;
  if (parts.length === 1 && operation.kind !== "allocate") return null;
  const complete = choice !== undefined && typeof outcome === "object";
  if (!complete && parts.length > mostTogether) return null;
  const names = parts.map((part) => part.names).reduce(joinNames, noNames);
  const strays = names.pages.includes(strayPage) || names.slots.includes(straySlot);
  if (strays && parts.length > 1) return null;
  const distinct: Names = {
    ...names,
    pages: [...new Set(names.pages)],
    slots: [...new Set(names.slots)],
  };
  return { operation, choice, observed: outcome, names: distinct };
};
