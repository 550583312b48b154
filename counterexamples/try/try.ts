/**
 * Tries a story: tells it to each design, and to the implementation with the bugs that the story
 * plants, explores everything that each could make of it, and says what comes of every line.
 */
import { match } from "ts-pattern";
import {
  explore,
  type Property,
  type Transition,
  type Verdict,
  type Witness,
} from "../../checker/index.ts";
import { type Bug, bugNamed } from "../../impl/index.ts";
import {
  type Commit,
  type Design,
  describeOutcome,
  type Event,
  junk,
  type Machinery,
  type Move,
  type Operation,
  type Outcome,
  type World,
} from "../../model/index.ts";
import { type DesignProperty, type Row, rows } from "../../properties/index.ts";
import type { Counterexample, CounterexampleStep } from "../format.ts";
import { machineryOf } from "../machinery.ts";
import { exactReasonOf } from "../replay.ts";
import { stepOf, unlessItBreaks } from "../run.ts";
import { scopeOf } from "./scope.ts";
import type { Story } from "./story.ts";
import { type StoryState, StorySystem } from "./system.ts";

/** One column of the answer: a design, or its implementation with one bug planted. */
export type Teller = { readonly design: Design; readonly bug: Bug | null };

export type LineAnswer = {
  /** Everything that the caller can see of it, each as a clause; empty: it never takes effect. */
  readonly seen: readonly string[];
  /** What the cache makes of it, in a word each. */
  readonly cache: readonly string[];
  /** In some run it cannot be asked where it stands. */
  readonly passedOver: boolean;
};

type Broken = {
  readonly row: string;
  readonly steps: number;
  readonly counterexample: Counterexample;
};

export type Tried = {
  readonly design: string;
  readonly bug: string | null;
  readonly states: number;
  /** The bound of states that ended the search, or null. */
  readonly cutAt: number | null;
  readonly lines: readonly LineAnswer[];
  /** The fewest steps first. */
  readonly broken: readonly Broken[];
  /** A shortest run that tells the whole story; null where none comes to its end. */
  readonly whole: Witness<Move> | null;
};

/** Enough for a story of a page; one that is cut says so. */
export const mostStoryStates = 100_000;

/** Where code has to stand is no matter of one story; whether a goal can come about is neither. */
const isAsked = (row: Row, machinery: Machinery, pins: boolean): boolean => {
  if (row.id === "the-three-hooks-suffice" || row.kind === "canAlways") return false;
  if (row.kind === "leadsTo" && (row.id === "pins-stop-no-tagged-access") !== pins) return false;
  return !row.appliesNot?.(machinery);
};

type StoryProperty = Property<StoryState, Move, Event>;
type StoryTransition = Transition<StoryState, Move, Event>;

const lowered = (transition: StoryTransition): Transition<World, Move, Event> => ({
  ...transition,
  before: transition.before.world,
  after: transition.after.world,
});

/**
 * A property of the design, asked of the story; null where it is none for a story. With a bug
 * planted a state can be one that no property was written for, and is then no case of it.
 */
const lifted = (property: DesignProperty): StoryProperty | null =>
  match(property)
    .returnType<StoryProperty | null>()
    .with({ kind: "always" }, ({ premise, judge, ...rest }) => ({
      ...rest,
      ...(premise && {
        premise: ({ world }: StoryState, moves) =>
          unlessItBreaks(() => premise(world, moves)) ?? false,
      }),
      judge: ({ world }, moves) => unlessItBreaks(() => judge(world, moves)),
    }))
    .with({ kind: "step" }, ({ premise, judge, ...rest }) => ({
      ...rest,
      ...(premise && {
        premise: (transition: StoryTransition) =>
          unlessItBreaks(() => premise(lowered(transition))) ?? false,
      }),
      judge: (transition: StoryTransition) => unlessItBreaks(() => judge(lowered(transition))),
    }))
    .with({ kind: "leadsTo" }, ({ from, to, ...rest }) => ({
      ...rest,
      from: ({ world }) => from(world),
      to: ({ world }) => to(world),
    }))
    .with({ kind: "canAlways" }, { kind: "reach" }, () => null)
    .exhaustive();

const told = "the story is told";

const nameOf = ({ name }: Story): string => `story-${name}`.slice(0, 60).replace(/-$/, "");

/** The moves of a witness as a file that replays. */
const counterexampleOf = (
  story: Story,
  { design, bug }: Teller,
  machinery: Machinery,
  property: Counterexample["property"],
  verdict: Extract<Verdict<Move>, { kind: "broken" }>,
  isShortest: boolean,
): Counterexample => {
  const steps: CounterexampleStep[] = [];
  let world = machinery.initial;
  for (const move of verdict.witness.moves) {
    steps.push(stepOf(machinery, world, move));
    world = machinery.step(world, move).next;
  }
  const { loopFrom } = verdict.witness;
  const how = loopFrom === null ? "a shortest one" : "a shortest way to a loop, and a short loop";
  const searched: Counterexample = {
    format: "mte-oracle/counterexample",
    version: 2,
    design: design.name,
    ...(bug && { implementation: { bugs: [bug.id] } }),
    property,
    verdict: "broken",
    slice: nameOf(story),
    found: isShortest ? `every run of the story: ${how}` : `runs of the story, not all: ${how}`,
    reason: verdict.reason,
    minimal: "unknown",
    scope: machinery.site.scope,
    kind: loopFrom === null ? "finite" : "lasso",
    ...(loopFrom !== null && { loopFrom }),
    steps,
  };
  return { ...searched, reason: exactReasonOf(searched) ?? verdict.reason };
};

/** The tellers of a story: every design asked for, and beside it each bug that it can have. */
export const tellersOf = (story: Story, designs: readonly Design[]): readonly Teller[] =>
  designs.flatMap((design): Teller[] => [
    { design, bug: null },
    ...story.plants.flatMap((id) => {
      const bug = bugNamed(id);
      return bug?.designs.includes(design.name) ? [{ design, bug }] : [];
    }),
  ]);

/** What runs the story: the scripts of the design, or the implementation with the bug. */
export const machineryOfTeller = (story: Story, { design, bug }: Teller): Machinery =>
  machineryOf(
    { scope: scopeOf(story, design), ...(bug && { implementation: { bugs: [bug.id] } }) },
    design,
  );

/** What nobody wrote is junk here, as in a replay; a scope never writes that value. */
const outcomeWords = (outcome: Outcome): string =>
  describeOutcome(outcome).replace(new RegExp(`\\b(bytes|tags?) ${junk}\\b`, "g"), "$1 junk");

/** A put or get within another operation, as the cache sees it. */
const cacheWord = (
  { kind }: Operation,
  { choice, outcome }: Pick<Commit, "choice" | "outcome">,
): string | null =>
  match(kind)
    .with("get", () => (outcome.kind === "hit" ? "a hit" : "a miss"))
    .with("put", () => (choice.kind === "stored" ? "stored" : "not stored"))
    .with("drop", () => "a copy is dropped")
    .otherwise(() => null);

/** One for each row, the fewest steps first. */
const shortestOfEachRow = (all: readonly Broken[]): readonly Broken[] => {
  const sorted = all.toSorted((a, b) => a.steps - b.steps);
  return sorted.filter(
    ({ row }, index) => sorted.findIndex((other) => other.row === row) === index,
  );
};

/** Tells one story to one teller. */
export const tryStory = (story: Story, teller: Teller, maxStates = mostStoryStates): Tried => {
  const { design, bug } = teller;
  const machinery = machineryOfTeller(story, teller);
  const { scope } = machinery.site;
  const seen = story.groups.flat().map(() => new Set<string>());
  const cache = story.groups.flat().map(() => new Set<string>());
  const passed = new Set<number>();
  const system = new StorySystem(story, machinery, bug !== null, {
    answered: (line, outcome) => seen[line]?.add(outcomeWords(outcome)),
    happened: (line) => seen[line]?.add("is done"),
    within: (line, operation, commit) => {
      const word = cacheWord(operation, commit);
      if (word !== null) cache[line]?.add(word);
    },
    passedOver: (line) => passed.add(line),
  });
  const rowOf = new Map<string, string>();
  const properties = rows
    .filter((row) => isAsked(row, machinery, scope.pins > 0))
    .flatMap((row) =>
      row.build(machinery, nameOf(story)).flatMap((property) => {
        rowOf.set(property.id, row.id);
        return lifted(property) ?? [];
      }),
    );
  const end: StoryProperty = { kind: "reach", id: told, mark: ({ after }) => system.isOver(after) };
  const { states, cut, verdicts } = explore(system, [...properties, end], {
    bounds: { maxStates },
  });
  const broken = properties.flatMap(({ id }): Broken[] => {
    const verdict = verdicts.get(id);
    const row = rowOf.get(id);
    if (verdict?.kind !== "broken" || row === undefined) return [];
    const property = { row, id };
    const counterexample = counterexampleOf(
      story,
      teller,
      machinery,
      property,
      verdict,
      cut === null,
    );
    return [{ row, steps: counterexample.steps.length, counterexample }];
  });
  const whole = verdicts.get(told);
  return {
    design: design.name,
    bug: bug?.id ?? null,
    states,
    cutAt: cut === null ? null : cut.at,
    lines: seen.map((all, line) => ({
      seen: [...all].sort(),
      cache: [...(cache[line] ?? [])].sort(),
      passedOver: passed.has(line),
    })),
    broken: shortestOfEachRow(broken),
    whole: whole?.kind === "reached" ? whole.witness : null,
  };
};
