/**
 * A command line as words. Quotes keep blanks together, nothing else is special: no variable, no
 * pattern and no backslash is looked at, because no shell ever sees it.
 */
import { parseArgsStringToArgv } from "string-argv";

export type CommandLine =
  | { readonly kind: "words"; readonly program: string; readonly args: readonly string[] }
  | { readonly kind: "wrong"; readonly why: string };

const mark = ".";

export const commandLineOf = (text: string): CommandLine => {
  if (text.includes("\0")) return { kind: "wrong", why: "expected a command, found a NUL in it" };
  /** A last word of our own comes back by itself unless a quote before it is still open. */
  const [program, ...rest] = parseArgsStringToArgv(`${text} ${mark}`);
  if (rest.length === 0 && program === mark)
    return { kind: "wrong", why: "expected a command, found none" };
  if (program === undefined || rest.at(-1) !== mark)
    return { kind: "wrong", why: "expected a quote that is closed, found the end" };
  if (program === "") return { kind: "wrong", why: "expected a command, found an empty name" };
  return { kind: "words", program, args: rest.slice(0, -1) };
};
