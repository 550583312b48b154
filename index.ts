/**
 * The public surface of mte-oracle in one place.
 *
 * Each room is also an entry point of its own (`mte-oracle/model`, `mte-oracle/checker`, ...), so
 * that a user who wants one of them needs nothing of the others.
 */
export * from "./checker/index.ts";
export * from "./counterexamples/index.ts";
export * from "./impl/index.ts";
export * from "./model/index.ts";
export * from "./oracle/index.ts";
export * from "./properties/index.ts";
