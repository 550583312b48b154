/** Judging others. So far: scenarios, as rows of steps and of what is expected of them. */
export * from "./scenarios/index.ts";
