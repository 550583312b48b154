/** Small systems whose verdicts can be worked out by hand. */
import type { FairSet, System } from "../../../checker/index.ts";

/** A system whose state is flat data, by a list of named rules; the key is its JSON. */
export type Rule<State> = {
  readonly name: string;
  readonly when: (state: State) => boolean;
  readonly next: (state: State) => State;
  /** Names of fair sets. */
  readonly fair?: readonly string[];
};

export type Flat = Readonly<Record<string, string | number | boolean>>;

function parseFlat(key: string): unknown {
  return JSON.parse(key);
}

/** Moves are the names of the rules that are enabled, in the order of the rules. */
export function ruleSystem<State extends Flat>(
  initial: State,
  isState: (value: unknown) => value is State,
  rules: readonly Rule<State>[],
  fairSets: readonly FairSet[] = [],
): System<State, string, string> {
  const named = new Map(rules.map((rule) => [rule.name, rule]));
  if (named.size !== rules.length) throw new Error("two rules have one name");
  const ruleOf = (name: string): Rule<State> => {
    const rule = named.get(name);
    if (rule === undefined) throw new Error(`no rule ${name}`);
    return rule;
  };
  return {
    initial,
    fairSets,
    moves: (state) => rules.filter((rule) => rule.when(state)).map((rule) => rule.name),
    step: (state, move) => ({ next: ruleOf(move).next(state), events: [move] }),
    fairSetsOf: (_state, move) => {
      const fair = ruleOf(move).fair ?? [];
      return fairSets.reduce(
        (bits, set, i) => (fair.includes(set.name) ? bits | (1 << i) : bits),
        0,
      );
    },
    key: (state) => JSON.stringify(state),
    fromKey: (key) => {
      const state = parseFlat(key);
      if (!isState(state)) throw new Error(`not a state: ${key}`);
      return state;
    },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

export type Counter = { readonly value: number };

function isCounter(value: unknown): value is Counter {
  return isRecord(value) && typeof value["value"] === "number";
}

/** Counts up to `limit`; two ways to go up, one to go down to zero at once. */
export function counter(limit: number): System<Counter, string, string> {
  return ruleSystem({ value: 0 }, isCounter, [
    {
      name: "one",
      when: ({ value }) => value < limit,
      next: ({ value }) => ({ value: value + 1 }),
    },
    {
      name: "two",
      when: ({ value }) => value + 2 <= limit,
      next: ({ value }) => ({ value: value + 2 }),
    },
    { name: "reset", when: ({ value }) => value > 0, next: () => ({ value: 0 }) },
  ]);
}

/** Each process: 0 idle, 1 holds its first lock, 2 holds both. */
export type Locks = { readonly first: number; readonly second: number };

function isLocks(value: unknown): value is Locks {
  return (
    isRecord(value) && typeof value["first"] === "number" && typeof value["second"] === "number"
  );
}

/** Two processes take locks a and b; in opposite order, or in the same. */
export function twoLocks(opposite: boolean): System<Locks, string, string> {
  // With opposite orders the second lock of one is the first of the other.
  const mayBegin = (other: number): boolean => (opposite ? other < 2 : other < 1);
  const mayEnd = (other: number): boolean => (opposite ? other < 1 : true);
  return ruleSystem({ first: 0, second: 0 }, isLocks, [
    {
      name: "first takes one",
      when: ({ first, second }) => first === 0 && mayBegin(second),
      next: (state) => ({ ...state, first: 1 }),
    },
    {
      name: "first takes both",
      when: ({ first, second }) => first === 1 && mayEnd(second),
      next: (state) => ({ ...state, first: 2 }),
    },
    {
      name: "first releases",
      when: ({ first }) => first === 2,
      next: (state) => ({ ...state, first: 0 }),
    },
    {
      name: "second takes one",
      when: ({ first, second }) => second === 0 && mayBegin(first),
      next: (state) => ({ ...state, second: 1 }),
    },
    {
      name: "second takes both",
      when: ({ first, second }) => second === 1 && mayEnd(first),
      next: (state) => ({ ...state, second: 2 }),
    },
    {
      name: "second releases",
      when: ({ second }) => second === 2,
      next: (state) => ({ ...state, second: 0 }),
    },
  ]);
}

/** Each worker: 0 away, 1 has a place at the bench, 2 has honed its tool besides, 3 has left. */
export type Workers = {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly bench: number;
};

function isWorkers(value: unknown): value is Workers {
  return isRecord(value) && typeof value["bench"] === "number" && typeof value["c"] === "number";
}

/** Three workers take one of `places` at a bench, hone a tool that is their own, and leave. */
export function workers(places: number): System<Workers, string, string> {
  const rulesOf = (me: "a" | "b" | "c", number: number): readonly Rule<Workers>[] => [
    {
      name: `take ${number}`,
      when: (state) => state[me] === 0 && state.bench < places,
      next: (state) => ({ ...state, [me]: 1, bench: state.bench + 1 }),
    },
    {
      name: `hone ${number}`,
      when: (state) => state[me] === 1,
      next: (state) => ({ ...state, [me]: 2 }),
    },
    {
      name: `leave ${number}`,
      when: (state) => state[me] === 2,
      next: (state) => ({ ...state, [me]: 3, bench: state.bench - 1 }),
    },
  ];
  return ruleSystem({ a: 0, b: 0, c: 0, bench: 0 }, isWorkers, [
    ...rulesOf("a", 0),
    ...rulesOf("b", 1),
    ...rulesOf("c", 2),
  ]);
}

export type Peterson = {
  readonly left: "idle" | "wants" | "waits" | "inside";
  readonly right: "idle" | "wants" | "waits" | "inside";
  readonly turn: "left" | "right";
};

function isPeterson(value: unknown): value is Peterson {
  return isRecord(value) && "left" in value && "right" in value && "turn" in value;
}

/** Peterson's algorithm. `fair`: each process goes on (but need not want to enter). */
export function peterson(fair: boolean): System<Peterson, string, string> {
  const rulesOf = (me: "left" | "right", other: "left" | "right"): readonly Rule<Peterson>[] => [
    { name: `${me} rests`, when: (state) => state[me] === "idle", next: (state) => state },
    {
      name: `${me} wants`,
      when: (state) => state[me] === "idle",
      next: (state) => ({ ...state, [me]: "wants" }),
    },
    {
      name: `${me} yields`,
      when: (state) => state[me] === "wants",
      next: (state) => ({ ...state, [me]: "waits", turn: other }),
      fair: [me],
    },
    {
      name: `${me} enters`,
      when: (state) => state[me] === "waits" && (state[other] === "idle" || state.turn === me),
      next: (state) => ({ ...state, [me]: "inside" }),
      fair: [me],
    },
    {
      name: `${me} leaves`,
      when: (state) => state[me] === "inside",
      next: (state) => ({ ...state, [me]: "idle" }),
      fair: [me],
    },
  ];
  return ruleSystem(
    { left: "idle", right: "idle", turn: "left" },
    isPeterson,
    [...rulesOf("left", "right"), ...rulesOf("right", "left")],
    fair
      ? [
          { name: "left", kind: "weak" },
          { name: "right", kind: "weak" },
        ]
      : [],
  );
}

export type Spin = { readonly holder: "none" | "process" | "handler"; readonly handling: boolean };

function isSpin(value: unknown): value is Spin {
  return isRecord(value) && "holder" in value && "handling" in value;
}

/**
 * A process takes a spin lock that an interrupt handler on its own processor takes, too; the
 * process is not run while the handler is. `masked`: no interrupt comes while the lock is held.
 */
export function spinLock(masked: boolean): System<Spin, string, string> {
  return ruleSystem(
    { holder: "none", handling: false },
    isSpin,
    [
      {
        name: "process locks",
        when: ({ holder, handling }) => !handling && holder === "none",
        next: (state) => ({ ...state, holder: "process" }),
        fair: ["process"],
      },
      {
        name: "process unlocks",
        when: ({ holder, handling }) => !handling && holder === "process",
        next: (state) => ({ ...state, holder: "none" }),
        fair: ["process"],
      },
      {
        name: "interrupt",
        when: ({ holder, handling }) => !handling && !(masked && holder === "process"),
        next: (state) => ({ ...state, handling: true }),
      },
      {
        name: "handler spins",
        when: ({ holder, handling }) => handling && holder === "process",
        next: (state) => state,
        fair: ["handler"],
      },
      {
        name: "handler locks",
        when: ({ holder, handling }) => handling && holder === "none",
        next: (state) => ({ ...state, holder: "handler" }),
        fair: ["handler"],
      },
      {
        name: "handler returns",
        when: ({ holder, handling }) => handling && holder === "handler",
        next: () => ({ holder: "none", handling: false }),
        fair: ["handler"],
      },
    ],
    [
      { name: "process", kind: "weak" },
      { name: "handler", kind: "weak" },
    ],
  );
}
