/**
 * Smaller scopes for a run: fewer actors, offers, pages, slots, values. Each candidate is one step
 * smaller in one way, or as small as it can be in that way.
 */
import { type ActorSpec, makeGeometry, type Scope } from "../../model/index.ts";
import { rowNamed } from "../../properties/index.ts";
import type { Counterexample, CounterexampleStep } from "../format.ts";
import type { Draft } from "./trials.ts";

const actorsAtWork = (steps: readonly CounterexampleStep[]): ReadonlySet<string> =>
  new Set(steps.flatMap((step) => ("actor" in step ? [step.actor] : [])));

/** Without those who do nothing. */
const withoutIdle = ({ scope, steps }: Counterexample): Scope => {
  const working = actorsAtWork(steps);
  return { ...scope, actors: scope.actors.filter(({ name }) => working.has(name)) };
};

/** Every operation of an actor made by another, who may then do what it takes. */
const merged = (
  { scope, steps, loopFrom }: Counterexample,
  from: ActorSpec,
  to: ActorSpec,
): Draft => {
  const actors = scope.actors.flatMap((actor) => {
    if (actor.name === from.name) return [];
    if (actor.name !== to.name) return [actor];
    return [{ ...actor, may: [...new Set([...actor.may, ...from.may])] }];
  });
  const zeroed = to.kind !== "interrupt";
  const context = zeroed ? ("sleepable" as const) : ("atomic" as const);
  const retold = steps.map((step): CounterexampleStep => {
    if (!("actor" in step) || step.actor !== from.name) return step;
    const { starts, ...rest } = step;
    if (starts === undefined) return { ...rest, actor: to.name };
    const owned = "owner" in starts ? { ...starts, owner: to.owner } : starts;
    const made = owned.kind === "allocate" ? { ...owned, context, zeroed } : owned;
    return { ...rest, actor: to.name, starts: made };
  });
  return {
    scope: { ...scope, actors },
    steps: retold,
    ...(loopFrom !== undefined && { loopFrom }),
  };
};

/**
 * Who could do whose work: tasks only, for an interrupt works where others may not. Somebody who
 * minds his own pages is the plainer story, so he is tried before a kernel thread.
 */
const mergers = ({ actors }: Scope): readonly (readonly [ActorSpec, ActorSpec])[] => {
  const tasks = actors.filter(({ kind }) => kind === "task");
  const plainFirst = tasks.toSorted((a, b) => Number(a.everyones) - Number(b.everyones));
  return plainFirst.flatMap((to) =>
    tasks.flatMap((from) => (from === to ? [] : [[from, to] as const])),
  );
};

/** Numbers of a scope and the least that each can be. */
const counts = [
  ["otherCmaPages", 0],
  ["tagValues", 1],
  ["byteValues", 1],
  ["slots", 0],
  ["files", 0],
  ["pagesPerFile", 0],
  ["pins", 0],
] as const;

const smallerCounts = function* (scope: Scope): Generator<Scope> {
  for (const [name, least] of counts) {
    if (scope[name] > least) yield { ...scope, [name]: least };
    if (scope[name] > least + 1) yield { ...scope, [name]: scope[name] - 1 };
  }
  if (scope.files > 0) yield { ...scope, files: 0, pagesPerFile: 0 };
  if (scope.folioOrder === 1) yield { ...scope, folioOrder: 0 };
  if (scope.dirtyLines) yield { ...scope, dirtyLines: false };
  if (scope.mayFail) yield { ...scope, mayFail: false };
};

const smallerGeometries = function* (scope: Scope): Generator<Scope> {
  const { geometry } = scope;
  const { granulesPerPage, pagesPerStoragePage, blockPages, regions } = geometry;
  const blocks = regions.map(({ storagePages }) => storagePages / blockPages);
  const made = (sizes: typeof shape, each: readonly number[]): Scope => ({
    ...scope,
    geometry: makeGeometry(sizes, each),
  });
  const shape = { granulesPerPage, pagesPerStoragePage, blockPages };
  if (granulesPerPage > 1) yield made({ ...shape, granulesPerPage: 1 }, blocks);
  for (const region of regions.keys()) {
    if (regions.length > 1) yield made(shape, blocks.toSpliced(region, 1));
    const here = blocks[region] ?? 0;
    if (here > 1) yield made(shape, blocks.with(region, here - 1));
  }
  if (blockPages > 1) yield made({ ...shape, blockPages: blockPages - 1 }, blocks);
  if (pagesPerStoragePage > 1)
    yield made({ ...shape, pagesPerStoragePage: pagesPerStoragePage - 1 }, blocks);
};

const fewerOffers = function* (scope: Scope): Generator<Scope> {
  const withMay = (actor: number, may: ActorSpec["may"]): Scope => ({
    ...scope,
    actors: scope.actors.map((each, index) => (index === actor ? { ...each, may } : each)),
  });
  for (const [actor, { may }] of scope.actors.entries()) {
    if (may.length < 2) continue;
    for (const offer of may.keys()) yield withMay(actor, may.toSpliced(offer, 1));
  }
};

export type Configured = {
  readonly draft: Draft;
  /** Places or contexts are others there: the steps as they are may not fit where others would. */
  readonly retold: boolean;
};

/**
 * Every scope that is worth trying for a run, with the steps as they would be there. None where a
 * property asks what can still come about: in a scope where nobody may do much, nothing does.
 */
export const smallerConfigurations = function* (best: Counterexample): Generator<Configured> {
  const { scope, steps, loopFrom, property } = best;
  if (rowNamed(property.row)?.kind === "canAlways") return;
  const inScope = (smaller: Scope, retold = false): Configured => ({
    draft: { scope: smaller, steps, ...(loopFrom !== undefined && { loopFrom }) },
    retold,
  });
  const idle = withoutIdle(best);
  if (idle.actors.length < scope.actors.length && idle.actors.length > 0) yield inScope(idle);
  for (const [from, to] of mergers(scope)) yield { draft: merged(best, from, to), retold: true };
  for (const smaller of fewerOffers(scope)) yield inScope(smaller);
  for (const smaller of smallerCounts(scope)) yield inScope(smaller);
  for (const smaller of smallerGeometries(scope)) yield inScope(smaller, true);
};
