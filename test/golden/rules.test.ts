/** docs/rules.md is the rulebook; `npx vitest run test/golden/rules -u` writes it anew. */
import { expect, test } from "vitest";
import { rulebookAsMarkdown } from "../../model/contract/index.ts";

test("docs/rules.md is what the rulebook says", async () => {
  await expect(rulebookAsMarkdown()).toMatchFileSnapshot("../../docs/rules.md");
  expect(rulebookAsMarkdown()).toBe(rulebookAsMarkdown());
});
