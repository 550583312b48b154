/** docs/semantics.md is two rulebooks; `npx vitest run test/golden/semantics -u` writes it anew. */
import { expect, test } from "vitest";
import { semanticsAsMarkdown } from "../../model/contract/index.ts";

test("docs/semantics.md is what the rulebooks say", async () => {
  await expect(semanticsAsMarkdown()).toMatchFileSnapshot("../../docs/semantics.md");
  expect(semanticsAsMarkdown()).toBe(semanticsAsMarkdown());
});

test("no line is longer than 100 columns", () => {
  const long = semanticsAsMarkdown()
    .split("\n")
    .filter((line) => line.length > 100);
  expect(long).toEqual([]);
});
