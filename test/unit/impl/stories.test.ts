/** What every planted bug does wrong, the implementation does right. */
import { expect, test } from "vitest";
import { describeMismatch } from "../../../properties/lockstep/index.ts";
import { stories, storiesOf, storyIn, told } from "./stories.ts";

test("there are stories", () => expect(stories.length).toBeGreaterThan(100));

const designsOfStories = ["carveout", "cma", "cleancache-page", "cleancache-folio"];

test.each(designsOfStories)("stories of %s", (design) => {
  for (const name of storiesOf(design)) {
    const mismatch = told(storyIn(name));
    expect(mismatch && describeMismatch(mismatch), name).toBeNull();
  }
});
