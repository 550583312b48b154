/** The specification: the contract, the machines, and the designs that are held against it. */
export * from "./contract/index.ts";
export * from "./designs/index.ts";
export {
  dataLineIsDirty,
  loadBytes,
  loadData,
  loadTags,
  tagLineIsDirty,
} from "./hardware/arena.ts";
export * from "./input-error.ts";
export * from "./machine/index.ts";
