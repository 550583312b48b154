/** What a suite tests of a design: its implementation beside it, or, where it has none, itself. */
import { isPacked } from "../../impl/index.ts";
import type { Design, Scope } from "../../model/index.ts";
import type { Floors, Under } from "./floors.ts";
import { Judged } from "./judged.ts";
import { Lockstep } from "./lockstep.ts";

/** @param lists real free lists where there is an implementation; else: frames are told apart */
export const floorsOf = (
  design: Design,
  scope: Scope,
  lists: boolean,
  under: Under = {},
): Floors =>
  isPacked(design)
    ? new Lockstep(design, scope, lists, under)
    : new Judged(design, scope, lists, under);
