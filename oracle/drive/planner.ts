/**
 * What is asked next. The planner walks the states of the contract and always knows what is possible
 * now; of the kinds that are, it takes the one whose turn it is. Some runs keep memory full or empty,
 * and each leaves some kinds out.
 */
import type { Limits, Memory } from "../../model/index.ts";
import {
  type Capabilities,
  type OperationKind,
  type SizeName,
  sizeNames,
} from "../protocol/capabilities.ts";
import { restsOnWhatIs } from "./asking.ts";
import type { Draw } from "./draw.ts";
import type { Possible } from "./propose.ts";
import { drawWeight, Turns, type Weighed } from "./turns.ts";
import { proposeUnit, proposeWrongUnit, type Unit, unitKinds } from "./units.ts";

/** Sizes are drawn no larger than this where the adapter leaves it open: small memory meets more. */
const comfortable: Readonly<Record<SizeName, number>> = {
  granulesPerPage: 4,
  handles: 12,
  taggablePages: 8,
  slots: 4,
  files: 2,
  pagesPerFile: 3,
};

/** Bounds for one run, within what the adapter can do. */
export const drawLimits = (draw: Draw, { sizes, getForm }: Capabilities): Limits => {
  const drawn = (name: SizeName, atLeast = 0): number => {
    const { least, most } = sizes[name];
    const from = Math.max(least, Math.min(atLeast, most));
    return draw.between(from, Math.max(from, Math.min(most, comfortable[name])));
  };
  const [granulesPerPage, taggable, slots, files, pagesPerFile] = [
    drawn("granulesPerPage", 1),
    drawn("taggablePages", 2),
    drawn("slots", 1),
    drawn("files", 1),
    drawn("pagesPerFile", 1),
  ];
  const taggablePages = Math.min(taggable, sizes.handles.most);
  /** More handles than taggable pages only where the adapter cannot have as many. */
  const handles = Math.max(sizes.handles.least, taggablePages);
  return { granulesPerPage, handles, taggablePages, slots, files, pagesPerFile, getForm };
};

/** Are all sizes what an adapter allows? Shrinking asks. */
export const fits = (limits: Limits, { sizes }: Capabilities): boolean =>
  limits.handles >= limits.taggablePages &&
  sizeNames.every((name) => limits[name] >= sizes[name].least && limits[name] <= sizes[name].most);

type Swarm = {
  readonly kinds: readonly Weighed<OperationKind>[];
  /** Of 100: how often a page is freed, or asked for, before anything else is thought of. */
  readonly freeing: number;
  readonly filling: number;
  /** Of 100: what nobody may ask. */
  readonly wrong: number;
};

/** What throws much away, or little, is asked less than what builds it up. */
const wasteful: Readonly<Partial<Record<OperationKind, number>>> = {
  unlink: 0.15,
  unmount: 0.15,
  swapoff: 0.15,
  "invalidate-object": 0.25,
  "invalidate-pool": 0.15,
  "invalidate-page": 0.3,
  "direct-write": 0.3,
  truncate: 0.3,
  drop: 0.3,
};

const drawSwarm = (draw: Draw, possible: Pick<Possible, "capabilities">): Swarm => {
  const every = unitKinds(possible);
  const weightOf = (kind: OperationKind): number => drawWeight(draw) * (wasteful[kind] ?? 1);
  const drawn = every.map((kind) => ({ kind, weight: weightOf(kind) }));
  const chosen = drawn.flatMap(({ kind, weight }) => {
    /** Without pages and files there is nothing to do anything with. */
    const founds = kind === "allocate" || kind === "create" || kind === "mount";
    return weight > 0 || founds ? [{ kind, weight: weight > 0 ? weight : 1 }] : [];
  });
  const [freeing, filling] = draw.pick([
    [0, 0],
    [0, 0],
    [25, 0],
    [0, 40],
  ] as const) ?? [0, 0];
  const wrong = possible.capabilities.refuses ? (draw.pick([0, 6, 15]) ?? 0) : 0;
  return { kinds: chosen, freeing, filling, wrong };
};

export class Planner {
  private readonly draw: Draw;
  private readonly limits: Limits;
  private readonly capabilities: Capabilities;
  private readonly swarm: Swarm;
  private readonly turns: Turns<OperationKind>;

  constructor(draw: Draw, limits: Limits, capabilities: Capabilities) {
    this.draw = draw;
    this.limits = limits;
    this.capabilities = capabilities;
    this.swarm = drawSwarm(draw, { capabilities });
    this.turns = new Turns(draw, this.swarm.kinds);
  }

  /** What can be looked at in a state. */
  possible(memory: Memory): Possible {
    const { draw, limits, capabilities } = this;
    return { draw, limits, memory, capabilities };
  }

  /**
   * The next unit; null where nothing can be asked.
   *
   * @param sure is this all that is in use? If not, nothing is asked that rests on it
   */
  next(memory: Memory, sure: boolean): Unit | null {
    const possible = this.possible(memory);
    const { draw, swarm } = this;
    if (sure && draw.some(swarm.wrong)) {
      const unit = proposeWrongUnit(draw.pick(swarm.kinds)?.kind ?? "free", possible);
      if (unit) return unit;
    }
    for (const kind of this.inOrder()) {
      const unit = proposeUnit(kind, possible);
      if (unit === null) continue;
      if (!sure && !unit.every(({ operation }) => restsOnWhatIs(operation))) continue;
      this.turns.note(kind);
      return unit;
    }
    return null;
  }

  /** What the swarm wants of memory comes first, then whose turn it is. */
  private *inOrder(): Generator<OperationKind> {
    const { draw, swarm } = this;
    const wants = (wanted: OperationKind, percent: number): boolean =>
      draw.some(percent) && swarm.kinds.some(({ kind }) => kind === wanted);
    if (wants("free", swarm.freeing)) yield "free";
    if (wants("allocate", swarm.filling)) yield "allocate";
    yield* this.turns.inOrder();
  }
}
