/** What exactly is wrong at the end of a run, and what the caller could have been told instead. */
import {
  allowedOutcomes,
  at,
  describeChoice,
  describeOutcome,
  type Event,
  isRuleId,
  rulebook,
} from "../../model/index.ts";
import { rowNamed } from "../../properties/index.ts";
import type { Counterexample } from "../format.ts";
import type { Run } from "../run.ts";
import type { Conjunct } from "./explanation.ts";

/** The rule that a reason cites, and the rest of the reason. */
const citedRule = (reason: string) => {
  const [rule = "", ...rest] = reason.split(": ");
  return isRuleId(rule) ? { rule, cause: rest.join(": ") } : null;
};

/**
 * The conjunct that fails, for a reason as a replay gives it.
 *
 * @param steps how many the run has; the last of them breaks what a step or a state can break
 */
export const conjunctOf = (
  { property, kind }: Counterexample,
  reason: string,
  steps: number,
): Conjunct => {
  const row = rowNamed(property.row);
  const step = kind === "lasso" || steps === 0 ? null : steps;
  const cited = citedRule(reason);
  if (cited === null) {
    const { sentence = "", source = "" } = row ?? {};
    return { kind: "property", id: property.id, sentence, source, cause: reason, step };
  }
  const { sentence, source } = rulebook[cited.rule];
  return { kind: "rule", id: cited.rule, sentence, source, cause: cited.cause, step };
};

type Committed = Extract<Event, { kind: "committed" }>;

const isCommitted = (event: Event): event is Committed => event.kind === "committed";

/** Of the last step, the commit that is refused, and the contract state that it met. */
const refusedCommit = ({ machinery, worlds, moves, events }: Run, rule: string) => {
  if (moves.length === 0) return null;
  let truth = at(worlds, moves.length - 1).truth;
  for (const event of at(events, moves.length - 1).filter(isCommitted)) {
    if (event.refusals.some((refusal) => refusal.rule === rule)) return { event, truth };
    const { choice, outcome } = event.commit;
    truth = machinery.judge.judge(truth, event.operation, choice, outcome).truth;
  }
  return null;
};

/** Each outcome that the contract allows where a rule was broken, as a clause; none elsewhere. */
export const allowedInstead = (run: Run, conjunct: Conjunct): readonly string[] => {
  if (conjunct.kind !== "rule") return [];
  const refused = refusedCommit(run, conjunct.id);
  if (refused === null) return [];
  const { judge } = run.machinery;
  const contract = { limits: judge.limits, off: new Set<never>() };
  const memory = judge.memory(refused.truth);
  const clauses = allowedOutcomes(contract, memory, refused.event.operation).map(
    ({ choice, outcome }) => {
      const decided = choice.kind === "none" ? "" : ` (${describeChoice(choice)})`;
      return `the caller ${describeOutcome(outcome)}${decided}`;
    },
  );
  return [...new Set(clauses)];
};
