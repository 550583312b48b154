/** `mte-oracle bugs`: the catalogue of planted bugs, and the commands about one or all of them. */
import type { Command } from "commander";
import { z } from "zod";
import { type Bug, bugGroups } from "../impl/index.ts";
import { type BugKills, type Kills, soonestOf } from "../properties/bugs/kills.ts";
import { readKills } from "./bug-files.ts";
import { addBugsKills } from "./bugs-kills.ts";
import { addBugsRun } from "./bugs-run.ts";
import { commonOptions, printJson, withCommonOptions } from "./common.ts";
import { type ExitCode, exitCodes } from "./exit.ts";
import { demandWritable } from "./files.ts";
import { writeBugPages } from "./pages.ts";
import { counted } from "./terminal.ts";

const optionsSchema = z.object({ ...commonOptions, pages: z.string().optional() });

/** Who kills it, in short. */
const killedBy = (kills: BugKills | undefined): string => {
  if (kills === undefined) return "not measured";
  const soonest = soonestOf(kills);
  const { checker } = kills;
  return [
    soonest
      ? `suite ${soonest.suite} after ${counted(soonest.operations, "operation")}`
      : "no suite",
    checker
      ? `row ${checker.row} in ${counted(checker.operations, "operation")} ` +
        `(${counted(checker.actions, "action")})`
      : "no row",
  ].join("; ");
};

const asText = (bug: Bug, kills: BugKills | undefined): string =>
  [
    `  ${bug.id}`,
    `    ${bug.sentence}`,
    `    source: ${bug.source}`,
    `    designs: ${bug.designs.join(", ")}`,
    `    ${bug.harmless ? "harmless: nothing may flag it" : `killed by: ${killedBy(kills)}`}`,
    "",
  ].join("\n");

const listAsText = (kills: Kills | null): string =>
  bugGroups
    .flatMap(({ title, bugs }) => [
      `${title.toUpperCase()}\n`,
      ...bugs.map((bug) => asText(bug, kills?.bugs[bug.id])),
    ])
    .join("\n");

const listAsJson = (kills: Kills | null) => ({
  schema: "mte-oracle/bugs/1",
  bugs: bugGroups.flatMap(({ title, bugs }) =>
    bugs.map(({ id, sentence, source, story, designs, harmless = false }) => ({
      id,
      group: title,
      sentence,
      source,
      story,
      designs,
      harmless,
      kills: kills?.bugs[id] ?? null,
    })),
  ),
});

export const addBugs = (program: Command, ended: (code: ExitCode) => void): void => {
  const bugs = withCommonOptions(program.command("bugs"))
    .summary("list the planted bugs, run one, or measure what kills them")
    .description(
      "Lists the bugs that can be planted in the implementation: what each does wrong, where it " +
        "comes from, which designs can have it, and what kills it.",
    )
    .option("--pages <folder>", "write the matrix and each shortest story as pages to look at")
    .action((_options: unknown, command: Command) => {
      const { json, pages } = optionsSchema.parse(command.opts());
      if (pages !== undefined) {
        demandWritable(pages);
        process.stdout.write(`${writeBugPages(pages)}\n`);
        return ended(exitCodes.asExpected);
      }
      const kills = readKills();
      if (json) printJson(listAsJson(kills));
      else process.stdout.write(listAsText(kills));
      ended(exitCodes.asExpected);
    });
  addBugsRun(bugs, ended);
  addBugsKills(bugs, ended);
};
