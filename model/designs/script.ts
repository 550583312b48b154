/**
 * A design is a set of scripts, one for each operation: tables of atomic actions, each the smallest
 * thing that another actor could observe. What an action needs (a lock, the right to sleep) is
 * declared; where it goes next is declared too, unless it decides.
 */
import type { Choice, Operation, Outcome } from "../contract/memory/index.ts";
import type { Label } from "../world/labels.ts";
import type { Site } from "../world/site.ts";
import type { Actor, World } from "../world/world.ts";
import type { Job } from "./job.ts";

/**
 * Locks by name. `file-page` is one lock for each page of a file (the folio lock), `page-table` one
 * for each process; `index` is the cleancache back end's lock, taken with interrupts off; `pool`
 * guards the list of free pages where that is a lock of its own.
 */
export type LockName = "index" | "tag-blocks" | "page-table" | "file-page" | "pool";

/** A lock for which one sleeps, one for which one spins, one under which interrupts are off too. */
export type LockKind = "sleeping" | "spin" | "spin-irqsave";

/** Interesting things that happen; a run that never marks them has not looked where it should. */
export const marks = [
  "no-free-page",
  "claim-joins-other-users",
  "claim-takes-a-free-block",
  "claim-drops-a-copy",
  "claim-drops-a-whole-folio",
  "last-user-gives-the-block-back",
  "interrupt-during-an-operation",
  "data-moves-into-tag-storage",
  "claim-moves-data-away",
  "claim-finds-a-pinned-page",
  "claim-gives-up",
  "tags-wait-for-a-fault",
  "fault-replaces-the-page",
  "fault-is-replayed",
  "tags-are-stashed",
  "stash-is-replayed",
  "second-initialiser-waits",
  "a-tagged-page-is-copied",
  "a-tagged-page-is-migrated",
  "tags-are-saved",
  "save-fails",
  "tags-are-restored",
  "a-slot-is-shared",
  "put-stored",
  "put-dropped",
  "put-takes-the-place-of-another",
  "hit",
  "miss",
  "claim-revokes-a-reader",
  "write-back-fails",
  "a-line-is-written-back",
  "a-discard-is-found-out",
  "a-page-is-discarded",
  "a-block-is-plugged",
  "a-block-is-unplugged",
  "everything-is-unplugged",
  "the-device-is-busy",
  "the-device-refuses",
  "the-driver-learns-of-a-block",
  "a-shrink-drops-a-copy",
  "a-shrink-gives-up",
  "pool-stores",
  "pool-refuses",
  "pool-loads",
  "pool-misses",
  "claim-writes-an-entry-back",
  "claim-tries-again",
  "a-node-is-made",
  "a-node-is-freed",
  "a-store-goes-astray",
  "claim-is-killed",
  "page-without-storage-is-returned",
  "a-reference-leaks",
  "stash-is-left-behind",
  "fault-ends-without-memory",
  "a-page-tag-is-used",
] as const;

export type Mark = (typeof marks)[number];

/** An operation takes effect; the contract steps. Own: the actor's operation, else one within it. */
export type Commit = {
  readonly operation: Operation | "own";
  readonly choice: Choice;
  readonly outcome: Outcome;
};

export type Effects = {
  readonly commits?: readonly Commit[];
  readonly marks?: readonly Mark[];
};

export type Next = Effects & { readonly to: Label | "end" };

/** Everything an action may look at, and the draft of the world that it may change. */
export type Turn = {
  readonly world: World;
  readonly site: Site;
  readonly me: number;
  readonly actor: Actor;
  /** The operation under way, or the design's own work. */
  readonly operation: Job;
  /** Does it run where nobody may sleep? Asked by few actions, so worked out on demand. */
  readonly atomic: () => boolean;
  /** How many taggable pages other operations under way hold: neither free nor anybody's. */
  readonly inFlight: () => number;
};

type Declared = {
  /** The function of the kernel or of the posted series that does this. */
  readonly standsFor: string;
  /** Taken before, and held from then on. The action waits until it is free. */
  readonly takes?: LockName;
  /** Let go afterwards. */
  readonly drops?: LockName;
  /** Held for this action alone: a short critical section. */
  readonly within?: LockName;
  /** May sleep: allocates with GFP_KERNEL, waits, or migrates. */
  readonly sleeps?: true;
  readonly when?: (turn: Turn) => boolean;
  /** What somebody decides here: the numbers of the alternatives. */
  readonly choose?: (turn: Turn) => readonly number[];
  /** The world around decides (a failure), not whoever implements the design. */
  readonly decidedBy?: "environment";
};

/** Always goes on to `next`; an ablation can delete what it does and nothing else changes. */
export type StraightAction = Declared & {
  readonly next: Label | "end";
  readonly do: (turn: Turn, choice: number) => Effects | undefined;
};

/** Decides where to go. `unchecked`: what is left of it if its check is deleted. */
export type BranchingAction = Declared & {
  readonly next?: never;
  readonly do: (turn: Turn, choice: number) => Next;
  readonly unchecked?: {
    readonly check: string;
    readonly do: (turn: Turn, choice: number) => Next;
  };
};

export type Action = StraightAction | BranchingAction;

export type Actions = { readonly [label in Label]?: Action };

export type Script = { readonly entry: Label; readonly actions: Actions };

/** How tag storage is found for one page, and let go: what tells the designs apart. */
export type TagStorage = {
  /** Makes sure that the tags of `actor.frame` have a place, then goes to `then`. */
  readonly claim: (then: Label, otherwise: Label) => Script;
  /** `actor.frame` needs no place for tags any more. */
  readonly release: (then: Label) => Script;
};

const isKind = <Kind extends Job["kind"]>(
  operation: Job,
  kind: Kind,
): operation is Extract<Job, { kind: Kind }> => operation.kind === kind;

/** The operation under way, known to be of one kind because only its script runs it. */
export const the = <Kind extends Job["kind"]>(
  { operation }: Turn,
  kind: Kind,
): Extract<Job, { kind: Kind }> => {
  if (isKind(operation, kind)) return operation;
  throw new Error(`the script of ${kind} was run for ${operation.kind}`);
};

export const commit = (
  outcome: Outcome,
  choice: Choice = { kind: "none" },
  operation: Operation | "own" = "own",
): Commit => ({ operation, choice, outcome });

/** A design without the actions that another script has already: scripts are put together so. */
export const together = (...parts: readonly Actions[]): Actions => Object.assign({}, ...parts);
