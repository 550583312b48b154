import type { Bug } from "./bug.ts";

export const cacheBugs: readonly Bug[] = [];
