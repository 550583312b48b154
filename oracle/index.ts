/** Judging others: scenarios as rows of steps, the logs of implementations, and live programs. */
export * from "./drive/index.ts";
export * from "./log/index.ts";
export * from "./protocol/index.ts";
export * from "./scenarios/index.ts";
