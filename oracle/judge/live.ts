/** The contract as the oracle of a test: it is told what was asked and what was seen, step by step. */
import type { Choice, Limits, Operation } from "../../model/index.ts";
import type { LogEvent, LogHead, ObservedOutcome } from "../log/index.ts";
import { type JudgeOptions, LogJudge } from "./judge.ts";
import { findingAsText } from "./report.ts";
import type { EntryVerdict } from "./verdict.ts";
import { toldOf } from "./vocabulary.ts";

export type OracleOptions = JudgeOptions & Pick<LogHead, "start" | "inFlight">;

/** What an implementation did may not be, or the test asked what nobody may ask. */
export class OracleError extends Error {
  override readonly name = "OracleError";
  readonly verdict: Exclude<EntryVerdict, { readonly kind: "explained" }>;

  constructor(message: string, verdict: OracleError["verdict"]) {
    super(message);
    this.verdict = verdict;
  }
}

export type Oracle = {
  /** The verdict on the next step; after a deviation the oracle believes it and goes on. */
  readonly observe: (event: LogEvent) => EntryVerdict;
  /**
   * The same for a test: returns if the contract explains the step.
   *
   * @param outcome whatever was seen of it
   * @param choice what the implementation decided, if it tells
   * @throws {OracleError} with what was known and what would have been allowed
   */
  readonly demand: (operation: Operation, outcome?: ObservedOutcome, choice?: Choice) => void;
  /** Nothing is known from here on: something happened that was not watched. */
  readonly lost: () => void;
};

/** @param limits how many pages, slots and files the implementation under test has */
export const createOracle = (limits: Limits, options: OracleOptions = {}): Oracle => {
  const { start, inFlight, ...others } = options;
  const judge = new LogJudge(
    {
      log: "mte-oracle",
      version: 1,
      limits,
      ...(start === undefined ? {} : { start }),
      ...(inFlight === undefined ? {} : { inFlight }),
    },
    others,
  );
  let steps = 0;
  let first = 1;
  const observe = (event: LogEvent): EntryVerdict => {
    steps++;
    return judge.entry(event);
  };
  return {
    observe,
    demand: (operation, outcome, choice) => {
      const event: LogEvent = {
        operation,
        ...(choice === undefined ? {} : { choice }),
        ...(outcome === undefined ? {} : { outcome }),
      };
      const verdict = observe(event);
      if (verdict.kind === "explained") return;
      const prefix = first < steps ? { first, last: steps - 1 } : null;
      first = steps + 1;
      throw new OracleError(
        findingAsText("step", { line: steps, ...toldOf(event), verdict, prefix }),
        verdict,
      );
    },
    lost: () => {
      judge.entry({ gap: {} });
    },
  };
};
