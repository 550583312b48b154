/** The lines of a file or of stdin, one after the other, however large it is. */
import * as fs from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { CommandError, exitCodes } from "./exit.ts";

const chunkBytes = 2 ** 18;

/** Reads to the end, waiting where a pipe has nothing yet. */
const chunksOf = async function* (file: string): AsyncGenerator<Buffer> {
  if (file === "-") {
    for await (const chunk of process.stdin) yield Buffer.from(chunk);
    return;
  }
  for await (const chunk of fs.createReadStream(file, { highWaterMark: chunkBytes }))
    yield Buffer.from(chunk);
};

/**
 * Gives each line without its end, in the order of the text.
 *
 * @param file `-`: stdin
 * @param longest a line of more characters ends the command, unread
 */
export const eachLine = async (
  file: string,
  longest: number,
  line: (text: string) => void,
): Promise<void> => {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let count = 0;
  const take = (text: string): void => {
    count++;
    line(text.endsWith("\r") ? text.slice(0, -1) : text);
  };
  for await (const chunk of chunksOf(file)) {
    const lines = (rest + decoder.write(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const text of lines) take(text);
    if (rest.length > longest)
      throw new CommandError(
        exitCodes.malformedInput,
        `${file}:${count + 1}: line: expected at most ${longest} characters, found more`,
      );
  }
  rest += decoder.end();
  if (rest !== "") take(rest);
};
