/** Who does the work of a comparison: a design in the model, or its implementation. */
import type { Operation, Outcome, Scope } from "../../model/index.ts";
import type { Costs } from "./costs.ts";

/** The actors of a comparison by number: whose work it is, and who kills when memory is short. */
export const caller = 0;
export const reaper = 1;
/** Only where the design does work of its own. */
export const worker = 2;

/** An operation that needs more actions than this cannot go on unless somebody helps it. */
export const mostPatience = 200;

export type Subject = {
  readonly scope: Scope;
  /**
   * A whole operation. What came of it; `refused`: nobody may ask for it now; `null`: it would try
   * for ever, and is left there (the actor can ask for no more then).
   *
   * @param relief asked when the operation tries and tries; does it know something that may help?
   */
  ask(by: number, operation: Operation, relief?: () => boolean): Outcome | "refused" | null;
  /** Whatever else goes on between two operations: the design's own work, the world around. */
  pause(): void;
  /** Looks how much of the tag storage holds data now. */
  sample(): void;
  readonly costs: Costs;
};
