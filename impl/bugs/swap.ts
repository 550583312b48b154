import type { Bug } from "./bug.ts";

export const swapBugs: readonly Bug[] = [];
