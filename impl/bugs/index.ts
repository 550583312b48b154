/**
 * The catalogue of planted bugs, in the order of `mte-oracle bugs`: those of the implementation, then
 * those of designs that live in the model alone.
 */
import { designBugGroups } from "../../model/index.ts";
import { contextBugs } from "./atomic.ts";
import type { Bug } from "./bug.ts";
import { cacheBugs } from "./cache.ts";
import { copyBugs } from "./copies.ts";
import { countBugs } from "./counts.ts";
import { getBugs } from "./gets.ts";
import { maintenanceBugs } from "./maintenance.ts";
import { putBugs } from "./puts.ts";
import { recallBugs } from "./recalls.ts";
import { storageBugs } from "./storage.ts";
import { swapBugs } from "./swap.ts";
import { tagBugs } from "./tags.ts";

export type { Bug } from "./bug.ts";

export type BugGroup = { readonly title: string; readonly bugs: readonly Bug[] };

export const bugGroups: readonly BugGroup[] = [
  { title: "tags", bugs: tagBugs },
  { title: "copies and migration", bugs: copyBugs },
  { title: "swap", bugs: swapBugs },
  { title: "claiming storage", bugs: storageBugs },
  { title: "counting users", bugs: countBugs },
  { title: "cache maintenance", bugs: maintenanceBugs },
  { title: "contexts", bugs: contextBugs },
  { title: "the page cache", bugs: cacheBugs },
  { title: "puts", bugs: putBugs },
  { title: "gets", bugs: getBugs },
  { title: "claims and the index", bugs: recallBugs },
  ...designBugGroups,
];

export const bugs: readonly Bug[] = bugGroups.flatMap((group) => group.bugs);

export const bugNamed = (id: string): Bug | undefined => bugs.find((bug) => bug.id === id);
