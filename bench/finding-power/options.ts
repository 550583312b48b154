/** What the command line asks for. */
import { parseArgs } from "node:util";

export type Options = {
  /** How long a bug is looked for, in milliseconds of wall time, each time. */
  readonly cap: number;
  readonly seeds: number;
  /** Only this bug; null: all. */
  readonly only: string | null;
};

const positive = (name: string, text: string): number => {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0)
    throw new RangeError(`--${name}: expected a number above 0, found ${text}`);
  return value;
};

/** @throws RangeError or TypeError with one line for the user */
export const optionsFrom = (args: readonly string[]): Options => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      cap: { type: "string", default: "60" },
      seeds: { type: "string", default: "20" },
      only: { type: "string" },
    },
  });
  return {
    cap: positive("cap", values.cap) * 1000,
    seeds: Math.ceil(positive("seeds", values.seeds)),
    only: values.only ?? null,
  };
};
