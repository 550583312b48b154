/** `check --implementation`: is the implementation its design, in every state of every slice? */
import { isPacked } from "../impl/index.ts";
import type { Design, Machine } from "../model/index.ts";
import {
  type ComparedSlice,
  compareImplementations,
  describeMismatch,
  type Size,
} from "../properties/index.ts";
import { printJson } from "./common.ts";
import { CommandError, type ExitCode, exitCodes } from "./exit.ts";
import { grouped } from "./terminal.ts";

export type CompareOptions = {
  readonly machine: Machine;
  readonly machineName: string;
  readonly designs: readonly Design[];
  readonly slices: readonly string[] | undefined;
  readonly size: Size;
  readonly workers: number;
  readonly maxStates: number;
  readonly json: boolean;
  readonly allowInconclusive: boolean;
};

const sum = (all: readonly ComparedSlice[], of: (compared: ComparedSlice) => number): number =>
  all.reduce((total, each) => total + of(each), 0);

/** One line for each slice of a design that is worth one, and one for the design. */
export const compareLines = (compared: readonly ComparedSlice[]): readonly string[] =>
  [...new Set(compared.map(({ design }) => design))].flatMap((design) => {
    const all = compared.filter((each) => each.design === design);
    const states = grouped(sum(all, (each) => each.states));
    const transitions = grouped(sum(all, (each) => each.transitions));
    const parted = all.flatMap(({ slice, parting }) =>
      parting
        ? [
            `  ${slice}: PARTED after ${parting.moves.length} steps: ` +
              describeMismatch(parting.mismatch),
          ]
        : [],
    );
    const cut = all.filter(({ cut: isCut }) => isCut);
    const bounds = cut.map(
      ({ slice, states: kept }) => `  ${slice}: cut at ${grouped(kept)} states`,
    );
    const verdict =
      parted.length > 0
        ? "the implementation is not the model"
        : cut.length > 0
          ? "equal as far as it was looked at"
          : "equal, complete in scope";
    const head = `${design.padEnd(16)}  ${verdict}: ${states} states, ${transitions} transitions`;
    return [head, ...parted, ...bounds];
  });

export const exitCodeOfComparison = (
  compared: readonly ComparedSlice[],
  allowInconclusive: boolean,
): ExitCode => {
  if (compared.some(({ parting }) => parting !== null)) return exitCodes.violation;
  const isCut = compared.some(({ cut }) => cut);
  return isCut && !allowInconclusive ? exitCodes.inconclusive : exitCodes.asExpected;
};

export const compareImplementation = async (options: CompareOptions): Promise<ExitCode> => {
  const { machine, designs, slices, size, workers, maxStates, json } = options;
  const without = designs.filter((design) => !isPacked(design)).map(({ name }) => name);
  if (without.length === designs.length)
    throw new CommandError(exitCodes.usage, `there is no implementation of ${without.join(", ")}`);
  const compared = await compareImplementations({
    ...{ machine, designs, size, workers, maxStates },
    ...(slices && { slices }),
  });
  const code = exitCodeOfComparison(compared, options.allowInconclusive);
  if (json)
    printJson({
      schema: "mte-oracle/implementation/1",
      machine: options.machineName,
      size,
      slices: compared,
      withoutImplementation: without,
      exitCode: code,
    });
  else {
    const lines = [
      ...compareLines(compared),
      ...without.map((name) => `${name.padEnd(16)}  lives in the model alone`),
    ];
    process.stdout.write(
      lines
        .map(
          (line) => `${line}
`,
        )
        .join(""),
    );
  }
  return code;
};
