/**
 * Asks steps of a program and judges the answers, one at a time: what memory is called depends on
 * the answer before. It ends with the first answer that nothing explains.
 */
import { AdapterFault } from "../drive/fault.ts";
import type { Session } from "../drive/session.ts";
import type { Ending, Refusal, Told } from "../drive/words.ts";
import type { Running } from "../scenarios/kernel.ts";
import { OutsideModel, UnboundName } from "../scenarios/operands.ts";
import { distinctRunning } from "../scenarios/same.ts";
import { NobodyThere } from "./allowed.ts";
import type { NamedStep, Processes } from "./drive-words.ts";
import { explain, objectionTo, perhaps } from "./explain.ts";
import { type ProcessMachine, startOf } from "./machine.ts";
import type { ProcessAnswer } from "./messages.ts";
import { observedSchema } from "./observed.ts";
import type { WrittenStep } from "./propose.ts";
import { resolved } from "./resolve.ts";
import { processStepSchema } from "./step.ts";
import { askedWords } from "./words.ts";

/** Whoever answers: a program, or a file. */
export type Asker = Pick<Session<Processes>, "ask" | "blame">;

/** More states than this are too many to go on with. */
const mostStates = 1024;

type Deviates = Extract<Ending<Processes>, { readonly kind: "deviates" }>;
const deviates = (refusal: Refusal<Processes>): Deviates => ({ kind: "deviates", refusal });

export class ProcessPlayer {
  readonly machine: ProcessMachine;
  readonly told: Told<Processes>[] = [];
  private readonly asker: Asker;
  private states: readonly Running[];

  constructor(asker: Asker, machine: ProcessMachine) {
    this.asker = asker;
    this.machine = machine;
    this.states = [startOf(machine)];
  }

  /** One of the states; mostly there is no other. */
  get running(): Running {
    const [first] = this.states;
    if (!first) throw new Error("some state always explains what was seen");
    return first;
  }

  /** The step with its numbers; null where it makes no sense any more, since others were left out. */
  operationOf({ written }: NamedStep): WrittenStep | null {
    try {
      const { bindings, state } = this.running;
      const step = processStepSchema.parse(written);
      const threads = [step.proc, "pid" in step ? step.pid : undefined];
      if (threads.some((name) => name !== undefined && !state.threads.has(name))) return null;
      if ("fd" in step && step.fd !== undefined && !bindings.handles.has(step.fd)) return null;
      return resolved(written, bindings);
    } catch (thrown) {
      if (thrown instanceof UnboundName) return null;
      throw thrown;
    }
  }

  /** Asks one; null: go on. */
  async play(step: NamedStep, operation: WrittenStep): Promise<Ending<Processes> | null> {
    const during = `in step ${this.told.length + 1}: ${askedWords({ operation })}`;
    try {
      const [answer] = await this.asker.ask([operation], during);
      if (!answer) throw new Error("one answer is owed for each question");
      this.told.push({ step, operation, answer });
      return this.judge(step, answer);
    } catch (thrown) {
      if (!(thrown instanceof AdapterFault)) throw thrown;
      this.told.push({ step, operation, answer: null });
      return { kind: "broke", fault: thrown.fault };
    }
  }

  private judge({ written }: NamedStep, answer: ProcessAnswer): Ending<Processes> | null {
    const step = processStepSchema.parse(written);
    if (answer.type === "error" && answer.error === "not-done") return null;
    if (answer.type === "error" && answer.error === "refused")
      return deviates({ rule: null, cause: "it was refused, and anybody may ask it", allowed: [] });
    try {
      if (answer.type === "error") return this.go(perhaps(this.machine, this.states, step));
      const saw = observedSchema.parse(answer.outcome);
      const { after, missed } = explain(this.machine, this.states, step, saw);
      if (after.length > 0) return this.go(after);
      const objected = objectionTo(saw, missed);
      return objected ? deviates(objected) : { kind: "lost", why: "nothing can come of it" };
    } catch (thrown) {
      const outside = thrown instanceof OutsideModel || thrown instanceof NobodyThere;
      if (!outside) throw thrown;
      return { kind: "lost", why: thrown.message };
    }
  }

  private go(after: readonly Running[]): Ending<Processes> | null {
    const next = distinctRunning(after);
    if (next.length > mostStates)
      return { kind: "lost", why: `more than ${mostStates} states would explain what was seen` };
    this.states = next;
    return null;
  }
}
