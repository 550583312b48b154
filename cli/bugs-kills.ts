/** `mte-oracle bugs kills`: measures what kills each bug, and writes or compares the matrix. */
import type { Command } from "commander";
import { z } from "zod";
import { storyOf } from "../counterexamples/index.ts";
import { bugNamed, bugs as catalogue } from "../impl/index.ts";
import { compareKills, type Kills, shortcomings } from "../properties/bugs/kills.ts";
import { killsOf, type Matrix, measureAll } from "../properties/bugs/run.ts";
import {
  readKills,
  readStory,
  type Stories,
  staleFiles,
  whatIsKnown,
  writeMatrix,
} from "./bug-files.ts";
import { knownBug } from "./bugs-run.ts";
import { type CiCase, ciOptions, demandReport, reportToCi, withCiOptions } from "./ci-report.ts";
import { commonOptions, printJson, wholeNumber, withCommonOptions } from "./common.ts";
import { type ExitCode, exitCodes } from "./exit.ts";
import { checkout } from "./expectations.ts";

const optionsSchema = z.object({
  ...commonOptions,
  ...ciOptions,
  check: z.boolean().default(false),
  workers: z.number(),
});

const longest = 160;
const shortened = (text: string): string =>
  text.length > longest ? `${text.slice(0, longest)}...` : text;

const storiesOf = (matrix: Matrix): Stories =>
  new Map(
    [...matrix].flatMap(([id, { kill, kills }]) => {
      const bug = bugNamed(id);
      return bug && kill && !kills.harmless ? [[id, storyOf(bug, kill)]] : [];
    }),
  );

/** What was measured now, and for the other bugs of the catalogue what was measured before. */
const whole = (
  matrix: Matrix,
  before: Kills | null,
): { readonly kills: Kills; readonly stories: Stories } => {
  const now = killsOf(matrix);
  const fresh = storiesOf(matrix);
  const rows = catalogue.flatMap(({ id }) => {
    const row = now.bugs[id] ?? before?.bugs[id];
    return row ? [[id, row] as const] : [];
  });
  const stories = catalogue.flatMap(({ id }) => {
    const story = matrix.has(id) ? fresh.get(id) : readStory(id);
    return story ? [[id, story] as const] : [];
  });
  return { kills: { ...now, bugs: Object.fromEntries(rows) }, stories: new Map(stories) };
};

const differencesFrom = (expected: Kills | null, found: Kills): readonly string[] => {
  if (expected === null) return ["there is no matrix yet"];
  return compareKills(expected, found).map(({ part, expected: wanted, found: instead }) =>
    shortened(`${part}: expected ${wanted}, found ${instead}`),
  );
};

/** A case for each bug that was measured, and for each complaint that is about none of them. */
const casesOf = (
  measured: readonly string[],
  complaints: readonly string[],
  stale: readonly string[],
): readonly CiCase[] => {
  const about = (id: string): readonly string[] =>
    complaints.filter((each) => each.split(/[ :]/)[0] === id);
  const failing = (group: string, name: string, message: string): CiCase => ({
    group,
    name,
    verdict: { kind: "fail", message },
    file: null,
  });
  const known = new Set(measured);
  return [
    ...measured.map((id): CiCase => {
      const wrong = about(id);
      if (wrong.length > 0) return failing("bugs", id, wrong.join("; "));
      return { group: "bugs", name: id, verdict: { kind: "pass", note: null }, file: null };
    }),
    ...complaints
      .filter((each) => !known.has(each.split(/[ :]/)[0] ?? ""))
      .map((each) => failing("matrix", each.split(":")[0] ?? each, each)),
    ...stale.map((file) => ({ ...failing("files", file, "other bytes than measured"), file })),
  ];
};

const kills = async (
  ids: readonly string[],
  options: z.infer<typeof optionsSchema>,
): Promise<ExitCode> => {
  const { json, quiet, check, workers } = options;
  checkout("the kill matrix");
  demandReport(options);
  const only = ids.map((id) => knownBug(id).id);
  /** Asked before the long run; one that is made whole needs none, of whatever form it is. */
  const before = check || only.length > 0 ? readKills() : null;
  const matrix = await measureAll({
    known: whatIsKnown(),
    workers,
    ...(only.length > 0 && { only }),
    onProgress: (id, finished, total) => {
      if (!quiet) process.stderr.write(`[${finished}/${total}] ${id}\n`);
    },
  });
  const { kills: found, stories } = whole(matrix, before);
  const lacking = Object.entries(found.bugs).flatMap(([id, row]) => shortcomings(id, row));
  const differences = check ? differencesFrom(before, found) : [];
  const stale = check ? staleFiles(found, stories) : [];
  if (!check) writeMatrix(found, stories);
  reportToCi(
    options,
    "bugs kills",
    casesOf([...matrix.keys()], [...lacking, ...differences], stale),
  );
  const exitCode =
    lacking.length + differences.length + stale.length > 0
      ? exitCodes.violation
      : exitCodes.asExpected;
  const schema = "mte-oracle/kills/1";
  if (json) printJson({ schema, measured: matrix.size, lacking, differences, stale, exitCode });
  else
    process.stdout.write(
      [
        ...lacking.map((each) => `NOT KILLED AS IT HAS TO BE  ${each}\n`),
        ...differences.map((each) => `NOT AS EXPECTED  ${each}\n`),
        ...stale.map((each) => `OTHER BYTES  ${each}\n`),
        `${matrix.size} bugs measured, ${check ? "compared" : "written"}\n`,
      ].join(""),
    );
  return exitCode;
};

export const addBugsKills = (bugs: Command, ended: (code: ExitCode) => void): void => {
  withCiOptions(withCommonOptions(bugs.command("kills")))
    .summary("in a checkout: measure what kills the bugs, and write the matrix")
    .description(
      "Runs every lockstep suite and the checker against each planted bug and writes " +
        "properties/bugs/kills.json, docs/bugs.md and counterexamples/bugs anew. " +
        "A bug that survives, or a harmless change that is flagged, ends it with 1.",
    )
    .argument("[ids...]", "these bugs only; the rest stays as it was measured")
    .option("--check", "compare with what is written instead of writing")
    .option("--workers <n>", "threads to measure with", wholeNumber(1, 256), 2)
    .action(async (ids: readonly string[], _options: unknown, command: Command) => {
      ended(await kills(ids, optionsSchema.parse(command.optsWithGlobals())));
    });
};
