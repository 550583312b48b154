/**
 * A story: operations in the order in which somebody tells them, for any design. It says neither
 * what a design decides nor how its actions interleave; both are explored.
 */
import type { OperandName, Sentence } from "./sentences.ts";

/** A number as it stands in the line, or the page or slot that an earlier line gave a name. */
export type Operand =
  | { readonly kind: "number"; readonly number: number }
  | { readonly kind: "name"; readonly name: string };

export type StoryLine = {
  /** Where it stands in the file, from 1. */
  readonly line: number;
  /** As it is written. */
  readonly text: string;
  /** Index into {@link Story.actors}. */
  readonly actor: number;
  readonly sentence: Sentence;
  readonly operands: ReadonlyMap<OperandName, Operand>;
  /** The name that its page or slot is given. */
  readonly as: string | null;
};

export type StoryActor = {
  readonly name: string;
  /** A process has pages of its own; a thread has those of its process; the kernel any page. */
  readonly is:
    | "process"
    | "process that shares every page"
    | "thread"
    | "interrupt"
    | "kernel thread";
  /** Of a thread: index of its process. */
  readonly of: number | null;
  readonly cpu: number;
};

/** What no line of a story tells: how much memory there is, and what may go wrong around it. */
export type StorySettings = {
  readonly storagePages: number;
  readonly pagesPerStoragePage: number;
  readonly storagePagesPerBlock: number;
  readonly granulesPerPage: number;
  /** The last so many data pages are CMA memory that is no tag storage. */
  readonly cmaPages: number;
  readonly slots: number;
  readonly failures: boolean;
  readonly dirtyLines: boolean;
  readonly gets: "keeping" | "consuming";
};

export type Story = {
  /** kebab-case, from the file's name. */
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly source: string;
  /** Planted bugs: the story is told of the implementation with each of them, too. */
  readonly plants: readonly string[];
  readonly actors: readonly StoryActor[];
  readonly settings: StorySettings;
  /** One after the other; what lies in one group happens at the same time. */
  readonly groups: readonly (readonly StoryLine[])[];
};
