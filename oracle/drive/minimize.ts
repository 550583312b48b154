/**
 * Makes a failing run short by doing it again: with less in it, in smaller memory, with plainer
 * values. What still fails in the same way is kept. Names in a step say which step gave the page, so
 * that what is left means what it meant before.
 */
import type { Limits, Operation } from "../../model/index.ts";
import { type Capabilities, type SizeName, sizeNames } from "../protocol/capabilities.ts";
import type { Host } from "./host.ts";
import { fits } from "./planner.ts";
import { type Ending, givenBy, type Told } from "./player.ts";
import { type Run, redo } from "./run.ts";
import type { Step } from "./step.ts";

export type Minimized = {
  readonly run: Run;
  /** False: done again as it was, it did not fail like that. The run is told as it was found. */
  readonly reproduced: boolean;
  /** How often it was done again. */
  readonly attempts: number;
};

const mostAttempts = 1500;
/** Each of these takes as long as the program may hang. */
const mostHangingAttempts = 12;

/** Is it the same failure? */
export const isAlike = (one: Ending, other: Ending): boolean => {
  if (one.kind === "deviates" && other.kind === "deviates")
    return one.refusal.rule === other.refusal.rule;
  if (one.kind !== "broke" || other.kind !== "broke") return false;
  const [first, second] = [one.fault, other.fault];
  if (first.kind === "died" && second.kind === "died")
    return first.code === second.code && first.signal === second.signal;
  return first.kind === second.kind;
};

/** The same operation, said more plainly: each way by itself. */
const plainerOperations = (operation: Operation): readonly Operation[] => {
  const ways: Operation[] = [];
  if ("bytes" in operation && operation.bytes > 1) ways.push({ ...operation, bytes: 1 });
  if ("tag" in operation && operation.tag > 1) ways.push({ ...operation, tag: 1 });
  if ("granule" in operation && operation.granule > 0) ways.push({ ...operation, granule: 0 });
  if ("owner" in operation && operation.owner > 0) ways.push({ ...operation, owner: 0 });
  if ("file" in operation && operation.file > 0) ways.push({ ...operation, file: 0 });
  if ("index" in operation && operation.index > 0) ways.push({ ...operation, index: 0 });
  if (operation.kind === "allocate") {
    if (operation.order > 0) ways.push({ ...operation, order: 0 });
    if (operation.context === "atomic") ways.push({ ...operation, context: "sleepable" });
    if (!operation.zeroed) ways.push({ ...operation, zeroed: true });
    /** Then nobody has to enable them. */
    if (!operation.tagged) ways.push({ ...operation, tagged: true });
  }
  if (operation.kind === "swap-in") {
    if (operation.path !== "fault") ways.push({ ...operation, path: "fault" });
    if (operation.mapping !== "tagged") ways.push({ ...operation, mapping: "tagged" });
  }
  return ways;
};

const newPage = {
  kind: "allocate",
  owner: 0,
  tagged: true,
  zeroed: true,
  context: "sleepable",
  order: 0,
} as const;

/** A page of its own will often do where a copy was made, or a page brought back. */
const plainer = (step: Step): readonly Step[] => {
  const { operation } = step;
  const ways = plainerOperations(operation).map((each) => ({ ...step, operation: each }));
  return operation.kind === "copy" || operation.kind === "swap-in"
    ? [...ways, { ...step, operation: newPage }]
    : ways;
};

/** The step about each page that was given before what it is about, the first ones first. */
const aboutOthers = (step: Step, before: readonly Told[]): readonly Step[] => {
  const [about, ...more] = step.pages;
  if (!about || more.length > 0) return [];
  const [handle, now] = about;
  return before
    .flatMap(({ step: { number }, operation, answer }) =>
      givenBy(operation, answer).pages.map((_, position) => ({ step: number, position })),
    )
    .filter((origin) => origin.step < now.step)
    .map((origin) => ({ ...step, pages: new Map([[handle, origin]]) }));
};

const stepsOf = ({ told }: Run): readonly Step[] => told.map(({ step }) => step);

/** 0 stays 0; other numbers become 1, 2, 3 in the order in which they come. */
class Smaller {
  private readonly known = new Map([[0, 0]]);

  of(number: number): number {
    const known = this.known.get(number) ?? this.known.size;
    this.known.set(number, known);
    return known;
  }
}

class Minimizer {
  attempts = 0;
  best: Run;
  private readonly host: Host;
  private readonly capabilities: Capabilities;
  private readonly wanted: Ending;
  private readonly most: number;

  constructor(host: Host, capabilities: Capabilities, run: Run) {
    this.host = host;
    this.capabilities = capabilities;
    this.best = run;
    this.wanted = run.ending;
    const hangs = run.ending.kind === "broke" && run.ending.fault.kind === "hung";
    this.most = hangs ? mostHangingAttempts : mostAttempts;
  }

  /** Does it again; what fails in the same way is the best from here on. */
  async isStill(limits: Limits, steps: readonly Step[]): Promise<boolean> {
    if (this.attempts >= this.most) return false;
    this.attempts += 1;
    const run = await redo(await this.host.live(), limits, steps);
    if (run.ending.kind === "broke") await this.host.drop();
    if (!isAlike(run.ending, this.wanted)) return false;
    this.best = run;
    return true;
  }

  /** Leaves out units: many at a time, then fewer, then one by one. */
  async leaveOut(): Promise<void> {
    let chunk = Math.ceil(stepsOf(this.best).length / 2);
    while (chunk >= 1) {
      const shorter = await this.withoutChunks(chunk);
      if (chunk === 1 && !shorter) return;
      if (chunk > 1) chunk = Math.ceil(chunk / 2);
    }
  }

  /** From the end, where what does not matter is most often. */
  private async withoutChunks(chunk: number): Promise<boolean> {
    let shorter = false;
    for (let from = this.units.length - chunk; from > -chunk; from -= chunk) {
      const { units } = this;
      const left = new Set(units.slice(Math.max(0, from), from + chunk));
      const steps = stepsOf(this.best).filter(({ unit }) => !left.has(unit));
      if (steps.length > 0 && (await this.isStill(this.best.limits, steps))) shorter = true;
    }
    return shorter;
  }

  private get units(): readonly number[] {
    return [...new Set(stepsOf(this.best).map(({ unit }) => unit))];
  }

  /** As little of everything as shows it. */
  async shrink(): Promise<void> {
    for (const name of sizeNames) {
      const { least } = this.capabilities.sizes[name];
      for (let size = least; size < this.best.limits[name]; size += 1) {
        const limits = this.limitsWith(name, size);
        if (fits(limits, this.capabilities) && (await this.isStill(limits, stepsOf(this.best))))
          break;
      }
    }
  }

  private limitsWith(name: SizeName, size: number): Limits {
    const { limits } = this.best;
    const spare = limits.handles - limits.taggablePages;
    return name === "taggablePages"
      ? { ...limits, taggablePages: size, handles: size + spare }
      : { ...limits, [name]: size };
  }

  /** What one step of a unit says, the others say too. */
  private isPartOfMore({ unit }: Step): boolean {
    return stepsOf(this.best).filter((step) => step.unit === unit).length > 1;
  }

  /** Small numbers for all contents and tags, whatever they were, in all steps at once. */
  async renumber(): Promise<void> {
    const [bytes, tags] = [new Smaller(), new Smaller()];
    const steps = stepsOf(this.best).map((step) => {
      const { operation } = step;
      const renumbered = {
        ...operation,
        ...("bytes" in operation && { bytes: bytes.of(operation.bytes) }),
        ...("tag" in operation && { tag: tags.of(operation.tag) }),
      };
      return { ...step, operation: renumbered };
    });
    await this.isStill(this.best.limits, steps);
  }

  async simplify(): Promise<void> {
    for (let at = 0; at < stepsOf(this.best).length; at++) {
      const step = stepsOf(this.best)[at];
      if (!step || step.wrong || this.isPartOfMore(step)) continue;
      const before = this.best.told.slice(0, at);
      for (const way of [...plainer(step), ...aboutOthers(step, before)])
        if (await this.isStill(this.best.limits, stepsOf(this.best).with(at, way))) break;
    }
  }
}

/**
 * Makes a failing run as short as its attempts allow.
 *
 * @throws AdapterFault when the program cannot be started again
 */
export const minimize = async (
  host: Host,
  capabilities: Capabilities,
  run: Run,
): Promise<Minimized> => {
  const minimizer = new Minimizer(host, capabilities, run);
  const reproduced = await minimizer.isStill(run.limits, stepsOf(run));
  if (reproduced) {
    await minimizer.leaveOut();
    for (let length = 0; length !== minimizer.best.told.length; ) {
      length = minimizer.best.told.length;
      await minimizer.simplify();
      await minimizer.leaveOut();
    }
    await minimizer.shrink();
    await minimizer.renumber();
    await minimizer.simplify();
  }
  return { run: minimizer.best, reproduced, attempts: minimizer.attempts };
};
