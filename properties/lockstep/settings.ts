/** How much is run: fixed numbers, unless the environment says otherwise. */

export type Settings = {
  readonly seed: number;
  /** `null`: as many as the suite has by itself. */
  readonly runs: number | null;
  /** `null`: no limit. */
  readonly milliseconds: number | null;
};

/** The seed of CI: any number would do, and it never changes by itself. */
export const fixedSeed = 20_240_220;

const highestSeed = 2 ** 31 - 1;
const mostRuns = 10 ** 9;
const mostSeconds = 7 * 24 * 3600;

const numberIn = (
  env: { readonly [name: string]: string | undefined },
  name: string,
  least: number,
  most: number,
): number | null => {
  const text = env[name];
  if (text === undefined || text === "") return null;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new RangeError(
      `${name}: expected a whole number from ${least} to ${most}, found ${text}`,
    );
  return value;
};

/**
 * MTE_SEED, MTE_RUNS and MTE_TIME (seconds for each suite).
 *
 * @throws RangeError with one line for the user when one of them is no such number
 */
export const settingsFrom = (env: { readonly [name: string]: string | undefined }): Settings => {
  const seconds = numberIn(env, "MTE_TIME", 1, mostSeconds);
  return {
    seed: numberIn(env, "MTE_SEED", 0, highestSeed) ?? fixedSeed,
    runs: numberIn(env, "MTE_RUNS", 1, mostRuns),
    milliseconds: seconds === null ? null : seconds * 1000,
  };
};
