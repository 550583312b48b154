/** `mte-oracle try STORY`: tells a story to the designs and says what each makes of it. */
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { type Command, Option } from "commander";
import { z } from "zod";
import {
  largestStoryBytes,
  mostStoryStates,
  readStory,
  type Story,
  scopeOf,
  sentences,
  settings,
  stepsAsText,
  type Teller,
  type Tried,
  tellersOf,
  triedAsText,
  tryStory,
  unfit,
  writeCounterexample,
} from "../counterexamples/index.ts";
import { describeInputError, designs } from "../model/index.ts";
import { knownBug } from "./bugs-run.ts";
import { calledAs } from "./called.ts";
import { commonOptions, namesOption, printJson, wholeNumber, withCommonOptions } from "./common.ts";
import { CommandError, type ExitCode, exitCodes } from "./exit.ts";
import { demandWritable, readText, writeIfChanged } from "./files.ts";

/** From dist/cli/try.js. */
const shippedFolder = path.resolve(
  fileURLToPath(import.meta.url),
  "../../counterexamples/try/stories",
);
const extension = ".txt";

const optionsSchema = z.object({
  ...commonOptions,
  design: z.array(z.string()).optional(),
  bug: z.array(z.string()).optional(),
  steps: z.boolean().default(false),
  save: z.string().optional(),
  maxStates: z.number(),
  list: z.boolean().default(false),
  words: z.boolean().default(false),
});

type Options = z.infer<typeof optionsSchema>;

/** The stories that come with the program, by name. */
const shippedStories = (): readonly string[] =>
  fs
    .readdirSync(shippedFolder)
    .filter((name) => name.endsWith(extension))
    .map((name) => path.basename(name, extension))
    .sort();

/** kebab-case from any file name. */
const storyName = (file: string): string =>
  path
    .basename(file, path.extname(file))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 50) || "unnamed";

const storyIn = (asked: string): Story => {
  const isShipped = shippedStories().includes(asked);
  const file = isShipped ? path.join(shippedFolder, `${asked}${extension}`) : asked;
  if (!isShipped && /^[\w-]+$/.test(asked) && !fs.existsSync(asked)) {
    const known = shippedStories().join(", ");
    const why = `there is no story or file ${JSON.stringify(asked)}: expected a file, or one of`;
    throw new CommandError(exitCodes.usage, `${why} ${known}`);
  }
  const shown = isShipped ? path.basename(file) : file;
  const read = readStory(readText(file, largestStoryBytes), storyName(asked), shown);
  if (!read.ok) throw new CommandError(exitCodes.malformedInput, describeInputError(read.error));
  return read.value;
};

const wordsAsText = (): string =>
  [
    'What an actor can do ({page} and {slot}: a number or a name; "as NAME" names a new one):',
    ...sentences.map((sentence) => {
      const names = sentence.kind === "operation" && sentence.gives ? " [as NAME]" : "";
      return `  ${sentence.words}${names}`;
    }),
    "",
    "What can be set (set NAME VALUE):",
    ...settings.map(({ name, expected, says }) => `  ${name}: ${expected}; ${says}`),
    "",
  ].join("\n");

const listAsText = (): string =>
  shippedStories()
    .map((name) => `  ${name}\n    ${storyIn(name).title}\n`)
    .join("");

const tellersIn = (story: Story, { design, bug }: Options): readonly Teller[] => {
  const asked = designs.filter(({ name, variantOf }) =>
    design === undefined ? variantOf === undefined : design.includes(name),
  );
  const planted = bug === undefined ? story : { ...story, plants: bug };
  const all = tellersOf(planted, asked).filter((teller) => bug === undefined || teller.bug);
  if (all.length > 0) return all;
  const why = `no design of ${asked.map(({ name }) => name).join(", ")} can have ${bug?.join(", ")}`;
  throw new CommandError(exitCodes.usage, why);
};

const saveAll = (folder: string, story: Story, tried: readonly Tried[]): readonly string[] =>
  tried.flatMap(({ design, bug, broken }) =>
    broken.map(({ row, counterexample }) => {
      const parts = [story.name, design, ...(bug ? [bug] : []), row];
      const file = path.join(folder, `${parts.join("--")}.json`);
      writeIfChanged(file, writeCounterexample(counterexample));
      return file;
    }),
  );

const asJson = (
  story: Story,
  tried: readonly Tried[],
  files: readonly string[],
  code: ExitCode,
) => ({
  schema: "mte-oracle/try/1",
  story: story.name,
  title: story.title,
  source: story.source,
  lines: story.groups.flat().map(({ line, text }) => ({ line, text })),
  tried: tried.map(({ whole, broken, ...rest }) => ({
    ...rest,
    broken: broken.map(({ row, steps, counterexample: { reason, property, loopFrom } }) => ({
      row,
      property: property.id,
      steps,
      loopFrom: loopFrom ?? null,
      reason,
    })),
    wholeRunSteps: whole?.moves.length ?? null,
  })),
  saved: files,
  exitCode: code,
});

const tell = (asked: string, options: Options): ExitCode => {
  const story = storyIn(asked);
  const tellers = tellersIn(story, options);
  const wrong = tellers.flatMap(({ design }) => unfit(scopeOf(story, design)) ?? []);
  if (wrong[0] !== undefined)
    throw new CommandError(exitCodes.malformedInput, `${asked}: ${wrong[0]}`);
  if (options.save !== undefined) demandWritable(options.save);
  const tried = tellers.map((teller) => tryStory(story, teller, options.maxStates));
  const files = options.save === undefined ? [] : saveAll(options.save, story, tried);
  const isCut = tried.some(({ cutAt, broken }) => cutAt !== null && broken.length === 0);
  const code = isCut ? exitCodes.inconclusive : exitCodes.asExpected;
  if (options.json) printJson(asJson(story, tried, files, code));
  else if (options.steps)
    process.stdout.write(
      tellers
        .flatMap((teller, index) => {
          const of = tried[index];
          return of ? [stepsAsText(story, teller, of)] : [];
        })
        .join("\n"),
    );
  else process.stdout.write(triedAsText(story, tried) + lookAgain(asked, tried));
  for (const file of files) if (!options.json) process.stdout.write(`saved ${file}\n`);
  return code;
};

/** How to see one of the broken runs. */
const lookAgain = (asked: string, tried: readonly Tried[]): string => {
  const first = tried.find(({ broken }) => broken.length > 0);
  if (!first) return "";
  const bug = first.bug ? ` --bug ${first.bug}` : "";
  return `\nStep by step:\n  ${calledAs()} try ${asked} --design ${first.design}${bug} --steps\n`;
};

export const addTry = (program: Command, ended: (code: ExitCode) => void): void => {
  withCommonOptions(program.command("try"))
    .summary("tell a story by hand and see what each design makes of it")
    .description(
      "A story is a list of operations, one a line (docs/stories.md). Each design is asked for " +
        "all of them in their order; what it may decide, and how actors interleave, is explored. " +
        "Ends with 0 whatever comes of it, with 3 if a search is cut.",
    )
    .argument("[story]", "a file, or one of those that --list names")
    .addOption(
      namesOption(
        "--design <names...>",
        "only these designs (default: those with a column of their own)",
        designs.map(({ name }) => name),
      ),
    )
    .addOption(
      new Option("--bug <id>", "plant this bug, and tell it to nobody else").argParser(
        (id: string): readonly string[] => [knownBug(id).id],
      ),
    )
    .option(
      "--steps",
      "tell a run step by step: the shortest that breaks something, else a whole one",
    )
    .option("--save <folder>", "write a counterexample for each row that a design breaks")
    .option(
      "--max-states <n>",
      "keep at most so many states for each design",
      wholeNumber(1, 1e7),
      mostStoryStates,
    )
    .option("--list", "list the stories that come with the program")
    .option("--words", "list the sentences and settings of a story")
    .action((asked: string | undefined, _options: unknown, command: Command) => {
      const options = optionsSchema.parse(command.opts());
      if (options.words) process.stdout.write(wordsAsText());
      else if (options.list) process.stdout.write(listAsText());
      else if (asked === undefined)
        throw new CommandError(
          exitCodes.usage,
          "expected a story: mte-oracle try --list names some",
        );
      else return ended(tell(asked, options));
      ended(exitCodes.asExpected);
    });
};
