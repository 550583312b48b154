/**
 * What the vocabularies of adapters have in common: a run begins with something, is made of steps
 * that were asked and answered, and ends somehow. `Pages` are the operations of the memory room.
 */
import type { Limits, Operation, RuleId } from "../../model/index.ts";
import type { AnyRuleId } from "../judge/verdict.ts";
import type { Answer, Capabilities } from "../protocol/index.ts";
import type { Fault } from "./fault.ts";
import type { Step } from "./step.ts";

/** What any answer has: it belongs to a request, and may say what went on inside. */
type AnyAnswer = { readonly id: number; readonly notes?: readonly string[] } & (
  | { readonly type: "outcome" }
  | {
      readonly type: "error";
      readonly error: "refused" | "not-done" | "unknown";
      readonly message: string;
    }
);

type AnyStep = {
  readonly number: number;
  /** Steps of one unit are kept or left out together. */
  readonly unit: number;
  readonly by: "program" | "tester";
};

/** The types of a vocabulary. */
export type Words = {
  readonly capabilities: unknown;
  /** What a run begins with, and the name under which the run has it. */
  readonly setup: unknown;
  readonly begun: object;
  readonly operation: unknown;
  readonly answer: AnyAnswer;
  readonly step: AnyStep;
  readonly rule: AnyRuleId;
};

export type Pages = {
  readonly capabilities: Capabilities;
  readonly setup: Limits;
  readonly begun: { readonly limits: Limits };
  readonly operation: Operation;
  readonly answer: Answer;
  readonly step: Step;
  readonly rule: RuleId;
};

/** Why an answer cannot be explained. */
export type Refusal<W extends Words = Pages> = {
  /** The rule of the contract; null where the contract has none for that. */
  readonly rule: W["rule"] | null;
  readonly cause: string;
  /** What would have been allowed, in words of the vocabulary. */
  readonly allowed: readonly string[];
};

/** A step with the numbers of this time, and what came of it; null: it is the tester's own. */
export type Told<W extends Words = Pages> = {
  readonly step: W["step"];
  readonly operation: W["operation"];
  readonly answer: W["answer"] | null;
};

export type Ending<W extends Words = Pages> =
  | { readonly kind: "agreed" }
  /** The last step told is the one that nothing explains. */
  | { readonly kind: "deviates"; readonly refusal: Refusal<W> }
  /** The program is gone; the last step told is the last that it was asked. */
  | { readonly kind: "broke"; readonly fault: Fault }
  /** Nobody knows any more what is true. */
  | { readonly kind: "lost"; readonly why: string };

/** What was done, and how it ended. */
export type Run<W extends Words = Pages> = W["begun"] & {
  readonly told: readonly Told<W>[];
  readonly ending: Ending<W>;
};

export type RunOptions = {
  readonly seed: number;
  /** Which run of the seed, from 0. */
  readonly run: number;
  /** Operations of the run; the reads at its end come on top. */
  readonly length: number;
  /** How many may be asked before the first of them is answered. */
  readonly window: number;
};

/** Is it the same failure? */
export const isAlike = <W extends Words>(one: Ending<W>, other: Ending<W>): boolean => {
  if (one.kind === "deviates" && other.kind === "deviates")
    return one.refusal.rule === other.refusal.rule;
  if (one.kind !== "broke" || other.kind !== "broke") return false;
  const [first, second] = [one.fault, other.fault];
  if (first.kind === "died" && second.kind === "died")
    return first.code === second.code && first.signal === second.signal;
  return first.kind === second.kind;
};
