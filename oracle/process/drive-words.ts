/** The types of the second vocabulary, for driving: `Pages` of `oracle/drive` are those of the first. */
import type { AnyRuleId } from "../judge/verdict.ts";
import type { ProcessCapabilities } from "./capabilities.ts";
import type { ProcessMachine } from "./machine.ts";
import type { ProcessAnswer } from "./messages.ts";
import type { WrittenStep } from "./propose.ts";

/** A step that names memory by the steps that gave it, so that it means the same when done again. */
export type NamedStep = {
  readonly number: number;
  /** Each by itself. */
  readonly unit: number;
  readonly by: "program";
  readonly written: WrittenStep;
};

export type Processes = {
  readonly capabilities: ProcessCapabilities;
  readonly setup: ProcessMachine;
  readonly begun: { readonly machine: ProcessMachine };
  /** As it was asked: addresses are numbers. */
  readonly operation: WrittenStep;
  readonly answer: ProcessAnswer;
  readonly step: NamedStep;
  readonly rule: AnyRuleId;
};
