/**
 * Makes a failing run short by doing it again: with less in it, in smaller memory, with plainer
 * values. What still fails in the same way is kept. Names in a step say which step gave the page, so
 * that what is left means what it meant before.
 */
import type { Limits, Operation } from "../../model/index.ts";
import { type Capabilities, type SizeName, sizeNames } from "../protocol/capabilities.ts";
import type { Hosting } from "./host.ts";
import { fits } from "./planner.ts";
import { givenBy } from "./player.ts";
import { redo } from "./run.ts";
import { type Minimized, Shortening } from "./shorten.ts";
import type { Step } from "./step.ts";
import type { Pages, Run, Told } from "./words.ts";

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

/** 0 stays 0; other numbers become 1, 2, 3 in the order in which they come. */
class Smaller {
  private readonly known = new Map([[0, 0]]);

  of(number: number): number {
    const known = this.known.get(number) ?? this.known.size;
    this.known.set(number, known);
    return known;
  }
}

class Minimizer extends Shortening<Pages> {
  private readonly capabilities: Capabilities;

  constructor(host: Hosting, capabilities: Capabilities, run: Run) {
    super(host, redo, run.limits, run);
    this.capabilities = capabilities;
  }

  /** As little of everything as shows it. */
  async shrink(): Promise<void> {
    for (const name of sizeNames) {
      const { least } = this.capabilities.sizes[name];
      for (let size = least; size < this.best.limits[name]; size += 1) {
        const limits = this.limitsWith(name, size);
        if (fits(limits, this.capabilities) && (await this.isStill(limits, this.steps))) break;
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
    return this.steps.filter((step) => step.unit === unit).length > 1;
  }

  /** Small numbers for all contents and tags, whatever they were, in all steps at once. */
  async renumber(): Promise<void> {
    const [bytes, tags] = [new Smaller(), new Smaller()];
    const steps = this.steps.map((step) => {
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
    for (let at = 0; at < this.steps.length; at++) {
      const step = this.steps[at];
      if (!step || step.wrong || this.isPartOfMore(step)) continue;
      const before = this.best.told.slice(0, at);
      for (const way of [...plainer(step), ...aboutOthers(step, before)])
        if (await this.isStill(this.best.limits, this.steps.with(at, way))) break;
    }
  }
}

/**
 * Makes a failing run as short as its attempts allow.
 *
 * @throws AdapterFault when the program cannot be started again
 */
export const minimize = async (
  host: Hosting,
  capabilities: Capabilities,
  run: Run,
): Promise<Minimized<Pages>> => {
  const minimizer = new Minimizer(host, capabilities, run);
  const reproduced = await minimizer.isStill(run.limits, minimizer.steps);
  if (reproduced) {
    await minimizer.shorten(() => minimizer.simplify());
    await minimizer.shrink();
    await minimizer.renumber();
    await minimizer.simplify();
  }
  return { run: minimizer.best, reproduced, attempts: minimizer.attempts };
};
