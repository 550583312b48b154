/** The log of our own manager at work: what each operation did, in the words of the contract. */
import { commitsOfReport, type Manager, unpackOperation } from "../../impl/index.ts";
import { type Choice, limitsOf, type Operation, type Outcome } from "../../model/index.ts";
import type { LogEvent, LogHead, ObservedOutcome, ObservedSeen } from "../../oracle/index.ts";
import { type Runner, type Size, Workload } from "../throughput/workload.ts";

export const headOf = ({ scope, design }: Manager): LogHead => ({
  log: "mte-oracle",
  version: 1,
  limits: limitsOf(scope, design.barsCma),
});

/** Tags as digits: a page has 256. */
const shortSeen = ({ tags, ...seen }: ObservedSeen): ObservedSeen =>
  typeof tags === "object" ? { ...seen, tags: tags.map((tag) => tag.toString(16)).join("") } : seen;

/** What one operation did. */
export type Step = {
  readonly operation: Operation;
  readonly choice: Choice;
  readonly outcome: Outcome;
};

const observed = (outcome: Outcome): ObservedOutcome => {
  if (outcome.kind === "page") return { ...outcome, seen: shortSeen(outcome.seen) };
  if (outcome.kind !== "pages") return outcome;
  return { ...outcome, seen: outcome.seen.map(shortSeen) };
};

/** Passes operations on, and tells what each of them, and whatever happened inside it, did. */
export class Watched implements Runner {
  private readonly manager: Manager;
  private readonly tell: (step: Step) => void;

  constructor(manager: Manager, tell: (step: Step) => void) {
    this.manager = manager;
    this.tell = tell;
  }

  get report(): Manager["report"] {
    return this.manager.report;
  }

  run(me: number, kind: number, first = 0, second = 0, third = 0): number {
    const answer = this.manager.run(me, kind, first, second, third);
    for (const { operation, choice, outcome } of commitsOfReport(this.manager))
      this.tell({
        operation: operation === "own" ? unpackOperation([kind, first, second, third]) : operation,
        choice,
        outcome,
      });
    return answer;
  }
}

/** At least so many events of a seeded work, from the boot of the manager on. */
export const tellLog = (
  manager: Manager,
  size: Size,
  seed: number,
  events: number,
  tell: (event: LogEvent) => void,
): void => {
  let told = 0;
  const watched = new Watched(manager, ({ operation, choice, outcome }) => {
    told++;
    tell({ operation, choice, outcome: observed(outcome) });
  });
  const work = new Workload(watched, manager.scope, size, seed);
  work.begin();
  while (told < events) work.next();
};
