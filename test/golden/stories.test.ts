/** What is printed of every story that comes with the program. */
import { expect, test } from "vitest";
import { tellersOf, triedAsText, tryStory } from "../../counterexamples/index.ts";
import { columns, shippedNames, shippedText, storyOf } from "../unit/try/shipped.ts";

test.each(shippedNames)("%s", async (name) => {
  const story = storyOf(shippedText(name), name);
  const text = triedAsText(
    story,
    tellersOf(story, columns).map((teller) => tryStory(story, teller)),
  );
  for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  await expect(text).toMatchFileSnapshot(`stories/${name}.txt`);
});
