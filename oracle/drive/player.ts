/**
 * Asks steps of a program and judges the answers: the one place where a run, its repetition and a
 * replay come together. It ends with the first answer that nothing explains.
 */
import {
  type Contract,
  describeOperation,
  type Limits,
  type Memory,
  noChoice,
  type Operation,
  step as stepContract,
} from "../../model/index.ts";
import type { Answer } from "../protocol/index.ts";
import { mayBeAsked } from "./asking.ts";
import { AdapterFault } from "./fault.ts";
import { Foreseen } from "./foreseen.ts";
import { boot, type Frontier, judgeAnswer } from "./frontier.ts";
import type { Session } from "./session.ts";
import { type Given, nothingGiven, type Step } from "./step.ts";
import { testersOutcome } from "./units.ts";
import type { Ending, Told } from "./words.ts";

export type ToAsk = { readonly step: Step; readonly operation: Operation };

/** What an answer gave that later steps can be about. */
export const givenBy = (operation: Operation, answer: Answer | null): Given => {
  if (answer?.type !== "outcome") return nothingGiven;
  const { outcome } = answer;
  const gives = operation.kind === "copy" || operation.kind === "swap-in";
  if (outcome.kind === "pages") return { pages: outcome.handles, slots: [] };
  if (outcome.kind === "page" && gives) return { pages: [outcome.handle], slots: [] };
  return outcome.kind === "swapped" ? { pages: [], slots: outcome.slots } : nothingGiven;
};

/** Whoever answers: a program, or a file. */
export type Asker = Pick<Session, "ask" | "blame">;

export class Player {
  readonly contract: Contract;
  readonly foreseen: Foreseen;
  readonly told: Told[] = [];
  /** Answers that said that an operation did not happen, or may not have. */
  undone = 0;
  private readonly session: Asker;
  private states: Frontier;

  constructor(session: Asker, limits: Limits) {
    this.session = session;
    this.contract = { limits, off: new Set() };
    this.foreseen = new Foreseen(this.contract);
    this.states = boot(limits);
  }

  get frontier(): Frontier {
    return this.states;
  }

  /** Asks them all at once; null: go on. */
  async play(batch: readonly ToAsk[]): Promise<Ending | null> {
    const asked = batch.filter(({ step }) => step.by === "program");
    const number = this.told.length + 1;
    const [first] = asked;
    const during = first ? `in step ${number}: ${describeOperation(first.operation)}` : "";
    let answers: readonly Answer[] = [];
    try {
      if (first)
        answers = await this.session.ask(
          asked.map(({ operation }) => operation),
          during,
        );
      return await this.judge(batch, answers);
    } catch (thrown) {
      if (!(thrown instanceof AdapterFault)) throw thrown;
      const judged = this.told.length - number + 1;
      for (const each of batch.slice(judged)) this.told.push({ ...each, answer: null });
      return { kind: "broke", fault: thrown.fault };
    }
  }

  private async judge(batch: readonly ToAsk[], answers: readonly Answer[]): Promise<Ending | null> {
    let next = 0;
    const undoneBefore = this.undone;
    for (const { step, operation } of batch) {
      const answer = step.by === "program" ? (answers[next++] ?? null) : null;
      /** What was asked ahead may rest on something that did not happen. */
      if (this.undone > undoneBefore && !this.isPossible(operation))
        return { kind: "lost", why: "what was asked ahead rested on what did not happen" };
      this.told.push({ step, operation, answer });
      if (answer === null) this.states = this.states.map((memory) => this.own(memory, operation));
      else {
        const ending = await this.judgeOne(operation, answer);
        if (ending) return ending;
      }
    }
    return null;
  }

  private isPossible(operation: Operation): boolean {
    return this.states.every((memory) => mayBeAsked(this.contract, memory, operation));
  }

  private async judgeOne(operation: Operation, answer: Answer): Promise<Ending | null> {
    const judged = judgeAnswer(this.foreseen, this.states, operation, answer);
    if (judged.kind === "deviates") return judged;
    if (judged.kind === "lost") return judged;
    if (judged.kind === "strange") throw await this.session.blame("outcome", judged.why);
    if (answer.type === "error" && answer.error !== "refused") this.undone += 1;
    this.states = judged.frontier;
    return null;
  }

  /** The tester does what it may do, and sees what there is to be seen. */
  private own(memory: Memory, operation: Operation): Memory {
    const outcome = testersOutcome(memory, operation);
    const judged = stepContract(this.contract, memory, operation, noChoice, outcome);
    return judged.kind === "accepted" ? judged.memory : memory;
  }
}
