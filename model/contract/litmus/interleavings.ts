/** Every state in which a program can end, by all interleavings of whole instructions. */
import type { Program } from "./program.ts";
import { keyOf, type LitmusState, startOf } from "./state.ts";
import { stepOf } from "./step.ts";

export type Endings = {
  /** Each once, in the order in which they were found. */
  readonly final: readonly LitmusState[];
  /** States visited, final ones among them. */
  readonly states: number;
  /** The bound was reached: there may be others. */
  readonly cut: boolean;
};

type Step = typeof stepOf;

/** Every interleaving, each state visited once; a loop that goes round adds nothing. */
export const endingsOf = (program: Program, mostStates: number, step: Step = stepOf): Endings => {
  const start = startOf(program);
  const visited = new Set([keyOf(start)]);
  const waiting = [start];
  const final: LitmusState[] = [];
  for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
    const here = state;
    const nexts = program.threads
      .map((_, index) => step(program, here, index))
      .filter((next) => next !== null);
    if (nexts.length === 0) final.push(here);
    for (const next of nexts) {
      const key = keyOf(next);
      if (visited.has(key)) continue;
      if (visited.size >= mostStates) return { final, states: visited.size, cut: true };
      visited.add(key);
      waiting.push(next);
    }
  }
  return { final, states: visited.size, cut: false };
};
