/** One run against a program: made up as it goes, or done again from its steps. */
import { Draw } from "../drive/draw.ts";
import { begun, type Talk } from "../drive/session.ts";
import { drawWeight, Turns, type Weighed } from "../drive/turns.ts";
import type { Ending, Run, RunOptions } from "../drive/words.ts";
import type { NamedStep, Processes } from "./drive-words.ts";
import { machineOf, type ProcessMachine } from "./machine.ts";
import { ProcessPlayer } from "./player.ts";
import { finalLooks, proposable, proposeStep, type WrittenStep } from "./propose.ts";
import type { ProcessOp } from "./step.ts";

/** Without memory there is nothing to do anything with, and without a mode nothing is checked. */
const founding: ReadonlySet<ProcessOp> = new Set(["mmap", "prctl", "settags"]);
/** What throws much away is asked less than what builds it up. */
const wasteful: Readonly<Partial<Record<ProcessOp, number>>> = {
  munmap: 0.2,
  madvise: 0.5,
  mprotect: 0.5,
  swapoff: 0.2,
  prctl: 0.3,
};

const weigh = (draw: Draw, operations: readonly ProcessOp[]): readonly Weighed<ProcessOp>[] =>
  operations
    .filter((op) => proposable.includes(op))
    .flatMap((op) => {
      const drawn = drawWeight(draw);
      const weight = founding.has(op) ? Math.max(1, drawn) : drawn;
      return weight > 0 ? [{ kind: op, weight: weight * (wasteful[op] ?? 1) }] : [];
    });

const named = (number: number, written: WrittenStep): NamedStep => ({
  number,
  unit: number,
  by: "program",
  written,
});

/** The same seed and number make the same run, as long as the answers are the same. */
export const generateProcessRun = async (
  session: Talk<Processes>,
  { seed, run, length }: RunOptions,
): Promise<Run<Processes>> => {
  const draw = new Draw(seed, run);
  const { capabilities } = session.hello;
  const machine = machineOf(capabilities);
  const broken = await begun<Processes>(session, machine);
  if (broken) return { machine, told: [], ending: broken };
  const player = new ProcessPlayer(session, machine);
  const { operations } = capabilities;
  const turns = new Turns(draw, weigh(draw, operations));
  /** Most runs ask for checks before anything else. */
  const first = (): readonly ProcessOp[] => {
    const checks = operations.includes("prctl") && draw.some(80);
    return checks ? ["prctl", ...turns.inOrder()] : turns.inOrder();
  };
  const next = (number: number): WrittenStep | null => {
    const chance = { draw, running: player.running, capabilities, fresh: `n${number}` };
    for (const op of number === 0 ? first() : turns.inOrder()) {
      const step = proposeStep(op, chance);
      if (step === null) continue;
      turns.note(op);
      return step;
    }
    return null;
  };
  const play = async (number: number, written: WrittenStep): Promise<Ending<Processes> | null> => {
    const step = named(number, written);
    const operation = player.operationOf(step);
    return operation && player.play(step, operation);
  };
  for (let number = 0; number < length; number++) {
    const written = next(number);
    if (written === null) break;
    const ending = await play(number, written);
    if (ending) return { machine, told: player.told, ending };
  }
  const looks = finalLooks({ running: player.running, capabilities });
  for (const [index, written] of looks.entries()) {
    const ending = await play(length + index, written);
    if (ending) return { machine, told: player.told, ending };
  }
  return { machine, told: player.told, ending: { kind: "agreed" } };
};

/** Does steps again; those that make no sense any more are left out. */
export const redoProcessRun = async (
  session: Talk<Processes>,
  machine: ProcessMachine,
  steps: readonly NamedStep[],
): Promise<Run<Processes>> => {
  const broken = await begun<Processes>(session, machine);
  if (broken) return { machine, told: [], ending: broken };
  const player = new ProcessPlayer(session, machine);
  for (const step of steps) {
    const operation = player.operationOf(step);
    const ending = operation && (await player.play(step, operation));
    if (ending) return { machine, told: player.told, ending };
  }
  return { machine, told: player.told, ending: { kind: "agreed" } };
};
