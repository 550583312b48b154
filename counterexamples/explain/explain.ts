/** From a counterexample to its explanation: the run is made again, and each step put into words. */
import { bugNamed } from "../../impl/index.ts";
import { at, describeJob, labels, type Machinery } from "../../model/index.ts";
import { rowNamed } from "../../properties/index.ts";
import type { Counterexample } from "../format.ts";
import { changesBetween, locksOf } from "../portrait.ts";
import { type Replayed, replayWithRun } from "../replay.ts";
import type { Run } from "../run.ts";
import { describeEnvironment, describeEvent } from "../words.ts";
import { allowedInstead, conjunctOf } from "./conjunct.ts";
import type {
  ExplainedAct,
  ExplainedOperation,
  ExplainedStep,
  Explanation,
  StepContext,
} from "./explanation.ts";
import { inevitableIn } from "./inevitable.ts";
import { necessitiesOf } from "./necessary.ts";
import { clauseOf } from "./sentences.ts";

const contextOf = ({ machinery, worlds }: Run, index: number, actor: number): StepContext => {
  const { contexts, site } = machinery;
  const world = at(worlds, index);
  const { kind, cpu } = at(site.scope.actors, actor);
  return {
    kind,
    cpu,
    atomic: contexts.isAtomic(world, actor),
    interruptsOff: kind === "interrupt" || contexts.holds(world, actor, "spin-irqsave"),
    locks: locksOf(machinery, world, actor),
  };
};

/** Which operation each step belongs to (null: the environment's), and all operations. */
const operationsIn = ({ machinery, worlds, moves, events }: Run) => {
  const operations: ExplainedOperation[] = [];
  const current = new Map<number, number>();
  const ofStep = moves.map((move, index): number | null => {
    if (move.kind === "environment") return null;
    const { actor } = move;
    if (move.starts !== null) {
      const operation = at(machinery.operations, move.starts);
      const does = operation ? describeJob(operation) : "starts nothing";
      current.set(actor, operations.length);
      const firstStep = index + 1;
      operations.push({ actor, does, firstStep, lastStep: null, necessity: "not-tried" });
    }
    const number = current.get(actor) ?? 0;
    if (at(events, index).some(({ kind }) => kind === "ended") && isIdle(worlds[index + 1], actor))
      operations[number] = { ...at(operations, number), lastStep: index + 1 };
    return number;
  });
  return { operations, ofStep };
};

const isIdle = (world: Run["worlds"][number] | undefined, actor: number): boolean =>
  world?.actors[actor]?.operation === 0;

const operationAt = (machinery: Machinery, run: Run, index: number) => {
  const move = at(run.moves, index);
  if (move.kind === "environment") return null;
  return move.starts === null
    ? machinery.operationOf(at(run.worlds, index), move.actor)
    : at(machinery.operations, move.starts);
};

const choiceAt = (run: Run, index: number): ExplainedAct["choice"] => {
  const move = at(run.moves, index);
  if (move.kind === "environment") return null;
  const of = run.machinery
    .movesBy(at(run.worlds, index), move.actor, move.starts)
    .flatMap((other) => (other.kind === "act" ? [other.choice] : []));
  return of.length > 1 ? { taken: move.choice, of } : null;
};

const deedAt = (run: Run, index: number, number: number | null): ExplainedStep["deed"] => {
  const { machinery, worlds, moves } = run;
  const move = at(moves, index);
  const operation = operationAt(machinery, run, index);
  if (move.kind === "environment" || operation === null || number === null)
    return { by: "environment" };
  const starts = move.starts !== null;
  const before = at(worlds, index);
  const action = starts
    ? machinery.scriptOf(operation).entry
    : machinery.labelOf(before, move.actor);
  return {
    by: "actor",
    actor: move.actor,
    context: contextOf(run, index, move.actor),
    operation: number,
    starts,
    ends: isIdle(worlds[index + 1], move.actor),
    action,
    standsFor: machinery.actionAt(operation, action).standsFor,
    choice: choiceAt(run, index),
  };
};

/** What the step does, completing "task ..." or "the environment ...". */
const doesAt = (run: Run, index: number, deed: ExplainedStep["deed"]): string => {
  const { machinery, worlds, moves, events } = run;
  const move = at(moves, index);
  if (move.kind === "environment") return describeEnvironment(move.does);
  const operation = operationAt(machinery, run, index);
  if (deed.by === "environment" || operation === null) return "does nothing";
  const before = at(worlds, index);
  const after = at(worlds, index + 1);
  const { actor: me, choice } = move;
  const label = deed.starts ? machinery.scriptOf(operation).entry : machinery.labelOf(before, me);
  const clause = clauseOf(label, {
    machinery,
    before,
    after,
    operation,
    me,
    actor: at(before.actors, me),
    now: at(after.actors, me),
    next: deed.ends ? null : at(labels, at(after.actors, me).label),
    choice,
    events: at(events, index),
  });
  const told = `${clause} [${deed.standsFor}]`;
  return deed.starts ? `${describeJob(operation)}: it ${told}` : told;
};

const contextWords = ({ kind, cpu, atomic, interruptsOff, locks }: StepContext): string => {
  const held = locks.length === 0 ? "" : `, holding ${locks.join(" and ")}`;
  const off = interruptsOff && kind !== "interrupt" ? ", interrupts off" : "";
  return `${kind === "interrupt" ? "hard interrupt on " : ""}CPU ${cpu}, ${atomic ? "atomic" : "may sleep"}${off}${held}`;
};

const stepsOf = (
  run: Run,
  portraits: Explanation["portraits"],
  { kind, loopFrom }: Counterexample,
  ofStep: readonly (number | null)[],
) =>
  run.moves.map((_, index): ExplainedStep => {
    const deed = deedAt(run, index, at(ofStep, index));
    const does = doesAt(run, index, deed);
    const who =
      deed.by === "environment"
        ? "The environment"
        : `${at(run.machinery.site.scope.actors, deed.actor).name} (${contextWords(deed.context)})`;
    return {
      number: index + 1,
      deed,
      sentence: `${who} ${does}.`,
      does,
      events: at(run.events, index).flatMap(describeEvent),
      changes: changesBetween(at(portraits, index), at(portraits, index + 1)),
      necessity: "not-tried",
      inLoop: kind === "lasso" && loopFrom !== undefined && index >= loopFrom,
    };
  });

const plantedIn = ({ implementation }: Counterexample): Explanation["planted"] =>
  (implementation?.bugs ?? []).flatMap((id) => {
    const bug = bugNamed(id);
    return bug ? [{ id, sentence: bug.sentence, source: bug.source }] : [];
  });

const loopOf = ({ kind, loopFrom, steps }: Counterexample): Explanation["loop"] =>
  kind === "lasso" && loopFrom !== undefined && loopFrom < steps.length
    ? { from: loopFrom + 1, to: steps.length }
    : null;

/** Everything that follows from the run alone, without another try. */
const told = ({ replayed, run, portraits }: Replayed): Explanation => {
  const { counterexample, verdict } = replayed;
  const { property, scope } = counterexample;
  const { sentence = "", source = "" } = rowNamed(property.row) ?? {};
  const { operations, ofStep } = run ? operationsIn(run) : { operations: [], ofStep: [] };
  const conjunct =
    verdict.kind === "reproduced" && run
      ? conjunctOf(counterexample, verdict.reason, run.moves.length)
      : null;
  return {
    counterexample,
    verdict,
    row: { id: property.row, sentence, source },
    planted: plantedIn(counterexample),
    actors: scope.actors.map(({ name, kind, cpu, owner }) => ({ name, kind, cpu, owner })),
    operations,
    steps: run ? stepsOf(run, portraits, counterexample, ofStep) : [],
    portraits,
    conjunct,
    allowed: run && conjunct ? allowedInstead(run, conjunct) : [],
    inevitable: { kind: "not-decided", why: "the run does not fail" },
    loop: loopOf(counterexample),
  };
};

/** With what it takes more runs to know: what is necessary, and from where it was inevitable. */
const tried = (explained: Explanation, run: Run): Explanation => {
  const { counterexample, verdict } = explained;
  if (verdict.kind !== "reproduced") return explained;
  const inevitable = inevitableIn(run, counterexample, verdict.reason);
  if (run.moves.length === 0) return { ...explained, inevitable };
  const needed = necessitiesOf(counterexample);
  return {
    ...explained,
    steps: explained.steps.map((step, index) => ({
      ...step,
      necessity: at(needed.steps, index),
    })),
    operations: explained.operations.map((operation, index) => ({
      ...operation,
      necessity: at(needed.operations, index),
    })),
    inevitable,
  };
};

/** What follows from the run alone: nothing is tried to see what of it is necessary. */
export const explainRun = (counterexample: Counterexample): Explanation =>
  told(replayWithRun(counterexample));

/** Explains a counterexample; where it does not reproduce, as far as its steps are possible. */
export const explain = (counterexample: Counterexample): Explanation => {
  const replayed = replayWithRun(counterexample);
  const explained = told(replayed);
  return replayed.run ? tried(explained, replayed.run) : explained;
};
