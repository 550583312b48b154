/** Rules by id, whichever room they are from, with the sentence and the source. */
import { architectureRulebook } from "../../model/contract/architecture/index.ts";
import { processRulebook } from "../../model/contract/process/index.ts";
import { rulebook } from "../../model/index.ts";

export type ToldRule = { readonly id: string; readonly sentence: string; readonly source: string };

type Sourced = { readonly sentence: string; readonly source: string };

const rules: ReadonlyMap<string, Sourced> = new Map<string, Sourced>([
  ...Object.entries(rulebook),
  ...Object.entries(architectureRulebook),
  ...Object.entries(processRulebook),
]);

/** The rules that a model gave for an outcome, in its order; an id without a rule is left out. */
export const toldRules = (ids: readonly string[]): readonly ToldRule[] =>
  ids.flatMap((id) => {
    const rule = rules.get(id);
    return rule ? [{ id, sentence: rule.sentence, source: rule.source }] : [];
  });
