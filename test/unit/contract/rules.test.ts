/** Every rule of the contract can be broken alone, and is needed. */
import { describe, expect, test } from "vitest";
import { forgetCauses, isRuleId, rulebook, ruleIds } from "../../../model/contract/index.ts";
import { contractOf, judge, replay } from "./happenings.ts";
import { planted } from "./planted.ts";

describe("every rule refuses something that no other rule refuses", () => {
  test("there is one planted outcome for each rule, and no other", () => {
    expect(Object.keys(planted).sort()).toEqual([...ruleIds].sort());
    expect(ruleIds.length).toBe(Object.keys(rulebook).length);
    expect(isRuleId("a-rule-of-thumb")).toBe(false);
  });

  test.each(ruleIds)("%s", (rule) => {
    const { limits, history, wrong } = planted[rule];
    const contract = contractOf(limits);
    const memory = replay(contract, history);

    const refused = judge(contract, memory, wrong);
    expect(refused).toMatchObject({ kind: "refused", rule });
    expect(refused.kind === "refused" && refused.cause.length).toBeGreaterThan(5);

    expect(judge(contractOf(limits, rule), memory, wrong).kind).toBe("accepted");

    const governs: readonly string[] = rulebook[rule].governs;
    expect(governs).toContain(wrong.operation.kind);
  });

  test.each(ruleIds)("%s: with the causes forgotten it is still a refusal", (rule) => {
    const { limits, history, wrong } = planted[rule];
    const contract = contractOf(limits);
    const forgetful = history.reduce(
      (memory, happening) => forgetCauses(replay(contract, [happening], memory)),
      forgetCauses(replay(contract, [])),
    );
    expect(judge(contract, forgetful, wrong).kind).toBe("refused");
    expect(forgetCauses(forgetful)).toEqual(forgetful);
  });
});
