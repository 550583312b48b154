import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the project. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** What lies in the tree without being part of it: installed, built, or written by a run. */
const produced = new Set(["node_modules", "dist", "reports", "coverage", "found"]);

/** The folders at the top, without dot folders and without what is produced. */
export function topFolders(): string[] {
  return fs
    .readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map((entry) => entry.name)
    .filter((name) => !produced.has(name))
    .sort();
}

/** All files under a folder, as paths from the root with forward slashes. */
export function filesUnder(folder: string): string[] {
  return fs.readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const place = path.posix.join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(place) : [place];
  });
}

/** All files people wrote: those at the top, in the top folders, and in the folders of CI. */
export function writtenFiles(): string[] {
  const top = fs
    .readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "package-lock.json")
    .map((entry) => entry.name);
  const folders = [...topFolders(), ".ci", ".github"].filter((folder) =>
    fs.existsSync(path.join(root, folder)),
  );
  return [...top, ...folders.flatMap(filesUnder)].sort();
}

export function read(file: string): string {
  return fs.readFileSync(path.join(root, file), "utf8");
}

/** The lines of a file that match, as `file:line: text`, ready to be compared with none. */
export function linesMatching(file: string, pattern: RegExp): string[] {
  return read(file)
    .split("\n")
    .flatMap((line, at) => (pattern.test(line) ? [`${file}:${at + 1}: ${line.trim()}`] : []));
}
