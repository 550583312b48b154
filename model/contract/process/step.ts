/** The room in one function: what may user space see, and what is true afterwards? */
import type { ProcessOperation } from "./operations.ts";
import type { Outcome } from "./outcome.ts";
import type { RuleId } from "./rulebook.ts";
import type { ProcessState } from "./state.ts";

/** One thing that may happen. `rules` are the ones that made it so, the deciding one first. */
export type Allowed = {
  readonly state: ProcessState;
  readonly outcome: Outcome;
  readonly rules: readonly RuleId[];
};

/**
 * Every outcome that is allowed, with the state that follows; never none. Two entries may have the
 * same outcome and different states: later operations tell them apart. An operation that names a
 * thread or file that does not exist fails as the kernel says it (ESRCH, EBADF).
 */
export declare const step: (state: ProcessState, operation: ProcessOperation) => readonly Allowed[];
