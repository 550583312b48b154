/** The contract: what every caller may rely on, whatever the design. One room so far. */
export * from "./memory/index.ts";
