/** `mte-oracle bugs run ID`: the shortest story of a planted bug, told like any replay. */
import type { Command } from "commander";
import { z } from "zod";
import { type Counterexample, storyOf } from "../counterexamples/index.ts";
import { type Bug, bugNamed } from "../impl/index.ts";
import { designNamed } from "../model/index.ts";
import { hunt } from "../properties/bugs/hunt.ts";
import { readStory, whatIsKnown } from "./bug-files.ts";
import { commonOptions, wholeNumber, withCommonOptions } from "./common.ts";
import { CommandError, type ExitCode, exitCodes } from "./exit.ts";
import { tellReplay } from "./replay.ts";

const optionsSchema = z.object({
  ...commonOptions,
  design: z.string().optional(),
  step: z.boolean().default(false),
  until: z.number().optional(),
});

/** The bug of that name, or a usage error in one line. */
export const knownBug = (id: string): Bug => {
  const bug = bugNamed(id);
  if (bug) return bug;
  const asked = JSON.stringify(id);
  throw new CommandError(exitCodes.usage, `there is no bug ${asked}: mte-oracle bugs lists them`);
};

/** Explores until the bug breaks something that the design keeps. */
const hunted = (bug: Bug, designName: string): Counterexample => {
  const design = designNamed(designName);
  const kill = design ? hunt(bug, design, whatIsKnown()) : null;
  if (kill) return storyOf(bug, kill);
  const why = `nothing flags ${bug.id} in ${designName} within the bounds of the hunt`;
  throw new CommandError(exitCodes.inconclusive, why);
};

const storyIn = (bug: Bug, asked: string | undefined, quiet: boolean): Counterexample => {
  const [first = ""] = bug.designs;
  const design = asked ?? first;
  if (!bug.designs.includes(design)) {
    const expected = `expected one of ${bug.designs.join(", ")}`;
    const wrong = JSON.stringify(design);
    throw new CommandError(exitCodes.usage, `${wrong} cannot have ${bug.id}: ${expected}`);
  }
  if (bug.harmless)
    throw new CommandError(exitCodes.usage, `${bug.id} does no harm: it has no story`);
  const saved = design === first ? readStory(bug.id) : null;
  if (saved) return saved;
  if (!quiet) process.stderr.write(`exploring ${design} for the shortest story\n`);
  return hunted(bug, design);
};

export const addBugsRun = (bugs: Command, ended: (code: ExitCode) => void): void => {
  withCommonOptions(bugs.command("run"))
    .summary("tell the shortest story of a bug, step by step")
    .description(
      "Runs the implementation with one bug planted and shows the shortest run that breaks " +
        "something, in the form of replay. For other designs than its first it is searched anew.",
    )
    .argument("<id>", "a bug of the catalogue")
    .option("--design <name>", "in this design (its first one)")
    .option("--step", "wait for Enter after each step (on a terminal)")
    .option("--until <n>", "show the first n steps only", wholeNumber(0, 1e9))
    .action(async (id: string, _options: unknown, command: Command) => {
      const { json, step, until, design, quiet } = optionsSchema.parse(command.optsWithGlobals());
      const story = storyIn(knownBug(id), design, quiet);
      ended(await tellReplay(story, { json, step, until }));
    });
};
