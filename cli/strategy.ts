/** How `check` looks at the states of a slice: its options, and which of them go together. */
import { type Command, Option } from "commander";
import { z } from "zod";
import { type Profile, reductions, type Strategy, strategyKinds } from "../properties/index.ts";
import { namesOption, wholeNumber } from "./common.ts";
import { CommandError, exitCodes } from "./exit.ts";

export const strategyOptions = {
  strategy: z.enum(strategyKinds),
  reduce: z.array(z.enum(reductions)).optional(),
  seed: z.number().optional(),
  walks: z.number().optional(),
  moves: z.number().optional(),
  preemptions: z.number().optional(),
  implementation: z.boolean().default(false),
};

const schema = z.object(strategyOptions);
type StrategyOptions = z.infer<typeof schema>;

/** How the states are looked at; an option that the strategy does not know is the user's mistake. */
export const strategyOf = (options: StrategyOptions): Strategy => {
  const { strategy: kind, seed = 1, walks = 1000, moves = 1000, preemptions = 3 } = options;
  type Named = "seed" | "walks" | "moves" | "preemptions" | "reduce";
  const refuse = (...names: readonly Named[]): void => {
    const given = names.find((name) => options[name] !== undefined);
    if (given === undefined) return;
    throw new CommandError(exitCodes.usage, `--${given} means nothing to --strategy ${kind}`);
  };
  if (kind === "breadth-first") {
    refuse("seed", "walks", "moves", "preemptions");
    return { kind, ...(options.reduce && { reduce: options.reduce }) };
  }
  refuse("reduce");
  if (kind === "pct") return { kind, seed, walks, moves, preemptions };
  refuse("preemptions");
  return { kind, seed, walks, moves };
};

/** A comparison judges no rows, and looks at every state up to a bound. */
export const demandWholeComparison = (
  options: StrategyOptions & {
    readonly maxDepth?: number | undefined;
    readonly timeLimit?: number | undefined;
    readonly pages?: string | undefined;
    readonly updateExpected: boolean;
    readonly profile: Profile;
  },
): void => {
  const { strategy, reduce, maxDepth, timeLimit, pages, updateExpected, profile } = options;
  const given = { reduce, "max-depth": maxDepth, "time-limit": timeLimit, pages };
  const [name] = [
    ...(strategy === "breadth-first" ? [] : ["strategy"]),
    ...(updateExpected ? ["update-expected"] : []),
    ...(profile === "processes" ? [] : ["profile"]),
    ...Object.entries(given).flatMap(([each, value]) => (value === undefined ? [] : [each])),
  ];
  if (name !== undefined)
    throw new CommandError(exitCodes.usage, `--${name} means nothing to --implementation`);
};

export const withStrategyOptions = (command: Command): Command =>
  command
    .addOption(
      new Option("--strategy <how>", "look at every state, or only where walks come to")
        .choices(strategyKinds)
        .default("breadth-first"),
    )
    .addOption(
      namesOption(
        "--reduce <ways...>",
        "look at one of many states or orders that are alike, where that is sound",
        reductions,
      ),
    )
    .option("--seed <n>", "of the walks (default: 1)", wholeNumber(0, 2 ** 31 - 1))
    .option("--walks <n>", "how many walks in each slice (default: 1000)", wholeNumber(1, 1e9))
    .option("--moves <n>", "moves of a walk at most (default: 1000)", wholeNumber(1, 1e9))
    .option(
      "--preemptions <n>",
      "pct: how often a walk takes the lead from who has it (default: 3)",
      wholeNumber(0, 1000),
    )
    .option(
      "--implementation",
      "compare the implementation with its design in every state instead",
    );
