/**
 * A bug planted in a design: one small wrong thing, put into its scripts or declarations by a switch.
 * When it is off nothing of it is left, because the design itself is never changed. Designs with an
 * implementation have their bugs there; these are for those that live in the model alone.
 */
import type { Action, Next, Turn } from "../script.ts";
import type { Change } from "../shared/rescripting.ts";

export { adding, changes, replacing } from "../shared/rescripting.ts";

export type DesignBug = {
  /** kebab-case; what is wrong, not what comes of it */
  readonly id: string;
  /** What the design does instead of the right thing. */
  readonly sentence: string;
  /** A commit, a posting or a numbered defect. */
  readonly source: string;
  /** The least story of the source, as operations in their order. */
  readonly story: readonly string[];
  /** Designs that can have it. */
  readonly designs: readonly string[];
  /** A change that nobody may flag: it is no bug. */
  readonly harmless?: true;
  readonly design: Change;
};

/** An action that does something of its own before its work. */
export const beforehand =
  (what: (turn: Turn, choice: number) => void) =>
  (action: Action): Action =>
    action.next === undefined
      ? {
          ...action,
          do: (turn, choice) => {
            what(turn, choice);
            return action.do(turn, choice);
          },
        }
      : {
          ...action,
          do: (turn, choice) => {
            what(turn, choice);
            return action.do(turn, choice);
          },
        };

/** An action that decides otherwise; `undefined`: as it would have. */
export const deciding =
  (what: (turn: Turn, choice: number) => Next | undefined) =>
  (action: Action): Action =>
    action.next === undefined
      ? { ...action, do: (turn, choice) => what(turn, choice) ?? action.do(turn, choice) }
      : action;

/** An action whose check is not made. */
export const unchecked = (action: Action): Action =>
  action.next === undefined && action.unchecked ? { ...action, do: action.unchecked.do } : action;
