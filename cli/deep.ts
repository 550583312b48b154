/**
 * `mte-oracle deep`: every slice in growing scopes, and which verdicts change with them. Where the
 * whole can be explored it is, and again with each reduction, which must say the same; the larger
 * scopes are explored with all reductions only. The smaller ones are explored once more for each
 * profile, that is, with others who ask for tags. And blocks of every size, in slices of their own.
 */
import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { z } from "zod";
import { designs } from "../model/index.ts";
import {
  type Column,
  compareImplementations,
  compareWithExpected,
  defaultMachine,
  expectedKey,
  isReducible,
  nameOfReductions,
  type Profile,
  profiles,
  type Reductions,
  runTable,
  type Size,
  sizes,
} from "../properties/index.ts";
import { commonOptions, namesOption, printJson, wholeNumber, withCommonOptions } from "./common.ts";
import { blockLines, exploreBlocks } from "./deep-blocks.ts";
import { examinationLines, examineDesigns } from "./deep-examined.ts";
import {
  changesIn,
  mainOf,
  print,
  printStoreys,
  type Storey,
  slicesIn,
  waysOf,
} from "./deep-storeys.ts";
import { type ExitCode, exitCodes } from "./exit.ts";
import { readExpected, updateExpected } from "./expectations.ts";
import { compareLines, exitCodeOfComparison } from "./implementation.ts";
import { chooseMachine } from "./machines.ts";
import { progressLine } from "./terminal.ts";

/** What can be asked: the sizes of the usual slices, and those with larger blocks. */
const parts = [...sizes, "blocks"] as const;

const optionsSchema = z.object({
  ...commonOptions,
  design: z.array(z.string()).optional(),
  size: z.array(z.enum(parts)).default([...parts]),
  profile: z.array(z.enum(profiles)).default([...profiles]),
  maxStates: z.number(),
  workers: z.number(),
  examine: z.number(),
  updateExpected: z.boolean().default(false),
});

type DeepOptions = z.infer<typeof optionsSchema>;

/** In these scopes model and implementation are compared, and the reductions asked for soundness. */
const examinedSize: Size = "usual";

/** Under demands other than those of processes the usual scopes are too large for some designs. */
const profiledSize: Size = "smaller";

const pageSize = 4096;

const deep = async (options: DeepOptions): Promise<ExitCode> => {
  const { maxStates, workers } = options;
  const { machine, name } = chooseMachine(defaultMachine, pageSize);
  const asked = designs.filter((design) => options.design?.includes(design.name) ?? true);
  const progress = progressLine(options.quiet);
  const storeys: Storey[] = [];
  const explored = async (
    size: Size,
    reduce: Reductions,
    profile: Profile = "processes",
  ): Promise<Storey> => {
    const key = expectedKey(name, pageSize, size, profile);
    const wanted = readExpected(profile).machines[key];
    const columns = await runTable({
      ...{ machine, size, profile, workers },
      designs: reduce.length > 0 ? asked.filter(isReducible) : asked,
      strategy: { kind: "breadth-first", ...(reduce.length > 0 && { reduce }) },
      bounds: { maxStates },
      onProgress: progress.show,
      sizeOf: (design, slice) => wanted?.[design]?.slices[slice]?.states ?? 0,
    }).finally(progress.clear);
    if (options.updateExpected) updateExpected(key, columns, profile);
    const expected = readExpected(profile).machines[key] ?? {};
    const isKnown = ({ design }: Column): boolean => expected[design] !== undefined;
    const differences = compareWithExpected(columns.filter(isKnown), expected);
    const unknown = columns.flatMap((column) => (isKnown(column) ? [] : [column.design]));
    return { size, profile, reduce, columns, differences, unknown };
  };
  const asksFor = (part: (typeof parts)[number]): boolean => options.size.includes(part);
  const asksOf = (profile: Profile): boolean => options.profile.includes(profile);
  for (const size of sizes.filter((each) => asksOf("processes") && asksFor(each)))
    for (const reduce of waysOf[size]) storeys.push(await explored(size, reduce));
  for (const profile of profiles.filter((each) => each !== "processes" && asksOf(each)))
    if (asksFor(profiledSize)) storeys.push(await explored(profiledSize, [], profile));
  const blocks =
    asksFor("blocks") && asksOf("processes")
      ? await exploreBlocks({
          ...{ machine, designs: asked, workers, maxStates, onProgress: progress.show },
          updateExpected: options.updateExpected,
        }).finally(progress.clear)
      : [];
  const examines = asksOf("processes") && asksFor(examinedSize);
  const compared = examines
    ? await compareImplementations({
        ...{ machine, designs: asked, size: examinedSize, workers, maxStates },
      })
    : [];
  const mostExamined = examines ? options.examine : 0;
  const examined = examineDesigns(machine, mostExamined > 0 ? asked : [], mostExamined);
  const changes = changesIn(mainOf(storeys));
  const everything = [...storeys, ...blocks];
  const differs = everything.some(({ differences }) => differences.length > 0);
  const isCut = everything.some(({ columns }) =>
    columns.some(({ reports }) => reports.some(({ cut }) => cut !== null)),
  );
  const compareCode = exitCodeOfComparison(compared, false);
  const code =
    differs || examined.faults.length > 0
      ? exitCodes.violation
      : compareCode !== exitCodes.asExpected
        ? compareCode
        : isCut
          ? exitCodes.inconclusive
          : exitCodes.asExpected;
  if (options.json) {
    const told = storeys.map(({ size, profile, reduce, columns, differences, unknown }) => ({
      size,
      profile,
      reducedBy: nameOfReductions(reduce),
      unknown,
      slices: slicesIn(columns),
      differences,
    }));
    const toldOfBlocks = blocks.map(({ columns, ...storey }) => ({
      ...storey,
      slices: slicesIn(columns),
    }));
    printJson({
      ...{ schema: "mte-oracle/deep/1", sizes: told, blocks: toldOfBlocks },
      ...{ compared, examined, changes, exitCode: code },
    });
  } else {
    if (compared.length > 0)
      print("MODEL AND IMPLEMENTATION, usual scopes", ...compareLines(compared), "");
    if (mostExamined > 0)
      print("THE REDUCTIONS, asked of the states themselves", ...examinationLines(examined), "");
    print(...blockLines(blocks));
    if (storeys.length > 0) printStoreys(storeys, changes);
  }
  return code;
};

export const addDeep = (program: Command, ended: (code: ExitCode) => void): void => {
  withCommonOptions(program.command("deep"))
    .summary("explore growing scopes, and tell which verdicts change")
    .description(
      "Explores every slice in a smaller, the usual and a larger scope, holds all counts against " +
        "the committed ones, with reductions and without, and names the verdicts that are not the " +
        "same in all of them; then the smaller scopes under other demands for tags, and slices " +
        "with blocks of one to four pages. " +
        "Takes many minutes.",
    )
    .addOption(
      namesOption(
        "--design <names...>",
        "only these designs",
        designs.map((design) => design.name),
      ),
    )
    .addOption(namesOption("--size <sizes...>", "only these sizes, or blocks of every size", parts))
    .addOption(namesOption("--profile <who...>", "only with these who ask for tags", profiles))
    .option(
      "--max-states <n>",
      "keep at most so many states of each slice",
      wholeNumber(1, 2 ** 24),
      4_000_000,
    )
    .option("--workers <n>", "threads to explore with", wholeNumber(1, 256), availableParallelism())
    .option(
      "--examine <n>",
      "ask so many states of each slice whether the reductions are sound",
      wholeNumber(0, 1_000_000),
      300,
    )
    .option("--update-expected", "in a checkout: make this run's verdicts the expected ones")
    .action(async (_options: unknown, command: Command) => {
      ended(await deep(optionsSchema.parse(command.opts())));
    });
};
