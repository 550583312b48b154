/**
 * The log of an implementation, as plain data: a head that names the bounds, then one entry for
 * each line: an operation of the contract with what was observed of it, or a gap where lines were
 * lost. Whatever nobody looked at is left out; nothing has to be guessed to write a log.
 */
import type {
  Bytes,
  Choice,
  Handle,
  Limits,
  Operation,
  SlotIndex,
  Tag,
} from "../../model/index.ts";

/** What a log begins with. */
export type LogHead = {
  readonly log: "mte-oracle";
  readonly version: 1;
  readonly limits: Limits;
  /** `boot` (unless told): nothing is in use when the log begins. `unknown`: anything may be. */
  readonly start?: "boot" | "unknown";
  /**
   * How many operations under way can hold a taggable page each while another is told that there is
   * no memory; 0 unless told. A `choice` of kind `short` says it for one event.
   */
  readonly inFlight?: number;
};

/** One tag for each granule, as a list, or as hexadecimal digits, granule 0 first. */
export type ObservedTags = readonly Tag[] | string;

export type ObservedSeen = {
  readonly tagged?: boolean;
  readonly tags?: ObservedTags;
  readonly bytes?: Bytes;
};

/** An outcome of the contract of which everything but the kind may be missing. */
export type ObservedOutcome =
  | { readonly kind: "done" }
  | {
      readonly kind: "pages";
      readonly handles?: readonly Handle[];
      /** Page by page, in the order of `handles`; may be shorter. */
      readonly seen?: readonly ObservedSeen[];
    }
  | { readonly kind: "page"; readonly handle?: Handle; readonly seen?: ObservedSeen }
  | { readonly kind: "no-memory" }
  | { readonly kind: "tag"; readonly tag?: Tag }
  | { readonly kind: "bytes"; readonly bytes?: Bytes }
  | { readonly kind: "swapped"; readonly slots?: readonly SlotIndex[] }
  | { readonly kind: "save-failed"; readonly entriesLeft?: number }
  | { readonly kind: "hit"; readonly bytes?: Bytes }
  | { readonly kind: "miss"; readonly touched?: boolean }
  | { readonly kind: "slot"; readonly freed?: boolean }
  | { readonly kind: "failed" };

export type LogEvent = {
  readonly operation: Operation;
  /** Left out: any decision may have been taken. */
  readonly choice?: Choice;
  /** Left out: it ended, nobody knows how. `unknown`: it may not have happened at all. */
  readonly outcome?: ObservedOutcome | "unknown";
  /** Who asked; with `call` and `return` the history is concurrent. */
  readonly thread?: number | string;
  /** On one clock of any unit, for all threads. `return` is missing where none was seen. */
  readonly call?: number;
  readonly return?: number;
};

/**
 * Entries were lost here. What they did is unknown, and so is all that they may have changed: all
 * there is, or the pages and slots that are named.
 */
export type LogGap = {
  readonly gap: {
    readonly events?: number;
    readonly pages?: readonly Handle[];
    readonly slots?: readonly SlotIndex[];
  };
};

export type LogEntry = LogEvent | LogGap;

export const isGap = (entry: LogEntry): entry is LogGap => "gap" in entry;
