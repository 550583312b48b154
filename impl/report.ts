/**
 * What an action did, written into fixed words: the commits, the marks, what was chosen. Whoever
 * watches turns them into the contract's words (`told.ts`); whoever is in a hurry reads the outcome.
 */
import type { Choice, Outcome } from "../model/index.ts";
import { codesOf, word } from "./columns.ts";

export const outcomeKinds = [
  "done",
  "pages",
  "page",
  "no-memory",
  "tag",
  "bytes",
  "swapped",
  "save-failed",
  "hit",
  "miss",
  "slot",
  "failed",
] as const satisfies readonly Outcome["kind"][];
export const outcomeOf = codesOf(outcomeKinds);

export const choiceKinds = [
  "none",
  "placed",
  "short",
  "stored",
  "dropped",
] as const satisfies readonly Choice["kind"][];
export const choiceOf = codesOf(choiceKinds);

/** How much of a page the caller looked at when it was handed over. */
export const look = { nowhere: 0, everything: 1, bytesAlone: 2 } as const;

/** The words of one commit, in this order. */
export const commitFields = [
  /** 0: the actor's own operation; else the kind of one that happened inside it, and its arguments. */
  "kind",
  "first",
  "second",
  "third",
  "choice",
  /** A place, or how many pages were in flight. */
  "decided",
  "outcome",
  /** A handle, tag, contents, slot, or a count: what the outcome tells. */
  "value",
  "look",
  /** Where the page lay that was looked at. */
  "place",
] as const;
const fieldsOfCommit = commitFields.length;

/** More commits of one action than this are counted and not kept. */
const mostCommits = 64;

export class Report {
  private readonly words = new Int32Array(mostCommits * fieldsOfCommit);
  /** Commits of the operation itself and of others inside it. */
  commits = 0;
  /** Those of the operation itself. */
  ownCommits = 0;
  /** How often an operation that ended had committed. */
  commitsAtEnd = 0;
  /** Bit by code. */
  marks = 0;
  /** What the implementation decided, where it was left to decide. */
  chose = 0;
  slept = false;
  claimed = false;
  claimedAtomically = false;
  ended = false;
  /** The outcome of the actor's own operation, as a code, and what it tells. */
  outcome = -1;
  value = 0;

  begin(): void {
    this.commits = 0;
    this.ownCommits = 0;
    this.marks = 0;
    this.chose = 0;
    this.slept = false;
    this.claimed = false;
    this.ended = false;
    this.outcome = -1;
  }

  field(commit: number, field: number): number {
    return word(this.words, commit * fieldsOfCommit + field);
  }

  mark(code: number): void {
    this.marks |= 1 << code;
  }

  /** The operation under way takes effect; what it is, everybody knows. */
  own(outcome: number, value: number, choice = 0, decided = 0, looked = 0, place = 0): void {
    this.outcome = outcome;
    this.value = value;
    this.ownCommits++;
    this.push(0, choice, decided, outcome, value, looked, place);
  }

  /** Another operation takes effect inside it. */
  within(
    kind: number,
    first: number,
    second: number,
    third: number,
    outcome: number,
    value = 0,
    choice = 0,
    decided = 0,
    looked = 0,
    place = 0,
  ): void {
    if (this.commits < mostCommits) {
      const at = this.commits * fieldsOfCommit;
      this.words[at + 1] = first;
      this.words[at + 2] = second;
      this.words[at + 3] = third;
    }
    this.push(kind, choice, decided, outcome, value, looked, place);
  }

  private push(
    kind: number,
    choice: number,
    decided: number,
    outcome: number,
    value: number,
    looked: number,
    place: number,
  ): void {
    if (this.commits < mostCommits) {
      const at = this.commits * fieldsOfCommit;
      const { words } = this;
      words[at] = kind;
      words[at + 4] = choice;
      words[at + 5] = decided;
      words[at + 6] = outcome;
      words[at + 7] = value;
      words[at + 8] = looked;
      words[at + 9] = place;
    }
    this.commits++;
  }
}
