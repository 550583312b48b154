/** The configuration of `tla/TagStore.tla` for one instance. */
import type { Instance } from "./tagstore/model.ts";

export const tlaConfiguration = ({ S, G, T, K, O, bug }: Instance, symmetry: boolean): string => {
  const set = (letter: string, count: number): string =>
    `{${Array.from({ length: count }, (_, index) => letter + index).join(", ")}}`;
  return [
    "CONSTANTS",
    `  Stores = ${set("s", S)}`,
    `  Slots = ${set("i", G)}`,
    `  Tags = ${set("t", T)}`,
    `  Keys = ${set("k", K)}`,
    `  Users = ${set("u", O)}`,
    "  Kernel = Kernel",
    "  None = None",
    `  BlindDrop = ${bug === "blinddrop" ? "TRUE" : "FALSE"}`,
    "INIT Init",
    "NEXT Next",
    "INVARIANT Inv",
    "CHECK_DEADLOCK FALSE",
    ...(symmetry ? ["SYMMETRY Sym"] : []),
    "",
  ].join("\n");
};
