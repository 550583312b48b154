/**
 * What there is to say of a counterexample, as one structure of plain data. Whoever shows it (text,
 * table, Markdown, a diagram, a page) draws from this and works nothing out again.
 */
import type { Counterexample } from "../format.ts";
import type { Change, Part } from "../portrait.ts";
import type { ReplayVerdict } from "../replay.ts";

/** Where an actor is when it takes an action. */
export type StepContext = {
  readonly kind: "task" | "interrupt";
  readonly cpu: number;
  /** May it not sleep? */
  readonly atomic: boolean;
  readonly interruptsOff: boolean;
  /** The locks that it holds before the action, by name. */
  readonly locks: readonly string[];
};

/** Does the run still fail for the same reason without the step, the rest done as far as it can? */
export type Necessity = "necessary" | "not-necessary" | "not-tried";

/** An action of an actor, as part of an operation. */
export type ExplainedAct = {
  readonly by: "actor";
  /** Index into {@link Explanation.actors}. */
  readonly actor: number;
  readonly context: StepContext;
  /** Index into {@link Explanation.operations}. */
  readonly operation: number;
  readonly starts: boolean;
  readonly ends: boolean;
  readonly action: string;
  /** The function of the kernel or of the posted series. */
  readonly standsFor: string;
  /** What was decided, of what could be; null where nothing could. */
  readonly choice: { readonly taken: number; readonly of: readonly number[] } | null;
};

type ExplainedDeed = ExplainedAct | { readonly by: "environment" };

export type ExplainedStep = {
  /** From 1. */
  readonly number: number;
  readonly deed: ExplainedDeed;
  /** Who, in which context, does what to which page: one sentence with its full stop. */
  readonly sentence: string;
  /** The same without who and where: completes "task ...". */
  readonly does: string;
  /** What takes effect, sleeps where nobody may, is worth a note: one clause each. */
  readonly events: readonly string[];
  /** Only what changed. */
  readonly changes: readonly Change[];
  readonly necessity: Necessity;
  /** Does the step belong to the part that repeats for ever? */
  readonly inLoop: boolean;
};

export type ExplainedActor = {
  readonly name: string;
  readonly kind: "task" | "interrupt";
  readonly cpu: number;
  readonly owner: number;
};

/** One operation that somebody started. */
export type ExplainedOperation = {
  /** Index into {@link Explanation.actors}. */
  readonly actor: number;
  /** Completes "task ...". */
  readonly does: string;
  readonly firstStep: number;
  /** The step with which it ends; null where the run is over first. */
  readonly lastStep: number | null;
  /** Does the run still fail without the whole operation? */
  readonly necessity: Necessity;
};

/** What exactly is wrong. */
export type Conjunct = {
  /** A rule of the contract that refuses an outcome, or the property itself. */
  readonly kind: "rule" | "property";
  readonly id: string;
  readonly sentence: string;
  readonly source: string;
  /** With the pages and values of this run. */
  readonly cause: string;
  /** The step that breaks it; null where it takes a whole run. */
  readonly step: number | null;
};

/** From where on nobody could have prevented it with the operations of the run. */
export type Inevitable =
  | { readonly kind: "from-step"; readonly step: number }
  /** Another schedule or choice would have ended well even before the last step. */
  | { readonly kind: "never-before-the-end" }
  /** Whatever order these operations come in, it fails. */
  | { readonly kind: "from-the-start" }
  /** It takes somebody who goes on with it for ever. */
  | { readonly kind: "only-if-repeated" }
  | { readonly kind: "not-decided"; readonly why: string };

export type Explanation = {
  readonly counterexample: Counterexample;
  readonly verdict: ReplayVerdict;
  /** The row of the table that is broken. */
  readonly row: { readonly id: string; readonly sentence: string; readonly source: string };
  readonly planted: readonly {
    readonly id: string;
    readonly sentence: string;
    readonly source: string;
  }[];
  readonly actors: readonly ExplainedActor[];
  readonly operations: readonly ExplainedOperation[];
  readonly steps: readonly ExplainedStep[];
  /** The whole state before the first step and after each: one more than there are steps. */
  readonly portraits: readonly (readonly Part[])[];
  /** Null where the run does not fail. */
  readonly conjunct: Conjunct | null;
  /** What the caller could have been told instead, one clause each; empty where no rule says. */
  readonly allowed: readonly string[];
  readonly inevitable: Inevitable;
  /** Of a lasso: the steps that repeat, from 1; null where the run ends for good. */
  readonly loop: { readonly from: number; readonly to: number } | null;
};
