/** What model and implementation report of one action, in one form, so that it can be compared. */
import { commitsOfReport, type Manager, marksOfReport } from "../../impl/index.ts";
import type { Event, Job, Mark } from "../../model/index.ts";

export type Told = {
  readonly commits: readonly unknown[];
  readonly marks: readonly Mark[];
  readonly slept: boolean;
  readonly claimed: boolean | null;
  readonly ended: number | null;
};

/** The events of the model in the form in which the implementation reports. */
export const toldByModel = (events: readonly Event[], own: Job | null): Told => {
  const commits: unknown[] = [];
  const marked = new Set<Mark>();
  let slept = false;
  let claimed: boolean | null = null;
  let ended: number | null = null;
  for (const event of events) {
    if (event.kind === "committed")
      commits.push({
        operation: event.operation === own ? "own" : event.operation,
        ...event.commit,
      });
    else if (event.kind === "marked") marked.add(event.mark);
    else if (event.kind === "slept-in-atomic") slept = true;
    else if (event.kind === "claimed") claimed = event.atomic;
    else ended = event.commits;
  }
  return { commits, marks: [...marked].sort(), slept, claimed, ended };
};

export const toldByManager = (manager: Manager): Told => {
  const { report } = manager;
  return {
    commits: commitsOfReport(manager),
    marks: [...marksOfReport(manager)].sort(),
    slept: report.slept,
    claimed: report.claimed ? report.claimedAtomically : null,
    ended: report.ended ? report.commitsAtEnd : null,
  };
};
