/**
 * Replaying a counterexample on something else than it was found on: on the scripts of a design, on
 * the implementation as it is, on another design. Actions may be others there, so the steps are done
 * as far as they can be; the question is whether the same property fails for the same reason.
 */
import { match } from "ts-pattern";
import { type Design, designNamed } from "../model/index.ts";
import { rowNamed } from "../properties/index.ts";
import type { Counterexample } from "./format.ts";
import { propertyOf } from "./judging.ts";
import { machineryOf } from "./machinery.ts";
import { failureIn } from "./minimize/failure.ts";
import { fulfil } from "./minimize/lenient.ts";
import { judgeOf } from "./minimize/trials.ts";
import { type Replay, replay } from "./replay.ts";
import type { Run } from "./run.ts";

/** What runs the steps. An adapter of a foreign implementation would be one more kind. */
export type Place =
  /** The scripts of the design that the file names. */
  | { readonly kind: "model" }
  /** The implementation of that design, with no bug planted in it. */
  | { readonly kind: "implementation" }
  /** The scripts of another design. */
  | { readonly kind: "design"; readonly design: Design };

export type ReplayElsewhere = Replay & {
  /** Steps of the file that were not possible there. */
  readonly passedOver: number;
};

const moved = (counterexample: Counterexample, place: Place): Counterexample => {
  const { implementation: _, ...onModel } = counterexample;
  return match(place)
    .returnType<Counterexample>()
    .with({ kind: "model" }, () => onModel)
    .with({ kind: "implementation" }, () => ({ ...onModel, implementation: { bugs: [] } }))
    .with({ kind: "design" }, ({ design }) => ({ ...onModel, design: design.name }))
    .exhaustive();
};

/** Why the place cannot be asked, or null. */
const notAsked = (counterexample: Counterexample): string | null => {
  const design = designNamed(counterexample.design);
  const row = rowNamed(counterexample.property.row);
  if (!design || !row) return "there is no such design or row";
  const machinery = machineryOf(counterexample, design);
  const not = row.appliesNot?.(machinery) ?? null;
  if (not !== null) return `${row.id} says nothing about ${design.name}: ${not}`;
  const property = propertyOf(machinery, counterexample);
  return property === null ? `${design.name} has no ${counterexample.property.id}` : null;
};

const asFarAsPossible = (counterexample: Counterexample): Counterexample | null => {
  const design = designNamed(counterexample.design);
  if (!design) return null;
  const machinery = machineryOf(counterexample, design, { causes: true });
  const property = propertyOf(machinery, counterexample);
  const judge = property && judgeOf({ machinery, property });
  const failure = failureIn(counterexample.reason);
  const isEnough = (run: Run): boolean => {
    const reason = judge?.(run) ?? null;
    return reason !== null && failureIn(reason) === failure;
  };
  const { steps, doneBefore } = fulfil(machinery, counterexample.steps, isEnough);
  const { loopFrom, ...rest } = counterexample;
  if (loopFrom === undefined) return { ...rest, steps };
  return { ...rest, steps, loopFrom: doneBefore[loopFrom] ?? steps.length };
};

/** Replays the steps of a counterexample at a place, as far as they are possible there. */
export const replayOn = (counterexample: Counterexample, place: Place): ReplayElsewhere =>
  replayLeniently(moved(counterexample, place));

/** {@link replayOn}, where the file says; for a run whose cause was mended since. */
export const replayLeniently = (counterexample: Counterexample): ReplayElsewhere => {
  const why = notAsked(counterexample);
  if (why !== null)
    return {
      counterexample,
      steps: [],
      verdict: { kind: "not-reproduced", why },
      passedOver: counterexample.steps.length,
    };
  const possible = asFarAsPossible(counterexample) ?? counterexample;
  const passedOver = Math.max(0, counterexample.steps.length - possible.steps.length);
  return { ...replay(possible), passedOver };
};
