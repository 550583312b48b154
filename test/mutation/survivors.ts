/** Which mutants lived, under names that stay when lines move, and whether each of them may. */
import { z } from "zod";

const place = z.object({ line: z.number(), column: z.number() });

/** As much of Stryker's JSON report as is read here. Lines and columns are counted from 1. */
export const reportSchema = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.string(),
      mutants: z.array(
        z.object({
          mutatorName: z.string(),
          replacement: z.string(),
          status: z.string(),
          location: z.object({ start: place, end: place }),
        }),
      ),
    }),
  ),
});

/** The name of a mutant: the same `text` becoming the same is told apart by its `occurrence`. */
const nameSchema = z.strictObject({
  file: z.string(),
  text: z.string(),
  becomes: z.string(),
  occurrence: z.int().min(1).default(1),
});

/** Survivors that cannot be killed, because nobody could tell them from the original. */
export const acceptedSchema = z.array(nameSchema.extend({ why: z.string().min(10) }));

type Report = z.infer<typeof reportSchema>;
type ReportedFile = Report["files"][string];
type ReportedMutant = ReportedFile["mutants"][number];
export type Name = z.infer<typeof nameSchema>;
export type Accepted = z.infer<typeof acceptedSchema>[number];
export type Mutant = {
  readonly name: Name;
  readonly end: "killed" | "not-ended" | "lived";
};

/**
 * Anything else is a mutant that no failed test noticed. A runtime error is a process that died of
 * it twice, as of a list that grows for ever: nobody overlooks that either.
 */
const ends: ReadonlyMap<string, Mutant["end"]> = new Map([
  ["Killed", "killed"],
  ["Timeout", "not-ended"],
  ["RuntimeError", "not-ended"],
]);

/** As much of a report as {@link killedOnly} changes; whatever else is in it stays. */
const keptReportSchema = z.looseObject({
  files: z.record(
    z.string(),
    z.looseObject({ mutants: z.array(z.looseObject({ status: z.string() })) }),
  ),
});

/**
 * What a later run may take from an earlier one. Stryker would take survivors as well where it sees
 * no new test, and it sees none for code that runs while loading, nor a test that was rewritten. A
 * timeout may be the machine's.
 */
export const killedOnly = (report: unknown): unknown => {
  const { files, ...rest } = keptReportSchema.parse(report);
  const kept = Object.entries(files).map(([name, file]) => {
    const mutants = file.mutants.filter(({ status }) => status === "Killed");
    return [name, { ...file, mutants }];
  });
  return { ...rest, files: Object.fromEntries(kept) };
};

const oneLine = (text: string): string => text.replace(/\s+/g, " ");

const original = (lines: readonly string[], { location }: ReportedMutant): string => {
  const { start, end } = location;
  const cut = lines.slice(start.line - 1, end.line);
  const last = cut.length - 1;
  return cut
    .map((line, at) => (at === last ? line.slice(0, end.column - 1) : line))
    .map((line, at) => (at === 0 ? line.slice(start.column - 1) : line))
    .join("\n");
};

const bySourceOrder = (one: ReportedMutant, other: ReportedMutant): number =>
  one.location.start.line - other.location.start.line ||
  one.location.start.column - other.location.start.column ||
  other.location.end.line - one.location.end.line ||
  other.location.end.column - one.location.end.column ||
  one.mutatorName.localeCompare(other.mutatorName);

const mutantsOfFile = (file: string, { source, mutants }: ReportedFile): readonly Mutant[] => {
  const lines = source.split("\n");
  const seen = new Map<string, number>();
  return mutants.toSorted(bySourceOrder).map((mutant) => {
    const text = oneLine(original(lines, mutant));
    const becomes = oneLine(mutant.replacement);
    const key = JSON.stringify([text, becomes]);
    const occurrence = (seen.get(key) ?? 0) + 1;
    seen.set(key, occurrence);
    return { name: { file, text, becomes, occurrence }, end: ends.get(mutant.status) ?? "lived" };
  });
};

export const mutantsOf = ({ files }: Report): readonly Mutant[] =>
  Object.entries(files).flatMap(([file, reported]) => mutantsOfFile(file, reported));

const keyOf = ({ file, text, becomes, occurrence }: Name): string =>
  JSON.stringify([file, text, becomes, occurrence]);

export type Verdict = {
  readonly killed: number;
  readonly listed: number;
  readonly all: number;
  /** Survivors that the list does not know. */
  readonly unlisted: readonly Name[];
  /** Entries of the list whose run did not end: a busy machine, or a loop; it is not said which. */
  readonly undecided: readonly Name[];
  /** Entries of the list that are no survivors: killed by now, or the code is another. */
  readonly gone: readonly Name[];
};

/** Is it this file, or one in this folder? */
export const isInside = (file: string, place: string): boolean =>
  file === place || file.startsWith(`${place}/`);

/** Holds what lived in one folder against the list. */
export const judge = (
  folder: string,
  mutants: readonly Mutant[],
  accepted: readonly Accepted[],
): Verdict => {
  const inside = ({ file }: Name) => isInside(file, folder);
  const here = mutants.filter(({ name }) => inside(name));
  const keysOf = (end: Mutant["end"]) =>
    new Map(here.filter((one) => one.end === end).map(({ name }) => [keyOf(name), name]));
  const lived = keysOf("lived");
  const notEnded = keysOf("not-ended");
  const listed = accepted.filter(inside);
  const keys = new Set(listed.map(keyOf));
  const unlisted = [...lived].flatMap(([key, name]) => (keys.has(key) ? [] : [name]));
  const undecided = listed.filter((entry) => notEnded.has(keyOf(entry)));
  return {
    // A run that does not end was noticed; of what is listed nobody ever could.
    killed: here.length - lived.size - undecided.length,
    listed: lived.size - unlisted.length,
    all: here.length,
    unlisted,
    undecided,
    gone: listed.filter((entry) => !lived.has(keyOf(entry)) && !notEnded.has(keyOf(entry))),
  };
};
