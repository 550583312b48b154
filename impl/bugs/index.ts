/** The catalogue of planted bugs, in the order of `mte-oracle bugs`. */
import type { Bug } from "./bug.ts";
import { cacheBugs } from "./cache.ts";
import { storageBugs } from "./storage.ts";
import { swapBugs } from "./swap.ts";
import { tagBugs } from "./tags.ts";

export type { Bug } from "./bug.ts";

export const bugs: readonly Bug[] = [...tagBugs, ...swapBugs, ...storageBugs, ...cacheBugs];

export const bugNamed = (id: string): Bug | undefined => bugs.find((bug) => bug.id === id);
