/**
 * The places of the kernel in which a design has to be called: functions that plain Linux with MTE
 * has as well, after which something of the design's own is done. Collected while the workload runs,
 * from the functions that the actions say they stand for.
 */
import { carveout, type Design, type Job, type Label, type Operation } from "../../model/index.ts";

/** "set_ptes(), mte_sync_tags()" names two. */
const functionsIn = (standsFor: string): readonly string[] =>
  standsFor.match(/[A-Za-z_>.-]*[a-z_0-9]+\(\)/g) ?? [standsFor];

const standsForIn = (design: Design, { kind }: Job, label: Label): string | undefined =>
  kind === "work" ? undefined : design.scripts[kind]?.actions[label]?.standsFor;

/** Hooks for a cache are called in the scripts that all designs share, also where nothing answers. */
const cacheHook = /\bcleancache_/;

const actionsIn = (design: Design, kind: Operation["kind"]): string =>
  Object.values(design.scripts[kind]?.actions ?? {})
    .map(({ standsFor }) => standsFor)
    .join();

const answersTheCache = (design: Design): boolean =>
  actionsIn(design, "evict") !== actionsIn(carveout, "evict");

export class Hooks {
  private readonly design: Design;
  private readonly hasCache: boolean;
  private readonly found = new Set<string>();

  constructor(design: Design) {
    this.design = design;
    this.hasCache = answersTheCache(design);
  }

  /** An action of an operation comes after another one, or first. */
  readonly passing = (from: Label | "start", to: Label, operation: Operation): void => {
    if (!this.isOwn(to, operation)) return;
    if (from === "start") {
      for (const name of functionsIn(standsForIn(this.design, operation, to) ?? to))
        this.found.add(name);
    } else if (!this.isOwn(from, operation))
      for (const name of functionsIn(standsForIn(carveout, operation, from) ?? from))
        this.found.add(name);
  };

  /** In alphabetical order. */
  get all(): readonly string[] {
    return [...this.found].sort();
  }

  /** Is it done by this design alone, and not by plain Linux? */
  private isOwn(label: Label, operation: Operation): boolean {
    const plain = standsForIn(carveout, operation, label);
    if (this.hasCache && plain !== undefined && cacheHook.test(plain)) return true;
    return plain === undefined || plain !== standsForIn(this.design, operation, label);
  }
}
