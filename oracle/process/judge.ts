/**
 * The judge of the second vocabulary. Like that of pages it keeps the states that explain what was
 * read so far; an entry that leaves none is a deviation. It then believes what was seen, where that
 * was tags or bytes, and is in doubt of the pages that the entry names, where it was anything else:
 * what it cannot explain of pages in doubt is no finding of its own.
 */
import type { AnyRuleId, EntryVerdict, Frontier } from "../judge/verdict.ts";
import type { Running } from "../scenarios/kernel.ts";
import { OutsideModel, UnboundName } from "../scenarios/operands.ts";
import { distinctRunning } from "../scenarios/same.ts";
import { NobodyThere } from "./allowed.ts";
import { believed } from "./believe.ts";
import type { ProcessEntry } from "./entry.ts";
import { explain, type Missed, objectionTo, perhaps } from "./explain.ts";
import { type ProcessMachine, startOf } from "./machine.ts";
import type { Observed } from "./observed.ts";
import type { ProcessStep } from "./step.ts";
import { pagesNamed, stateWords } from "./whereabouts.ts";

type Verdict = EntryVerdict<AnyRuleId> | "unjudged";
type StepEntry = Extract<ProcessEntry, { readonly kind: "step" }>;

const explained: Verdict = { kind: "explained" };

/** States that explain a log; few logs have more than two. */
const usualCap = 1024;
const mostTold = 4;

/** What a signal says of a fault. It was the same fault, whatever it says. */
const reported: ReadonlySet<string> = new Set(["addr", "addrTop"]);

export class ProcessJudge {
  private readonly machine: ProcessMachine;
  private readonly cap: number;
  private states: readonly Running[];
  /** Numbers of pages of which nobody knows what is true. */
  private readonly doubtful = new Set<number>();
  /** Entries were lost: nothing is known any more. */
  private lost = false;

  constructor(machine: ProcessMachine, cap: number = usualCap) {
    this.machine = machine;
    this.cap = cap;
    this.states = [startOf(machine)];
  }

  /** Judges the next entry. */
  entry(entry: ProcessEntry): Verdict {
    if (entry.kind === "gap") {
      this.lost = true;
      return explained;
    }
    if (entry.kind === "begin") {
      this.begin();
      return explained;
    }
    if (this.lost) return "unjudged";
    try {
      return this.step(entry);
    } catch (thrown) {
      const nobodys =
        thrown instanceof NobodyThere ||
        thrown instanceof OutsideModel ||
        thrown instanceof UnboundName;
      if (!nobodys) throw thrown;
      return this.doubtful.size > 0
        ? "unjudged"
        : { kind: "ill-formed", why: thrown.message, frontier: this.known(entry.step) };
    }
  }

  private begin(): void {
    this.states = [startOf(this.machine)];
    this.doubtful.clear();
    this.lost = false;
  }

  private step({ step, saw }: StepEntry): Verdict {
    const { machine, states } = this;
    if (saw === "unknown") return this.go(perhaps(machine, states, step));
    const { after, missed } = explain(machine, states, step, saw);
    if (after.length > 0) {
      if (step.op === "mmap" || step.op === "munmap") this.trust(this.pagesOf(step, saw));
      return this.go(after);
    }
    return this.deviates(step, saw, missed);
  }

  private go(after: readonly Running[]): Verdict {
    const next = distinctRunning(after);
    if (next.length <= this.cap) {
      this.states = next;
      return explained;
    }
    this.lost = true;
    return { kind: "inconclusive", why: `more than ${this.cap} states explain the log` };
  }

  private deviates(step: ProcessStep, saw: Observed, missed: readonly Missed[]): Verdict {
    const pages = this.pagesOf(step, saw);
    const inDoubt = pages.some((page) => this.doubtful.has(page));
    const verdict = inDoubt ? "unjudged" : this.objection(step, saw, missed);
    this.believe(step, saw, pages, missed);
    return verdict;
  }

  private objection(step: ProcessStep, saw: Observed, missed: readonly Missed[]): Verdict {
    const objected = objectionTo(saw, missed);
    if (!objected)
      return { kind: "ill-formed", why: "nothing can come of it", frontier: this.known(step) };
    const { rule, cause, allowed } = objected;
    const outcomes = {
      outcomes: allowed.slice(0, mostTold),
      more: Math.max(0, allowed.length - mostTold),
    };
    return { kind: "deviation", rule, cause, allowed: outcomes, frontier: this.known(step) };
  }

  /** Goes on with what was seen, or with what should have been and doubts about the pages. */
  private believe(
    step: ProcessStep,
    saw: Observed,
    pages: readonly number[],
    missed: readonly Missed[],
  ): void {
    const shown = this.states.flatMap((each) => believed(each, step, saw) ?? []);
    if (shown.length > 0) {
      this.states = distinctRunning(shown);
      this.trust(pages);
      return;
    }
    const alike = missed.filter(({ wrong }) => wrong.every((key) => reported.has(key)));
    if (alike.length > 0 && alike.length <= this.cap) {
      this.states = distinctRunning(alike.map(({ branch }) => branch.after));
      return;
    }
    for (const page of pages) this.doubtful.add(page);
    const failed = saw.errno !== undefined || saw.fault !== undefined || saw.ok === false;
    const others = missed.map(({ branch }) => branch.after);
    if (!failed && others.length > 0 && others.length <= this.cap)
      this.states = distinctRunning(others);
  }

  private trust(pages: readonly number[]): void {
    for (const page of pages) this.doubtful.delete(page);
  }

  private pagesOf(step: ProcessStep, { pointer }: Observed): readonly number[] {
    const [first] = this.states;
    return first ? pagesNamed(first, step, pointer) : [];
  }

  private known(step: ProcessStep): Frontier {
    const all = [...new Set(this.states.map((each) => stateWords(each, step)))];
    return { states: all.slice(0, mostTold), more: Math.max(0, all.length - mostTold) };
  }
}
