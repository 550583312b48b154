/** Judging others: scenarios as rows of steps, logs of implementations, and running programs. */
export * from "./concurrent/index.ts";
export * from "./drive/index.ts";
export * from "./ftrace/index.ts";
export * from "./judge/index.ts";
export * from "./log/index.ts";
export * from "./process/index.ts";
export * from "./protocol/index.ts";
export * from "./scenarios/index.ts";
