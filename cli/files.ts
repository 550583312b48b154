/** Files that a user names: read with a bound, written whole or not at all. */
import * as fs from "node:fs";
import * as path from "node:path";
import { CommandError, exitCodes } from "./exit.ts";

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "access is denied",
  ENOTDIR: "part of the path is no folder",
  EEXIST: "a file is in the way",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left",
  ENAMETOOLONG: "the name is too long",
  ERR_INVALID_ARG_VALUE: "that is no file name",
};

/** Turns what the system refuses into one line; anything else is a mistake of ours. */
const asking = <T>(what: string, file: string, ask: () => T): T => {
  try {
    return ask();
  } catch (thrown) {
    const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : null;
    if (code === null) throw thrown;
    const why = reasons[code] ?? code;
    throw new CommandError(exitCodes.usage, `cannot ${what} ${JSON.stringify(file)}: ${why}`);
  }
};

/** The text of a file of at most so many bytes; a longer one is refused unread. */
export const readText = (file: string, largestBytes: number): string => {
  const bytes = asking("read", file, () => {
    const { size } = fs.statSync(file);
    return size > largestBytes ? null : fs.readFileSync(file);
  });
  if (bytes !== null && bytes.length <= largestBytes) return bytes.toString("utf8");
  throw new CommandError(
    exitCodes.malformedInput,
    `${file}:1: file: expected at most ${largestBytes} bytes, found more`,
  );
};

/** Makes sure that a file can be opened and is none of another kind. */
export const demandReadable = (file: string): void =>
  asking("read", file, () => {
    if (fs.statSync(file).isDirectory())
      throw new CommandError(
        exitCodes.usage,
        `cannot read ${JSON.stringify(file)}: it is a folder`,
      );
    fs.accessSync(file, fs.constants.R_OK);
  });

/** Writes a file whole, and only if its bytes differ; tells whether it did. */
export const writeIfChanged = (file: string, text: string): boolean =>
  asking("write", file, () => {
    if (fs.existsSync(file) && fs.readFileSync(file, "utf8") === text) return false;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const partial = `${file}.partial`;
    fs.writeFileSync(partial, text);
    fs.renameSync(partial, file);
    return true;
  });

/** Makes sure, before a long run, that files can be put into a folder that may not exist yet. */
export const demandWritable = (folder: string): void =>
  asking("write", folder, () => {
    const present = fs.statSync(folder, { throwIfNoEntry: false });
    const parent = path.dirname(path.resolve(folder));
    if (present === undefined && parent !== path.resolve(folder)) return demandWritable(parent);
    if (present?.isDirectory() === false)
      throw new CommandError(exitCodes.usage, `cannot write ${JSON.stringify(folder)}: no folder`);
    fs.accessSync(folder, fs.constants.W_OK);
  });
