/**
 * A packed script: the same table of labels as the design's, whose actions change the packed state.
 * Locks, sleeping and waiting for locks are declared in the design's table alone; an action here may
 * only differ from it where a planted bug says so.
 */
import type { Label, LockName, Operation } from "../model/index.ts";
import type { Registers } from "./registers.ts";

export type PackedAction = {
  /** Does the work; `choice` may be `own`. Returns the code of the next label, or `end`. */
  readonly do: (actor: Registers, choice: number) => number;
  /** May it go on? Asked before the action. */
  readonly when?: (actor: Registers) => boolean;
  /** In place of what the design's table declares: planted bugs only. */
  readonly takes?: LockName | null;
  readonly drops?: LockName | null;
  readonly within?: LockName | null;
  readonly sleeps?: boolean;
};

export type PackedActions = { readonly [label in Label]?: PackedAction };

export type PackedScript = { readonly entry: Label; readonly actions: PackedActions };

export type PackedScripts = { readonly [kind in Operation["kind"]]?: PackedScript };

/** Where a claim goes on: at a label, or where whoever claims decides. */
export type Onward = Label | ((actor: Registers) => Label);

/** How tag storage is found for `actor.frame`, and let go: what tells the designs apart. */
export type PackedTagStorage = {
  readonly claim: (then: Label, otherwise: Label) => PackedScript;
  readonly release: (then: Label) => PackedScript;
};

/** What a design does with clean pages that the page cache forgets. */
export type PackedBackEnd = {
  readonly get: (hit: Label, miss: Label) => PackedScript;
  readonly put: (then: Label) => PackedScript;
  /** Finds the storage pages that go when a key does: `actor.storage` and `actor.target`. */
  readonly find: (actor: Registers, key: number) => void;
  /** Lets the copies in these two storage pages go (-1: none), and reports the keys as dropped. */
  readonly forget: (first: number, second: number) => void;
};

export const together = (...parts: readonly PackedActions[]): PackedActions =>
  Object.assign({}, ...parts);
