/** The command: reads its arguments, runs a verb, and ends with one of the documented codes. */
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { Command, CommanderError } from "commander";
import { z } from "zod";
import { CommandError, type ExitCode, exitCodes } from "./exit.ts";
import { verbsFor } from "./verbs.ts";

/** From dist/cli/command.js. */
const packageFile = path.resolve(fileURLToPath(import.meta.url), "../../../package.json");
const packageSchema = z.object({ version: z.string(), description: z.string() });

/** One line, whatever a name in it holds. */
const say = (message: string): void => {
  process.stderr.write(`mte-oracle: ${message.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, "?")}\n`);
};

/** Commander says what is wrong in a line, or prints the usage in many. */
const sayForCommander = (text: string): void => {
  if (text.startsWith("error: ")) say(text.slice("error: ".length).trimEnd());
  else process.stderr.write(text);
};

/** What went wrong as an exit code; a message for it has been written by then. */
const codeOf = (thrown: unknown): ExitCode => {
  // Help and version are no errors, and commander has said already what is one.
  if (thrown instanceof CommanderError)
    return thrown.exitCode === 0 ? exitCodes.asExpected : exitCodes.usage;
  if (thrown instanceof CommandError) {
    say(thrown.message);
    return thrown.code;
  }
  const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  process.stderr.write(`mte-oracle: internal error, please report it: ${text}\n`);
  return exitCodes.internalError;
};

/** Runs the command with these arguments, as `mte-oracle` does. */
export const runCommand = async (args: readonly string[]): Promise<ExitCode> => {
  let code: ExitCode = exitCodes.asExpected;
  try {
    const { version, description } = packageSchema.parse(
      JSON.parse(fs.readFileSync(packageFile, "utf8")),
    );
    const ended = (found: ExitCode): void => {
      code = found;
    };
    const program = new Command("mte-oracle");
    program
      .description(description)
      .version(version)
      .exitOverride()
      .configureOutput({ writeErr: sayForCommander });
    for (const add of await verbsFor(args)) add(program, ended);
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (thrown) {
    return codeOf(thrown);
  }
};
