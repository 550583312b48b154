#!/usr/bin/env node
/** What is started: the command with the arguments of this process. */
import { runCommand } from "./command.ts";
import { exitCodes } from "./exit.ts";

// A reader that has seen enough (head, a pager) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? exitCodes.asExpected : exitCodes.internalError);
});
process.exitCode = await runCommand(process.argv.slice(2));
