/** Every form of an explanation; `npx vitest run test/golden/explain -u` writes them anew. */
import { describe, expect, test } from "vitest";
import { explain, explanationAs, explanationForms } from "../../counterexamples/index.ts";
import { saved, savedNames } from "../unit/counterexamples/saved.ts";

const extensions = {
  text: "txt",
  table: "table.txt",
  markdown: "md",
  mermaid: "mmd",
  vitest: "vitest.txt",
} as const;

const finite = explain(saved("corpus/cma-hw-kasan--atomic-tagged-allocation"));
const lasso = explain(saved("corpus/cma--every-operation-ends"));
const planted = explain(saved("bugs/slot-not-locked-during-swap-in"));

test.each(explanationForms)("a refused outcome, as %s", async (form) => {
  const file = `explain/atomic.${extensions[form]}`;
  await expect(explanationAs(form, finite)).toMatchFileSnapshot(file);
});

test.each(["text", "mermaid"] as const)("a loop, as %s", async (form) => {
  const file = `explain/loop.${extensions[form]}`;
  await expect(explanationAs(form, lasso)).toMatchFileSnapshot(file);
});

test("a planted bug between two actors, as table", async () => {
  await expect(explanationAs("table", planted)).toMatchFileSnapshot("explain/planted.table.txt");
});

describe("plain text of every counterexample fits 100 columns", () => {
  const some = savedNames.filter(
    (name, index) => index % 5 === 0 && saved(name).verdict === "broken",
  );
  test.each(some)("%s", (name) => {
    const explanation = explain(saved(name));
    for (const form of ["text", "table"] as const) {
      const text = explanationAs(form, explanation);
      const long = text.split("\n").filter((line) => line.length > 100);
      expect(long).toEqual([]);
      expect(text).toMatch(/^[\x20-\x7e\n]*$/);
      expect(explanationAs(form, explanation)).toBe(text);
    }
  });
});

test("a Mermaid diagram has lines of its grammar only", () => {
  const line =
    /^(?:sequenceDiagram| {2}participant [AE]\d* as .+| {2,4}[AE]\d*->>[AE]\d*: [^;#]+| {2,4}Note over [AE]\d*: [^;#]+| {2}loop [^;#]+| {2}end)$/;
  for (const explanation of [finite, lasso, planted])
    for (const text of explanationAs("mermaid", explanation).trimEnd().split("\n"))
      expect(text).toMatch(line);
});
