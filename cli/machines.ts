/** The machine that a user means: one of those the package ships, or a file of his own. */
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import {
  describeInputError,
  type Machine,
  type PageSizeBytes,
  readMachine,
  totalBlocks,
} from "../model/index.ts";
import type { Task } from "../properties/index.ts";
import { CommandError, exitCodes } from "./exit.ts";
import { readText } from "./files.ts";

/** Far more than the description of any board. */
const largestFileBytes = 10 * 2 ** 20;
const shipped = fileURLToPath(new URL("../model/machines/", import.meta.url));
const extension = ".dts";

export const machineNames = (): readonly string[] =>
  fs
    .readdirSync(shipped)
    .filter((name) => name.endsWith(extension))
    .map((name) => name.slice(0, -extension.length))
    .sort();

export type ChosenMachine = {
  readonly machine: Machine;
  /** The name of a shipped machine, else the path as it was given. */
  readonly name: string;
  readonly isShipped: boolean;
};

export const chooseMachine = (asked: string, pageSizeBytes: PageSizeBytes): ChosenMachine => {
  const isShipped = machineNames().includes(asked);
  if (!isShipped && !fs.existsSync(asked))
    throw new CommandError(
      exitCodes.usage,
      `there is no machine ${JSON.stringify(asked)}: expected a file or one of ` +
        machineNames().join(", "),
    );
  const file = isShipped ? path.join(shipped, asked + extension) : asked;
  const text = readText(file, largestFileBytes);
  const result = readMachine(text, isShipped ? asked + extension : asked, { pageSizeBytes });
  if (result.ok) return { machine: result.machine, name: asked, isShipped };
  throw new CommandError(exitCodes.malformedInput, describeInputError(result.error));
};

const span = (numbers: readonly number[]): string => {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return least === most ? `${least}` : `${least} to ${most}`;
};

/** How the machine was made small, in one line. */
export const describeShrinking = (tasks: readonly Task[]): string => {
  const shapes = tasks.map(({ slice }) => slice.scope.geometry);
  return [
    `${span(shapes.map(({ regions }) => regions.length))} region(s)`,
    `${span(shapes.map(totalBlocks))} block(s) of b = ${span(shapes.map((each) => each.blockPages))}`,
    `${span(shapes.map((each) => each.pagesPerStoragePage))} pages for each storage page`,
    `${span(shapes.map((each) => each.granulesPerPage))} granule(s) in a page`,
  ].join(", ");
};
