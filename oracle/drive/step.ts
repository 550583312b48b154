/**
 * A run as data: steps that name the pages and slots they are about by the step that gave them, so
 * that the run means the same when it is done again and other numbers are given.
 */
import type { Handle, Operation, SlotIndex } from "../../model/index.ts";

/** The so manieth page, or slot, that a step gave. */
export type Origin = { readonly step: number; readonly position: number };

export type Step = {
  /** Its number in the run that was first; it keeps it when others are left out. */
  readonly number: number;
  /** Steps of one unit make sense together only, and are kept or left out together. */
  readonly unit: number;
  /** The tester is the page cache where an adapter stands for the cache alone. */
  readonly by: "program" | "tester";
  /** Nobody may ask that: the program has to refuse it. */
  readonly wrong: boolean;
  readonly operation: Operation;
  readonly pages: ReadonlyMap<Handle, Origin>;
  readonly slots: ReadonlyMap<SlotIndex, Origin>;
};

/** The operation with other numbers for its pages and slots; null when one of them is not known. */
const renamed = (
  operation: Operation,
  page: (handle: Handle) => Handle | null,
  slot: (index: SlotIndex) => SlotIndex | null,
): Operation | null => {
  switch (operation.kind) {
    case "swap-out": {
      const handles = operation.handles.map(page);
      const known = handles.filter((each) => each !== null);
      return known.length < handles.length ? null : { ...operation, handles: known };
    }
    case "copy": {
      const from = page(operation.from);
      return from === null ? null : { ...operation, from };
    }
    case "copy-again": {
      const [from, to] = [page(operation.from), page(operation.to)];
      return from === null || to === null ? null : { ...operation, from, to };
    }
    case "restore-again": {
      const [index, handle] = [slot(operation.slot), page(operation.handle)];
      return index === null || handle === null ? null : { ...operation, slot: index, handle };
    }
    case "free":
    case "migrate":
    case "enable-tags":
    case "write-tag":
    case "read-tag":
    case "write-bytes":
    case "read-bytes": {
      const handle = page(operation.handle);
      return handle === null ? null : { ...operation, handle };
    }
    case "swap-in":
    case "share-slot":
    case "free-slot": {
      const index = slot(operation.slot);
      return index === null ? null : { ...operation, slot: index };
    }
    default:
      return operation;
  }
};

/** What an answer gave, in its order. */
export type Given = { readonly pages: readonly Handle[]; readonly slots: readonly SlotIndex[] };

export const nothingGiven: Given = { pages: [], slots: [] };

/** Who gave which number last, in the run as it is being made. */
export class Origins {
  private readonly pages = new Map<Handle, Origin>();
  private readonly slots = new Map<SlotIndex, Origin>();

  note(step: number, { pages, slots }: Given): void {
    for (const [position, handle] of pages.entries()) this.pages.set(handle, { step, position });
    for (const [position, slot] of slots.entries()) this.slots.set(slot, { step, position });
  }

  /** The step of an operation; a number that nobody gave stays as it is. */
  stepOf(asked: Pick<Step, "number" | "unit" | "by" | "wrong" | "operation">): Step {
    const pages = new Map<Handle, Origin>();
    const slots = new Map<SlotIndex, Origin>();
    renamed(
      asked.operation,
      (handle) => {
        const origin = this.pages.get(handle);
        if (origin) pages.set(handle, origin);
        return handle;
      },
      (slot) => {
        const origin = this.slots.get(slot);
        if (origin) slots.set(slot, origin);
        return slot;
      },
    );
    return { ...asked, pages, slots };
  }
}

/** The numbers of a run that is done again. */
export class Renaming {
  private readonly given = new Map<number, Given>();

  note(step: number, given: Given): void {
    this.given.set(step, given);
  }

  /** The operation as it has to be asked this time; null when what it is about was never given. */
  operationOf({ operation, pages, slots }: Step): Operation | null {
    const now = <Name extends keyof Given>(name: Name, origin: Origin | undefined, old: number) =>
      origin ? (this.given.get(origin.step)?.[name][origin.position] ?? null) : old;
    return renamed(
      operation,
      (handle) => now("pages", pages.get(handle), handle),
      (slot) => now("slots", slots.get(slot), slot),
    );
  }
}
