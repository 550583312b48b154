/** `mte-oracle compare`: what the same work costs each design, as tables, as JSON, as a page. */
import * as fs from "node:fs";
import * as path from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import { designs } from "../model/index.ts";
import {
  type Compared,
  comparedSizes,
  compareOne,
  measures,
} from "../properties/comparison/index.ts";
import { defaultMachine } from "../properties/index.ts";
import { commonOptions, namesOption, printJson, wholeNumber, withCommonOptions } from "./common.ts";
import { comparePage } from "./compare-page.ts";
import { compareText, costLines } from "./compare-text.ts";
import { withCosts } from "./designs-page.ts";
import { CommandError, type ExitCode, exitCodes } from "./exit.ts";
import { checkout } from "./expectations.ts";
import { demandWritable, writeIfChanged } from "./files.ts";
import { chooseMachine } from "./machines.ts";
import { pageAssets } from "./pages.ts";

const highestSeed = 2 ** 31 - 1;
/** Of the tables in the documents. */
const usualSeed = 1;

const optionsSchema = z.object({
  ...commonOptions,
  machine: z.string(),
  design: z.array(z.string()).optional(),
  seed: z.number(),
  page: z.string().optional(),
  updateDocs: z.boolean().default(false),
});

type Options = z.infer<typeof optionsSchema>;

/** docs/designs.md shows the tables of all designs from the usual seed. */
const writeCosts = (compared: readonly Compared[]): void => {
  const file = path.join(checkout("--update-docs"), "docs/designs.md");
  writeIfChanged(file, withCosts(fs.readFileSync(file, "utf8"), costLines(compared)));
};

const compare = (options: Options): ExitCode => {
  const { machine: asked, design, seed, page, json, quiet, updateDocs } = options;
  if (updateDocs && (design !== undefined || seed !== usualSeed || asked !== defaultMachine))
    throw new CommandError(exitCodes.usage, "--update-docs takes no other design, seed or machine");
  const { machine } = chooseMachine(asked, 4096);
  if (page !== undefined) demandWritable(page);
  const chosen = designs.filter(({ name }) => design?.includes(name) ?? true);
  const compared: Compared[] = chosen.map((one, index) => {
    if (!quiet && process.stderr.isTTY)
      process.stderr.write(`\r\u001b[K[${index + 1}/${chosen.length}] ${one.name}`);
    return compareOne(one, machine, seed);
  });
  if (!quiet && process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  if (updateDocs) writeCosts(compared);
  if (page !== undefined) writeIfChanged(page, comparePage(compared, seed, pageAssets()));
  if (json)
    printJson({
      schema: "mte-oracle/compare/1",
      machine: asked,
      seed,
      sizes: comparedSizes,
      measures: measures.map(({ short, sentence }) => ({ short, sentence })),
      designs: compared,
      page: page ?? null,
      exitCode: exitCodes.asExpected,
    });
  else process.stdout.write(compareText(compared, seed) + (page === undefined ? "" : `${page}\n`));
  return exitCodes.asExpected;
};

export const addCompare = (program: Command, ended: (code: ExitCode) => void): void => {
  withCommonOptions(program.command("compare"))
    .summary("compare the designs in numbers: what the same work costs each")
    .description(
      "Gives every design the same seeded workload and counts what it costs: pages moved, copies " +
        "dropped, reads repeated, cache maintenance, the longest claim and fault, how much tag " +
        "storage served data, and the functions of the kernel in which the design has to be " +
        "called. In a small memory the model does the work, for every design; in memory as on " +
        "the machine the implementation, for those that have one.",
    )
    .option("--machine <name|file>", "a device tree whose blocks are used", defaultMachine)
    .addOption(
      namesOption(
        "--design <names...>",
        "only these designs",
        designs.map(({ name }) => name),
      ),
    )
    .option("--seed <n>", "of the workload", wholeNumber(0, highestSeed), usualSeed)
    .option("--page <file>", "write one HTML page with everything in it")
    .option("--update-docs", "in a checkout: put the tables into docs/designs.md")
    .action((_options: unknown, command: Command) => {
      ended(compare(optionsSchema.parse(command.opts())));
    });
};
