/**
 * What a verb judged, for CI: as JUnit XML in the subset that CI systems read, and as annotations
 * that GitHub shows beside the files of a change. Without times: the same run gives the same bytes.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { type Command, Option } from "commander";
import { create } from "xmlbuilder2";
import type { XMLBuilder } from "xmlbuilder2/lib/interfaces.js";
import { z } from "zod";
import { CommandError, exitCodes } from "./exit.ts";
import { demandWritable, writeIfChanged } from "./files.ts";

/** One thing that was judged. It fails if and only if it makes the command end with 1. */
export type CiCase = {
  /** A design, a suite, a file: what the case is listed under. */
  readonly group: string;
  readonly name: string;
  readonly verdict:
    | { readonly kind: "pass"; readonly note: string | null }
    | { readonly kind: "fail"; readonly message: string }
    | { readonly kind: "skip"; readonly why: string };
  /** The file that shows it, relative to where the command runs; null where none does. */
  readonly file: string | null;
};

const counted = (cases: readonly CiCase[]): Record<string, string> => {
  const number = (kind: CiCase["verdict"]["kind"]): string =>
    String(cases.filter(({ verdict }) => verdict.kind === kind).length);
  return {
    tests: String(cases.length),
    failures: number("fail"),
    errors: "0",
    skipped: number("skip"),
  };
};

/** A reader of XML would see a blank anyway. */
const inAttribute = (text: string): string => text.replace(/\s+/g, " ");

const addCase = (suite: XMLBuilder, { group, name, verdict, file }: CiCase): void => {
  const element = suite.ele("testcase", { name, classname: group, ...(file !== null && { file }) });
  if (verdict.kind === "fail") element.ele("failure", { message: inAttribute(verdict.message) });
  else if (verdict.kind === "skip") element.ele("skipped", { message: verdict.why });
  else if (verdict.note !== null) element.ele("system-out").txt(verdict.note);
};

/** @param verb "check": names the document */
export const casesAsJunit = (verb: string, cases: readonly CiCase[]): string => {
  const root = create({ version: "1.0", encoding: "UTF-8", invalidCharReplacement: "?" });
  const suites = root.ele("testsuites", { name: `mte-oracle ${verb}`, ...counted(cases) });
  for (const group of new Set(cases.map((each) => each.group))) {
    const own = cases.filter((each) => each.group === group);
    const suite = suites.ele("testsuite", { name: group, ...counted(own) });
    for (const each of own) addCase(suite, each);
  }
  return `${root.end({ prettyPrint: true })}\n`;
};

/** Everything that would end the line, or be taken for a sign of the command. */
const inMessage = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const inProperty = (text: string): string =>
  inMessage(text).replaceAll(":", "%3A").replaceAll(",", "%2C");

/** An error for each case that fails, as a workflow command of GitHub Actions. */
export const casesAsAnnotations = (cases: readonly CiCase[]): string =>
  cases
    .flatMap(({ group, name, verdict, file }) => {
      if (verdict.kind !== "fail") return [];
      const place = file === null ? "" : `file=${inProperty(file)},line=1,`;
      const title = inProperty(`${group}: ${name}`);
      return [`::error ${place}title=${title}::${inMessage(verdict.message)}\n`];
    })
    .join("");

export const ciOptions = {
  junit: z.string().optional(),
  annotations: z.boolean().default(false),
};

export const withCiOptions = (command: Command): Command =>
  command
    .option("--junit <file>", "write a JUnit XML report, too")
    .addOption(new Option("--annotations", "print what fails as annotations of GitHub, on stderr"));

type CiOptions = { readonly junit?: string | undefined; readonly annotations: boolean };

/** Before a long run: can the report be written? */
export const demandReport = ({ junit }: CiOptions): void => {
  if (junit === undefined) return;
  demandWritable(path.dirname(junit));
  if (fs.statSync(junit, { throwIfNoEntry: false })?.isDirectory())
    throw new CommandError(
      exitCodes.usage,
      `cannot write ${JSON.stringify(junit)}: it is a folder`,
    );
};

/** Writes what was asked for. */
export const reportToCi = (
  { junit, annotations }: CiOptions,
  verb: string,
  cases: readonly CiCase[],
): void => {
  if (junit !== undefined) writeIfChanged(junit, casesAsJunit(verb, cases));
  if (annotations) process.stderr.write(casesAsAnnotations(cases));
};
