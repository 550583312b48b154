/** Tags that are not there yet, not there any more, or somebody else's. */
import { end, to } from "../codes.ts";
import { type Bug, replacing } from "./bug.ts";

export const tagBugs: readonly Bug[] = [
  {
    id: "flag-before-tags-are-cleared",
    sentence: "PG_mte_tagged is set first and the tags are cleared afterwards.",
    source: "B1: Linux e059853d14ca",
    story: ["allocate", "enable-tags", "enable-tags by a sharer"],
    designs: ["carveout", "cleancache-page"],
    patch: replacing(["enable-tags"], "lock-tags", (action, { kit }) => ({
      ...action,
      do: (actor, choice) => {
        const next = action.do(actor, choice);
        if (next !== end && next === to["clear-tags"]) kit.state.frames.flagged[actor.frame] = 1;
        return next;
      },
    })),
  },
];
