/**
 * Steps that were worked out before their answers came. Asking ahead foresees most answers, and an
 * answer that is as foreseen need not be judged a second time.
 */
import {
  type Choice,
  type Contract,
  type Judgement,
  type Memory,
  type Operation,
  type Outcome,
  step,
} from "../../model/index.ts";

type Foresight = {
  readonly operation: Operation;
  readonly choice: string;
  readonly outcome: string;
  readonly judgement: Judgement;
};

export class Foreseen {
  readonly contract: Contract;
  /** By state, the last step from it that was foreseen. */
  private readonly steps = new WeakMap<Memory, Foresight>();

  constructor(contract: Contract) {
    this.contract = contract;
  }

  /** Works a step out, and remembers it. */
  foresee(memory: Memory, operation: Operation, choice: Choice, outcome: Outcome): Judgement {
    const judgement = step(this.contract, memory, operation, choice, outcome);
    this.steps.set(memory, {
      operation,
      choice: JSON.stringify(choice),
      outcome: JSON.stringify(outcome),
      judgement,
    });
    return judgement;
  }

  /** The judgement of a step, as it was foreseen or worked out now. */
  step(memory: Memory, operation: Operation, choice: Choice, outcome: Outcome): Judgement {
    const known = this.steps.get(memory);
    return known !== undefined &&
      known.operation === operation &&
      known.outcome === JSON.stringify(outcome) &&
      known.choice === JSON.stringify(choice)
      ? known.judgement
      : step(this.contract, memory, operation, choice, outcome);
  }
}
