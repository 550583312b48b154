/**
 * The whole graph of a scope: the yardstick for runs that are drawn by chance. A transition is a
 * pair of states that some move leads between, a pair of transitions two that follow each other.
 */
import { explore } from "../../checker/index.ts";
import type { Machinery, Move, World } from "../../model/index.ts";

export type Counts = {
  readonly states: number;
  readonly transitions: number;
  readonly pairs: number;
};

/** Distinct transitions as numbers: the state before, and the state after it in the lower bits. */
const places = 2 ** 26;

export class Truth {
  readonly counts: Counts;
  private readonly machinery: Machinery;
  private readonly ids = new Map<string, number>();
  private readonly edges = new Set<number>();

  /** @throws RangeError when the scope has more than `maxStates` states */
  constructor(machinery: Machinery, maxStates: number) {
    this.machinery = machinery;
    this.number(machinery.initial);
    const { cut, states } = explore<World, Move, unknown>(
      machinery,
      [
        {
          kind: "step",
          id: "remember",
          judge: ({ before, after }) => {
            this.edges.add(this.number(before) * places + this.number(after));
            return null;
          },
        },
      ],
      { bounds: { maxStates } },
    );
    if (cut !== null) throw new RangeError(`the scope has more than ${maxStates} states`);
    const into = new Map<number, number>();
    for (const edge of this.edges) into.set(edge % places, (into.get(edge % places) ?? 0) + 1);
    let pairs = 0;
    for (const edge of this.edges) pairs += into.get(Math.floor(edge / places)) ?? 0;
    this.counts = { states, transitions: this.edges.size, pairs };
  }

  private number(world: World): number {
    const key = this.machinery.key(world);
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    this.ids.set(key, this.ids.size);
    return this.ids.size - 1;
  }

  /** @throws Error for a state that the search did not find: one of the two is wrong */
  stateOf(world: World): number {
    const known = this.ids.get(this.machinery.key(world));
    if (known === undefined) throw new Error("a run came to a state that the search did not find");
    return known;
  }

  /** @throws Error for a transition that the search did not find */
  transitionOf(before: number, after: number): number {
    const edge = before * places + after;
    if (!this.edges.has(edge)) throw new Error("a run took a transition that no move makes");
    return edge;
  }
}
