/** A failing run done again: by the adapter, or from the answers in its file alone. */
import type { Operation } from "../../model/index.ts";
import type { Answer } from "../protocol/index.ts";
import { type DrivenFailure, type DrivenRun, failureOf, stepsOfDrivenRun } from "./driven-run.ts";
import { AdapterFault } from "./fault.ts";
import type { Host } from "./host.ts";
import { type Asker, Player } from "./player.ts";
import { type Run, redo } from "./run.ts";

export type Again = {
  readonly run: Run;
  /** Does it fail as the file says? */
  readonly same: boolean;
};

const isSame = (said: DrivenFailure, now: DrivenFailure | null): boolean => {
  if (said.kind === "deviates") return now?.kind === "deviates" && now.rule === said.rule;
  if (said.kind === "hung") return now?.kind === "hung";
  return now?.kind === "died" && now.code === said.code && now.signal === said.signal;
};

const toldAs = (driven: DrivenRun, run: Run): Again => ({
  run,
  same: isSame(driven.failure, failureOf(run)),
});

/** Asks the steps of a file of a program. @throws AdapterFault when it cannot be started */
export const doAgain = async (driven: DrivenRun, host: Host): Promise<Again> => {
  const session = await host.live();
  const run = await redo(session, driven.limits, stepsOfDrivenRun(driven));
  if (run.ending.kind === "broke") await host.drop();
  return toldAs(driven, run);
};

/** Somebody who answers what is in the file. */
class Recorded implements Asker {
  private readonly answers: readonly (Answer | null)[];
  private next = 0;

  constructor({ steps }: DrivenRun) {
    this.answers = steps.flatMap(({ by, answer }, index): readonly (Answer | null)[] => {
      if (by === "tester") return [];
      if (!answer) return [null];
      const id = index + 1;
      return [
        "outcome" in answer ? { type: "outcome", id, ...answer } : { type: "error", id, ...answer },
      ];
    });
  }

  async ask(operations: readonly Operation[], during: string): Promise<readonly Answer[]> {
    return operations.map(() => {
      const answer = this.answers[this.next++];
      if (answer) return answer;
      throw new AdapterFault({
        kind: "not-started",
        why: "no answer is kept",
        during,
        lastWords: [],
      });
    });
  }

  async blame(field: string, message: string): Promise<Error> {
    return new AdapterFault({ kind: "misspoke", field, message, during: "", lastWords: [] });
  }
}

/** Judges the answers in a file again; a program that was gone by then stays gone. */
export const judgeAgain = async (driven: DrivenRun): Promise<Again> => {
  const { limits, failure, lastWords } = driven;
  const player = new Player(new Recorded(driven), limits);
  const batch = stepsOfDrivenRun(driven).map((step) => ({ step, operation: step.operation }));
  for (const each of batch) {
    const ending = await player.play([each]);
    if (ending?.kind === "broke" && failure.kind !== "deviates") {
      const fault = { ...failure, during: ending.fault.during, lastWords };
      return toldAs(driven, { limits, told: player.told, ending: { kind: "broke", fault } });
    }
    if (ending) return toldAs(driven, { limits, told: player.told, ending });
  }
  return toldAs(driven, { limits, told: player.told, ending: { kind: "agreed" } });
};
