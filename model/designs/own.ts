/**
 * What a design brings along beside its scripts: moves of the world around it (a host that discards
 * a page or changes its mind), work that its own threads do in the background, and decisions of
 * others that it may count on in the long run.
 */
import type { Label } from "../world/labels.ts";
import type { Scope } from "../world/scope.ts";
import type { Site } from "../world/site.ts";
import type { World } from "../world/world.ts";
import type { Job } from "./job.ts";
import type { OperationCommit } from "./judge.ts";
import type { Mark, Script } from "./script.ts";

/** What a move of the world around brings about; what a design forgets by it, the contract is told. */
export type Brought = {
  readonly commits?: readonly OperationCommit[];
  readonly marks?: readonly Mark[];
};

/** Something that the world around may do at any moment to any one of these objects. */
export type OwnMove = {
  /** In kebab-case a phrase that an object completes: "discards-page". */
  readonly name: string;
  /** Objects to which it can be done now. */
  readonly objects: (world: World, site: Site) => readonly number[];
  readonly do: (world: World, site: Site, object: number) => Brought | undefined;
};

/**
 * Work of the design's own. Its script commits nothing of its own: at most operations within it,
 * such as a dropped copy. An actor does it whose scope lets him do background work.
 */
export type OwnWork = {
  /** In kebab-case a phrase that an object completes: "plugs-block". */
  readonly name: string;
  /** Every object that it could ever be done to in such a scope. */
  readonly objects: (site: Site) => readonly number[];
  /** May it begin now, beside what others are at work on? */
  readonly when: (world: World, site: Site, object: number, others: readonly Job[]) => boolean;
  readonly script: Script;
  /** It waits in a queue that somebody works off: when it is due again and again, it is begun. */
  readonly queued?: true;
  /** Does it hold pages that are neither free nor anybody's? "No memory" may be due to it then. */
  readonly movesPages?: true;
  /** The cached file page whose lock it takes, if it takes one. */
  readonly fileKey?: (object: number) => number;
};

/**
 * A decision that does not go against the design for ever: whenever it is due again and again, it
 * is sometimes made so (a host is not busy for ever).
 */
export type FairDecision = {
  readonly name: string;
  readonly at: Label;
  readonly isFor: (choice: number) => boolean;
};

export type OwnParts = {
  readonly environment?: readonly OwnMove[];
  readonly works?: readonly OwnWork[];
  readonly fair?: readonly FairDecision[];
  /**
   * A scope as this design needs it: smaller values, an actor for its work; `null` leaves a slice
   * out that is no concern of the design. Its file says why. The scopes of random suites, which are
   * larger, ask under the name `suite`, and the comparison of costs asks under `workload`.
   */
  readonly scopeFor?: (slice: string, scope: Scope) => Scope | null;
};
