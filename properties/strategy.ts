/** How the states of a slice are looked at, as plain data: it crosses to a worker. */
import { match } from "ts-pattern";
import { anyMove, byPriority, type ThreadOf, type Walks } from "../checker/index.ts";
import type { Move } from "../model/index.ts";
import type { Reductions } from "./reduction/index.ts";

type Chance = {
  readonly seed: number;
  /** How many walks, and of how many moves each at most. */
  readonly walks: number;
  readonly moves: number;
};

export type Strategy =
  | {
      readonly kind: "breadth-first";
      /** Left out: every state and every order. */
      readonly reduce?: Reductions;
    }
  | (Chance & { readonly kind: "random" })
  /** Priorities by chance, taken from the leader so many times in a walk. */
  | (Chance & { readonly kind: "pct"; readonly preemptions: number });

export const strategyKinds = ["breadth-first", "random", "pct"] as const;

/** Each operation of an actor is a thread, and so is each thing that the environment does. */
const threadOf: ThreadOf<Move> = (move) =>
  move.kind === "act"
    ? { thread: move.actor, begins: move.starts !== null }
    : { thread: -1, begins: true };

/** What the checker takes; null: breadth-first. */
export const walksOf = (strategy: Strategy): Walks<Move> | null =>
  match(strategy)
    .with({ kind: "breadth-first" }, () => null)
    .with({ kind: "random" }, ({ seed, walks, moves }) => ({ picker: anyMove(seed), walks, moves }))
    .with({ kind: "pct" }, ({ seed, walks, moves, preemptions }) => ({
      picker: byPriority({ seed, preemptions, moves, threadOf }),
      walks,
      moves,
    }))
    .exhaustive();

/** What a strategy leaves out of a space that it looks at whole. */
export const reductionsOf = (strategy: Strategy): Reductions =>
  strategy.kind === "breadth-first" ? (strategy.reduce ?? []) : [];

/** In words, without what was found. */
export const describeStrategy = (strategy: Strategy): string =>
  match(strategy)
    .with({ kind: "breadth-first" }, ({ reduce = [] }) =>
      reduce.length === 0
        ? "breadth-first"
        : `breadth-first, reduced by ${reduce.join(" and ")} where that is sound`,
    )
    .with(
      { kind: "random" },
      ({ seed, walks, moves }) => `${walks} random walks of up to ${moves} moves, seed ${seed}`,
    )
    .with(
      { kind: "pct" },
      ({ seed, walks, moves, preemptions }) =>
        `${walks} walks of up to ${moves} moves by random priorities with ${preemptions} ` +
        `preemptions each, seed ${seed}`,
    )
    .exhaustive();
