/** The states that explain what was seen of a step, or why there are none. */
import { type AnyRuleId, isRule } from "../judge/verdict.ts";
import type { KernelBranch, Running } from "../scenarios/kernel.ts";
import { differences } from "./agreement.ts";
import { allowedBranches } from "./allowed.ts";
import type { ProcessMachine } from "./machine.ts";
import type { Observed } from "./observed.ts";
import type { ProcessStep } from "./step.ts";
import { allowedWords } from "./words.ts";

/** A branch that does not agree, with the keys in which it differs. */
export type Missed = { readonly branch: KernelBranch; readonly wrong: readonly string[] };

export type Explained = {
  /** Empty: nothing explains it. */
  readonly after: readonly Running[];
  readonly missed: readonly Missed[];
};

/** @throws NobodyThere, OutsideModel, UnboundName where nobody can ask that */
export const explain = (
  machine: ProcessMachine,
  states: readonly Running[],
  step: ProcessStep,
  saw: Observed,
): Explained => {
  const missed: Missed[] = [];
  const after = states.flatMap((each) =>
    allowedBranches(machine, each, step, saw).flatMap((branch) => {
      const wrong = differences(saw, branch.observation);
      if (wrong.length > 0) missed.push({ branch, wrong });
      return wrong.length === 0 ? [branch.after] : [];
    }),
  );
  return { after, missed };
};

/** Everything that may have come of a step, those states included in which it never happened. */
export const perhaps = (
  machine: ProcessMachine,
  states: readonly Running[],
  step: ProcessStep,
): readonly Running[] => [
  ...states,
  ...states.flatMap((each) => allowedBranches(machine, each, step, {}).map(({ after }) => after)),
];

const ruleOf = ({ branch, wrong }: Missed): AnyRuleId | undefined =>
  wrong.length === 1 && wrong[0] === "addrTop"
    ? "tag-bits-are-shown-on-demand"
    : branch.rules.find(isRule);

export type Objected = {
  readonly rule: AnyRuleId;
  readonly cause: string;
  /** Everything that would have been allowed, each once. */
  readonly allowed: readonly string[];
};

/** What is wrong, by the allowed end that comes nearest; null: nothing at all may come of it. */
export const objectionTo = (saw: Observed, missed: readonly Missed[]): Objected | null => {
  const [nearest] = missed.toSorted((a, b) => a.wrong.length - b.wrong.length);
  const rule = nearest && ruleOf(nearest);
  if (!nearest || rule === undefined) return null;
  const words = missed.map(({ branch }) =>
    allowedWords(branch.observation, branch.after.bindings, saw),
  );
  const cause = `it differs in ${nearest.wrong.join(", ")} from all that may happen`;
  return { rule, cause, allowed: [...new Set(words)] };
};
