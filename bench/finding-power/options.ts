/** What the command line asks for. */
import { parseArgs } from "node:util";
import { generators, type Opponent } from "./hunters.ts";

export type Options = {
  /** How long a bug is looked for, in milliseconds of wall time, each time. */
  readonly cap: number;
  readonly seeds: number;
  /** Which of fast-check's commands ours is held against. */
  readonly against: Opponent;
  /** Only this bug; null: all. */
  readonly only: string | null;
};

const positive = (name: string, text: string): number => {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0)
    throw new RangeError(`--${name}: expected a number above 0, found ${text}`);
  return value;
};

const opponents = Object.keys(generators);

const isOpponent = (name: string): name is Opponent => opponents.includes(name);

const opponentNamed = (name: string): Opponent => {
  if (isOpponent(name)) return name;
  throw new RangeError(`--against: expected ${opponents.join(" or ")}, found ${name}`);
};

/** @throws RangeError or TypeError with one line for the user */
export const optionsFrom = (args: readonly string[]): Options => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      cap: { type: "string", default: "60" },
      seeds: { type: "string", default: "20" },
      against: { type: "string", default: "plain" },
      only: { type: "string" },
    },
  });
  return {
    cap: positive("cap", values.cap) * 1000,
    seeds: Math.ceil(positive("seeds", values.seeds)),
    against: opponentNamed(values.against),
    only: values.only ?? null,
  };
};
