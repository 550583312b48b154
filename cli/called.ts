/** How the reader can run the command again: in a clone there is no `mte-oracle` on the path. */
import * as path from "node:path";

/**
 * @param program what Node was asked to run
 * @param folder where it was asked
 */
export const calledAs = (
  program: string = process.argv[1] ?? "",
  folder: string = process.cwd(),
): string => {
  const file = path.relative(folder, program);
  const isOurs = path.basename(file) === "main.js" && !/^\.\.|node_modules/.test(file);
  return isOurs && !path.isAbsolute(file) ? `node ${file.split(path.sep).join("/")}` : "mte-oracle";
};
