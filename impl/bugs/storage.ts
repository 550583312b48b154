import type { Bug } from "./bug.ts";

export const storageBugs: readonly Bug[] = [];
