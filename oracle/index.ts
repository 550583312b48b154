/** Judging others: scenarios as rows of steps, and the logs of implementations. */
export * from "./concurrent/index.ts";
export * from "./ftrace/index.ts";
export * from "./judge/index.ts";
export * from "./log/index.ts";
export * from "./scenarios/index.ts";
