/** docs/invariants.md is the table; `npx vitest run test/house/invariants -u` writes it anew. */
import { describe, expect, test } from "vitest";
import { isRuleId } from "../../model/index.ts";
import { invariants, invariantsAsMarkdown } from "../../properties/invariants/index.ts";
import { rowNamed, rows } from "../../properties/rows/index.ts";
import { read } from "./tree.ts";

/** The ids that head an item of docs/assumptions.md. */
const headed = (letter: "A" | "Q"): readonly string[] => {
  const items = read("docs/assumptions.md").matchAll(/^- \*\*([AQ]\d+)\./gm);
  return [...items].map((match) => match[1] ?? "").filter((id) => id.startsWith(letter));
};

const numbered = (letter: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${letter}${index + 1}`);

describe("every invariant has a home", () => {
  const assumed = new Set(headed("A"));

  test("docs/invariants.md is what the table says", async () => {
    await expect(invariantsAsMarkdown()).toMatchFileSnapshot("../../docs/invariants.md");
  });

  test("the table has S1 to S13 and I1 to I36, each once and in order", () => {
    expect(invariants.map(({ id }) => id)).toEqual([...numbered("S", 13), ...numbered("I", 36)]);
  });

  test("each has at least one home", () => {
    const homeless = invariants.filter(
      ({ rules, rows: inRows, assumptions }) =>
        rules.length + inRows.length + assumptions.length === 0,
    );
    expect(homeless).toEqual([]);
  });

  test("what a rule or row does not cover is said in a note", () => {
    const silent = invariants.filter(
      ({ rules, rows: inRows, note }) => rules.length + inRows.length === 0 && !note,
    );
    expect(silent).toEqual([]);
  });

  test("every rule, row and assumption that it names exists", () => {
    const unknown = invariants.flatMap(({ id, rules, rows: inRows, assumptions }) => [
      ...rules.filter((rule) => !isRuleId(rule)).map((rule) => `${id}: rule ${rule}`),
      ...inRows.filter((row) => !rowNamed(row)).map((row) => `${id}: row ${row}`),
      ...assumptions.filter((each) => !assumed.has(each)).map((each) => `${id}: ${each}`),
    ]);
    expect(unknown).toEqual([]);
  });
});

describe("assumptions", () => {
  test("are numbered without gaps, and so are the open questions", () => {
    for (const letter of ["A", "Q"] as const) {
      const found = headed(letter);
      expect(found.length).toBeGreaterThan(1);
      expect(found).toEqual(numbered(letter, found.length));
    }
  });

  test("every row names assumptions that exist", () => {
    const assumed = new Set(headed("A"));
    const unknown = rows.flatMap(({ id, assumptions }) =>
      assumptions.filter((each) => !assumed.has(each)).map((each) => `${id}: ${each}`),
    );
    expect(unknown).toEqual([]);
  });
});
