/** A failing run done again: by the adapter, or from the answers in its file alone. */
import type { Answer } from "../protocol/index.ts";
import { type DrivenFailure, type DrivenRun, failureOf, stepsOfDrivenRun } from "./driven-run.ts";
import { AdapterFault, type Fault } from "./fault.ts";
import type { Host } from "./host.ts";
import { Player } from "./player.ts";
import { redo } from "./run.ts";
import type { Session } from "./session.ts";
import type { Pages, Run, Words } from "./words.ts";

export type Again<W extends Words = Pages> = {
  readonly run: Run<W>;
  /** Does it fail as the file says? */
  readonly same: boolean;
};

const isSame = (said: DrivenFailure, now: DrivenFailure | null): boolean => {
  if (said.kind === "deviates") return now?.kind === "deviates" && now.rule === said.rule;
  if (said.kind === "hung") return now?.kind === "hung";
  return now?.kind === "died" && now.code === said.code && now.signal === said.signal;
};

/** Does a run fail as its file says? */
export const comparedWith = <W extends Words>(said: DrivenFailure, run: Run<W>): Again<W> => ({
  run,
  same: isSame(said, failureOf<W>(run)),
});

/** Asks the steps of a file of a program. @throws AdapterFault when it cannot be started */
export const doAgain = async (driven: DrivenRun, host: Host): Promise<Again> => {
  const session = await host.live();
  const run = await redo(session, driven.limits, stepsOfDrivenRun(driven));
  if (run.ending.kind === "broke") await host.drop();
  return comparedWith(driven.failure, run);
};

/** Somebody who answers what is in a file, in its order; null: nothing was answered any more. */
export const recorded = <W extends Words>(
  answers: readonly (W["answer"] | null)[],
): Pick<Session<W>, "ask" | "blame"> => {
  let next = 0;
  return {
    ask: async (operations, during) =>
      operations.map(() => {
        const answer = answers[next++];
        if (answer) return answer;
        const why = "no answer is kept";
        throw new AdapterFault({ kind: "not-started", why, during, lastWords: [] });
      }),
    blame: async (field, message) =>
      new AdapterFault({ kind: "misspoke", field, message, during: "", lastWords: [] }),
  };
};

const answersIn = ({ steps }: DrivenRun): readonly (Answer | null)[] =>
  steps.flatMap(({ by, answer }, index): readonly (Answer | null)[] => {
    if (by === "tester") return [];
    if (!answer) return [null];
    const id = index + 1;
    return [
      "outcome" in answer ? { type: "outcome", id, ...answer } : { type: "error", id, ...answer },
    ];
  });

/** A program that was gone when the file was written stays gone. */
export const stillGone = (
  { failure, lastWords }: Pick<DrivenRun, "failure" | "lastWords">,
  ending: { readonly kind: string; readonly fault?: Fault },
): Fault | null =>
  ending.kind === "broke" && failure.kind !== "deviates"
    ? { ...failure, during: ending.fault?.during ?? "", lastWords }
    : null;

/** Judges the answers in a file again. */
export const judgeAgain = async (driven: DrivenRun): Promise<Again> => {
  const { limits, failure } = driven;
  const player = new Player(recorded<Pages>(answersIn(driven)), limits);
  const batch = stepsOfDrivenRun(driven).map((step) => ({ step, operation: step.operation }));
  for (const each of batch) {
    const ending = await player.play([each]);
    if (!ending) continue;
    const fault = stillGone(driven, ending);
    const told = { limits, told: player.told };
    return comparedWith(failure, { ...told, ending: fault ? { kind: "broke", fault } : ending });
  }
  return comparedWith(failure, { limits, told: player.told, ending: { kind: "agreed" } });
};
