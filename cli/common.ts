/** What every verb takes, and the small parsers of numbers and names. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { z } from "zod";

export const commonOptions = {
  json: z.boolean().default(false),
  color: z.boolean().default(true),
  quiet: z.boolean().default(false),
};

/** The same three on every verb, so that they may stand before or after its own. */
export const withCommonOptions = (command: Command): Command =>
  command
    .option("--json", "print one JSON document on stdout instead of text")
    .option("--no-color", "print no colours (so does NO_COLOR, if it is not empty)")
    .option("--quiet", "show no progress on stderr");

/** A whole number within bounds, or a usage error. */
export const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };

/** An option that may name several things of a fixed list; the first use replaces the default. */
export const namesOption = (flags: string, description: string, known: readonly string[]): Option =>
  new Option(flags, `${description} (${known.join(", ")})`).argParser(
    (text: string, before: readonly string[] | undefined): readonly string[] => {
      if (!known.includes(text))
        throw new InvalidArgumentError(`Expected one of ${known.join(", ")}.`);
      return before?.includes(text) ? before : [...(before ?? []), text];
    },
  );

export const printJson = (document: unknown): void => {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
};
