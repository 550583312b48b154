/** The bugs that can be planted in designs of the model, by what they are about. */
import type { DesignBug } from "./bug.ts";
import { metadataBugs } from "./metadata.ts";

export const designBugGroups: readonly {
  readonly title: string;
  readonly bugs: readonly DesignBug[];
}[] = [{ title: "storage on free lists of its own", bugs: metadataBugs }];
