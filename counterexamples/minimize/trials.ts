/**
 * Trying smaller runs of one counterexample: each is done as far as it can be, judged by the guard,
 * and what comes of it is a counterexample in its own right, every step possible where it stands.
 */
import {
  at,
  type Design,
  designNamed,
  type Machinery,
  type Scope,
  type World,
} from "../../model/index.ts";
import { type DesignProperty, rowNamed } from "../../properties/index.ts";
import { staticProblem } from "../check.ts";
import type { Counterexample, CounterexampleStep } from "../format.ts";
import { propertyOf } from "../judging.ts";
import { machineryOf } from "../machinery.ts";
import { type Run, runSteps, unlessItBreaks } from "../run.ts";
import { type Failure, failureIn, failureOf } from "./failure.ts";
import { type Fulfilled, fulfil } from "./lenient.ts";

/** What to try. `loopFrom` counts the wishes of the stem; left out where the kind is finite. */
export type Draft = {
  readonly scope: Scope;
  readonly steps: readonly CounterexampleStep[];
  readonly loopFrom?: number;
};

/** What runs a scope, and the property there. */
export type Ground = { readonly machinery: Machinery; readonly property: DesignProperty };

/** Judges the last step or state of a run by itself; null for a property over whole runs. */
export const judgeOf = ({
  machinery,
  property,
}: Ground): ((run: Pick<Run, "worlds" | "moves" | "events">) => string | null) | null => {
  if (property.kind === "step")
    return ({ worlds, moves, events }) => {
      const move = moves.at(-1);
      const before = worlds.at(-2);
      const after = worlds.at(-1);
      if (!move || !before || !after) return null;
      const transition = { before, move, after, events: events.at(-1) ?? [] };
      return unlessItBreaks(() =>
        property.premise?.(transition) === false ? null : property.judge(transition),
      );
    };
  if (property.kind === "always")
    return ({ worlds }) => {
      const world = worlds.at(-1);
      return world === undefined
        ? null
        : unlessItBreaks(() => judgeState(machinery, property, world));
    };
  return null;
};

const judgeState = (
  machinery: Machinery,
  { premise, judge }: Extract<DesignProperty, { kind: "always" }>,
  world: World,
): string | null => {
  const moves = machinery.moves(world);
  return premise?.(world, moves) === false ? null : judge(world, moves);
};

/** A loop closes where two states are the same, and a goal is searched for: causes would be in the way. */
const hasCauses = ({ property }: Counterexample): boolean => {
  const kind = rowNamed(property.row)?.kind;
  return kind === "always" || kind === "step";
};

export class Trials {
  readonly original: Counterexample;
  readonly failure: Failure;
  readonly design: Design;
  /** How many runs were tried. */
  tried = 0;
  private readonly grounds = new WeakMap<Scope, Ground>();

  private constructor(original: Counterexample, failure: Failure, design: Design) {
    this.original = original;
    this.failure = failure;
    this.design = design;
  }

  /** Null for a counterexample that does not fail as it says: there is nothing to keep. */
  static of(original: Counterexample): Trials | null {
    const design = designNamed(original.design);
    if (!design || staticProblem(original) !== null) return null;
    const causes = hasCauses(original);
    const result = runSteps(machineryOf(original, design, { causes }), original);
    const found = result.ok ? failureOf(result.run, original) : null;
    return found && new Trials(original, found.failure, design);
  }

  /** What runs a scope; null where the property cannot be asked in it. */
  groundOf(scope: Scope): Ground | null {
    const known = this.grounds.get(scope);
    if (known) return known;
    const { original, design } = this;
    const asked = { ...original, scope };
    /** Steps of another scope do not matter yet: only whether names and numbers fit. */
    if (scope !== original.scope && staticProblem(asked) !== null) return null;
    const machinery = machineryOf(asked, design, { causes: hasCauses(original) });
    const property = propertyOf(machinery, asked);
    if (property === null) return null;
    const ground = { machinery, property };
    this.grounds.set(scope, ground);
    return ground;
  }

  /** Does the run as far as it can be done; null unless it fails in the same way. */
  try(draft: Draft): Counterexample | null {
    this.tried++;
    const ground = this.groundOf(draft.scope);
    if (ground === null) return null;
    const judge = judgeOf(ground);
    const isEnough = (run: Run): boolean => {
      const reason = judge?.(run) ?? null;
      return reason !== null && failureIn(reason) === this.failure;
    };
    return this.accept(draft, fulfil(ground.machinery, draft.steps, isEnough));
  }

  /** The counterexample that a run is, if it fails as it must. */
  accept(draft: Draft, { run, steps, doneBefore }: Fulfilled): Counterexample | null {
    const { loopFrom: _, ...rest } = this.original;
    const based = { ...rest, scope: draft.scope, steps };
    if (draft.loopFrom === undefined) return this.failing(run, based);
    const loopFrom = doneBefore[draft.loopFrom] ?? steps.length;
    const asked = this.failing(run, { ...based, loopFrom });
    if (asked) return asked;
    /** With less in it the run may come back to another state than it did. */
    const { machinery, worlds } = run;
    const last = machinery.key(at(worlds, steps.length));
    const back = worlds.findIndex((world) => machinery.key(world) === last);
    return back < steps.length ? this.failing(run, { ...based, loopFrom: back }) : null;
  }

  private failing(run: Run, made: Counterexample): Counterexample | null {
    const found = failureOf(run, made);
    return found?.failure === this.failure ? { ...made, reason: found.reason } : null;
  }
}
