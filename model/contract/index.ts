/** The contract: what every caller may rely on, whatever the design; one room for each floor. */
export * from "./cleancache/index.ts";
export * from "./litmus/index.ts";
export * from "./memory/index.ts";
