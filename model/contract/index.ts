/**
 * The contract: what every caller may rely on, whatever the design. The memory room under its own
 * names; the rooms below and above it, which have operations and steps of their own, by room.
 */
export * as architecture from "./architecture/index.ts";
export * from "./cleancache/index.ts";
export * from "./litmus/index.ts";
export * from "./memory/index.ts";
export * as processes from "./process/index.ts";
export { semanticsAsMarkdown } from "./semantics-page.ts";
