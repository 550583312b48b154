/**
 * Results as JUnit XML, in the common subset that CI systems read: a suite for each family, a case
 * for each row and kernel. Without times: the same rows give the same bytes.
 */
import { create } from "xmlbuilder2";
import type { XMLBuilder } from "xmlbuilder2/lib/interfaces.js";
import { differenceLines } from "./report-text.ts";
import type { RowResult } from "./results.ts";
import type { Verdict } from "./run.ts";

type Case = {
  readonly result: RowResult;
  readonly name: string;
  readonly verdict: Verdict | { readonly kind: "malformed"; readonly why: string };
};

const casesOf = (result: RowResult): readonly Case[] => {
  const { id, verdict, byKernel } = result;
  const why = result.why ?? "";
  if (verdict === "malformed") return [{ result, name: id, verdict: { kind: "malformed", why } }];
  if (byKernel.length === 0) return [{ result, name: id, verdict: { kind: "refused", why } }];
  return byKernel.map((each) => ({
    result,
    name: `${id} (Linux ${each.kernel})`,
    verdict: each.verdict,
  }));
};

const counted = (cases: readonly Case[]): Record<string, string> => {
  const number = (...kinds: readonly Case["verdict"]["kind"][]): string =>
    String(cases.filter(({ verdict }) => kinds.includes(verdict.kind)).length);
  return {
    tests: String(cases.length),
    failures: number("fail"),
    errors: number("malformed"),
    skipped: number("refused", "not-applicable"),
  };
};

const addCase = (suite: XMLBuilder, { result, name, verdict }: Case): void => {
  const { family, file, line } = result;
  const element = suite.ele("testcase", { name, classname: family, file, line: String(line) });
  if (verdict.kind === "malformed") element.ele("error", { message: verdict.why });
  else if (verdict.kind === "fail") {
    const { step, expected, found } = verdict.difference;
    const where = step === null ? "" : `step ${step}: `;
    element
      .ele("failure", { message: `${where}expected ${expected}, found ${found}` })
      .txt(differenceLines(verdict.difference).join("\n"));
  } else if (verdict.kind !== "pass")
    element.ele("skipped", { message: `${verdict.kind}: ${verdict.why}` });
};

export const resultsAsJunit = (results: readonly RowResult[]): string => {
  const root = create({ version: "1.0", encoding: "UTF-8", invalidCharReplacement: "?" });
  const suites = root.ele("testsuites", {
    name: "mte-oracle scenarios",
    ...counted(results.flatMap(casesOf)),
  });
  for (const family of new Set(results.map((result) => result.family))) {
    const cases = results.filter((result) => result.family === family).flatMap(casesOf);
    const suite = suites.ele("testsuite", { name: family, ...counted(cases) });
    for (const each of cases) addCase(suite, each);
  }
  return `${root.end({ prettyPrint: true })}\n`;
};
