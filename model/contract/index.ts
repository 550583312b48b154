/** The contract: what every caller may rely on, whatever the design; one room for each floor. */
export * as architecture from "./architecture/index.ts";
export * from "./cleancache/index.ts";
export * from "./litmus/index.ts";
export * from "./memory/index.ts";
export * as process from "./process/index.ts";
