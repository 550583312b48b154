/**
 * What an actor is at work on: an operation that a caller asked for, or the design's own work in the
 * background (a block is plugged, a page written back), of which the contract knows nothing.
 */
import { describeOperation, type Operation } from "../contract/memory/index.ts";

/** Own work of a design, done to one object: a block, a page, whatever the work is about. */
export type Work = {
  readonly kind: "work";
  /** In kebab-case a phrase that an object completes: "plugs-block". */
  readonly name: string;
  readonly object: number;
};

export type Job = Operation | Work;

/** "plugs block 3" */
export const describeDeed = (name: string, object: number): string =>
  `${name.replaceAll("-", " ")} ${object}`;

export const describeJob = (job: Job): string =>
  job.kind === "work" ? describeDeed(job.name, job.object) : describeOperation(job);
