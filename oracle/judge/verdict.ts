/** What a judge says of an entry, whichever vocabulary it is in. */
import { architecture, processes, type RuleId, rulebook } from "../../model/index.ts";

/** A rule of any room. */
export type AnyRuleId = RuleId | processes.RuleId;

export const isRule = (id: string): id is AnyRuleId =>
  id in rulebook || id in architecture.architectureRulebook || id in processes.processRulebook;

/** In the words of a report; `more` are left out. */
export type Allowed = { readonly outcomes: readonly string[]; readonly more: number };

/** What is known of the things that an entry names, at the entry that nothing explains. */
export type Frontier = { readonly states: readonly string[]; readonly more: number };

export type EntryVerdict<Rule extends AnyRuleId = RuleId> =
  | { readonly kind: "explained" }
  /** An implementation may not do this. */
  | {
      readonly kind: "deviation";
      readonly rule: Rule;
      readonly cause: string;
      readonly allowed: Allowed;
      readonly frontier: Frontier;
    }
  /** No caller may ask this, or the entry contradicts itself: the log is wrong. */
  | { readonly kind: "ill-formed"; readonly why: string; readonly frontier: Frontier }
  /** Too many states explain the log; what the entry names is forgotten. */
  | { readonly kind: "inconclusive"; readonly why: string };

/** A verdict that somebody is told of. */
export type Objection = Exclude<EntryVerdict<AnyRuleId>, { readonly kind: "explained" }>;
