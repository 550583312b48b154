/**
 * The first step from which on nobody could have prevented the failure: every schedule and every
 * choice of the operations that are left ends in it. Found by looking, from the state after a step,
 * for one way on that ends well; what is inevitable once stays so, so the step is found by halving.
 */
import { at, type Machinery, type Move, type World } from "../../model/index.ts";
import type { DesignProperty } from "../../properties/index.ts";
import type { Counterexample } from "../format.ts";
import { propertyOf } from "../judging.ts";
import { failureIn } from "../minimize/failure.ts";
import { judgeOf } from "../minimize/trials.ts";
import { type Run, unlessItBreaks } from "../run.ts";
import type { Inevitable } from "./explanation.ts";

/** What is looked at most, from each step that is asked about; less where states are large. */
const mostStates = 20_000;
const mostCharacters = 5_000_000;

/** By actor, the numbers of the operations that it starts in the run, in their order. */
type Plan = readonly (readonly number[])[];

type Here = { readonly world: World; readonly planned: readonly number[] };

type Answer = "ends-well" | "always-fails" | "not-decided";

const startsOf = (move: Move): readonly [actor: number, starts: number] | null =>
  move.kind === "act" && move.starts !== null ? [move.actor, move.starts] : null;

const planOf = ({ machinery, moves }: Run): Plan =>
  machinery.site.scope.actors.map((_, actor) =>
    moves.flatMap((move) => {
      const started = startsOf(move);
      return started?.[0] === actor ? [started[1]] : [];
    }),
  );

/** How much of the plan is begun after so many steps. */
const plannedAfter = ({ machinery, moves }: Run, steps: number): readonly number[] =>
  machinery.site.scope.actors.map(
    (_, actor) => moves.slice(0, steps).filter((move) => startsOf(move)?.[0] === actor).length,
  );

/** What can be done next with nothing but what the run has. */
const movesWithin = (machinery: Machinery, plan: Plan, { world, planned }: Here) => ({
  acts: world.actors.flatMap(({ operation }, actor) => {
    const starts = operation > 0 ? null : at(plan, actor)[at(planned, actor)];
    return starts === undefined ? [] : machinery.movesBy(world, actor, starts);
  }),
  others: machinery.movesOfEnvironment(world),
});

const after = (planned: readonly number[], move: Move): readonly number[] => {
  const started = startsOf(move);
  return started ? planned.with(started[0], at(planned, started[0]) + 1) : planned;
};

type Asked = {
  readonly run: Run;
  readonly plan: Plan;
  /** Does this step, the last of a run, or the state that it leads to, fail in the same way? */
  readonly fails: (before: World, move: Move, done: ReturnType<Machinery["step"]>) => boolean;
  readonly maxStates: number;
  /** Is all well once this state is reached? Null: where nobody of the plan can go on any more. */
  readonly isGood: ((world: World) => boolean) | null;
};

/** Is there a way on from the state after so many steps that ends well? */
const wayOn = ({ run, plan, fails, isGood, maxStates }: Asked, steps: number): Answer => {
  const { machinery, worlds } = run;
  const seen = new Set<string>();
  const open: Here[] = [{ world: at(worlds, steps), planned: plannedAfter(run, steps) }];
  for (let here = open.pop(); here !== undefined; here = open.pop()) {
    const { world, planned } = here;
    if (isGood?.(world) === true) return "ends-well";
    const name = `${planned.join(" ")} ${machinery.key(world)}`;
    if (seen.has(name)) continue;
    if (seen.size >= maxStates) return "not-decided";
    seen.add(name);
    const { acts, others } = movesWithin(machinery, plan, here);
    if (acts.length === 0 && isGood === null) return "ends-well";
    for (const move of [...acts, ...others]) {
      const done = machinery.step(world, move);
      if (!fails(world, move, done)) open.push({ world: done.next, planned: after(planned, move) });
    }
  }
  return "always-fails";
};

const askedOf = (run: Run, property: DesignProperty, reason: string): Asked | null => {
  const { machinery } = run;
  const size = machinery.key(machinery.initial).length;
  const maxStates = Math.min(mostStates, Math.ceil(mostCharacters / size));
  const known = { run, plan: planOf(run), maxStates };
  if (property.kind === "leadsTo") return { ...known, fails: () => false, isGood: property.to };
  const judge = judgeOf({ machinery, property });
  if (judge === null) return null;
  const failure = failureIn(reason);
  return {
    ...known,
    isGood: null,
    fails: (before, move, { next, events }) => {
      const told = judge({ worlds: [before, next], moves: [move], events: [events] });
      return told !== null && failureIn(told) === failure;
    },
  };
};

/** The least number of steps after which there is no way on; all of them have one: the last. */
const firstWithout = (asked: Asked, last: number): number | "not-decided" => {
  let low = 0;
  let high = last;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const answer = unlessItBreaks(() => wayOn(asked, middle)) ?? "not-decided";
    if (answer === "not-decided") return "not-decided";
    if (answer === "ends-well") low = middle + 1;
    else high = middle;
  }
  return low;
};

const cut: Inevitable = { kind: "not-decided", why: "too many states can follow some step" };

/** `run` fails for `reason`. */
export const inevitableIn = (
  run: Run,
  counterexample: Counterexample,
  reason: string,
): Inevitable => {
  const { verdict, kind } = counterexample;
  const last = run.moves.length;
  if (verdict === "never") return { kind: "from-the-start" };
  const property = propertyOf(run.machinery, counterexample);
  if (property?.kind === "canAlways") return { kind: "from-step", step: last };
  const asked = property && askedOf(run, property, reason);
  if (!asked) return { kind: "not-decided", why: "the property is none of states, steps or runs" };
  if (kind === "lasso") {
    const answer = unlessItBreaks(() => wayOn(asked, last)) ?? "not-decided";
    if (answer === "ends-well") return { kind: "only-if-repeated" };
    if (answer === "not-decided") return cut;
  }
  const first = firstWithout(asked, last);
  if (first === "not-decided") return cut;
  if (first === 0) return { kind: "from-the-start" };
  return kind === "finite" && first === last
    ? { kind: "never-before-the-end" }
    : { kind: "from-step", step: first };
};
