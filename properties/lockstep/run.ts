/**
 * A run as data: what was done, step by step, in which scope. It is all that is needed to do it
 * again; how it was found is a hint beside it.
 */
import type { Move, Scope } from "../../model/index.ts";

/** One thing that happens to model and implementation alike. */
export type Step =
  | { readonly kind: "move"; readonly move: Move; readonly decided: "here" | "by-implementation" }
  /** An operation that nobody may ask for now: it has to be refused and to change nothing. */
  | { readonly kind: "refused"; readonly actor: number; readonly operation: number }
  /** An actor that cannot go on, or not begin this operation, now: it has to wait. */
  | { readonly kind: "waits"; readonly actor: number; readonly operation: number | null };

/** What was switched on in a run: swarm testing leaves some of everything out. */
export type Swarm = {
  /** By actor: the kinds of operation that it may start; none: it stays idle. */
  readonly kinds: readonly (readonly string[])[];
  /** Of 100: how often the same actor goes on. */
  readonly stickiness: number;
  /** Of 100: how often an interrupt arrives while somebody is at work. */
  readonly interrupts: number;
  /** Of 100: how often somebody frees a page before anything else: memory is empty. */
  readonly freeing: number;
  /** Of 100: how often somebody asks for a page before anything else: memory is full. */
  readonly filling: number;
  /** Of 100: how often a put is refused whatever the policy. */
  readonly refusals: number;
  /** Of 100: requests that have to be refused. */
  readonly negatives: number;
};

export type Run = {
  readonly theme: string;
  readonly design: string;
  readonly scope: Scope;
  /** Real free lists and LRU: the implementation decides about places. */
  readonly lists: boolean;
  readonly swarm: Swarm;
  readonly steps: readonly Step[];
};
