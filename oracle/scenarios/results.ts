/** Verdicts of many rows: for each kernel, for each row, for each family. */
import { describeInputError } from "../../model/index.ts";
import { type Kernel, kernels } from "./kernels.ts";
import type { Line } from "./read.ts";
import { runRow, type Verdict } from "./run.ts";

export type RowVerdict = "pass" | "fail" | "refused" | "malformed" | "not-applicable";

type KernelVerdict = { readonly kernel: Kernel; readonly verdict: Verdict };

export type RowResult = {
  readonly id: string;
  /** The id up to its first hyphen: what summaries are made by, and nothing else. */
  readonly family: string;
  readonly file: string;
  readonly line: number;
  readonly verdict: RowVerdict;
  /** Why a row was refused, is malformed, or says nothing about any of the kernels. */
  readonly why: string | null;
  /** Empty where the row could not be read. */
  readonly byKernel: readonly KernelVerdict[];
};

export type Counts = Readonly<Record<RowVerdict, number>>;
export type Family = { readonly family: string; readonly counts: Counts };

export const rowVerdicts = [
  "pass",
  "fail",
  "refused",
  "malformed",
  "not-applicable",
] as const satisfies readonly RowVerdict[];

const noId = "(no id)";
const familyOf = (id: string): string => id.split("-", 1)[0] ?? id;

const present = (verdicts: readonly KernelVerdict[], kind: Verdict["kind"]): boolean =>
  verdicts.some(({ verdict }) => verdict.kind === kind);

/** What is worst on any kernel; a row that holds for none of them is not applicable. */
const together = (verdicts: readonly KernelVerdict[]): RowVerdict => {
  if (present(verdicts, "fail")) return "fail";
  if (present(verdicts, "refused")) return "refused";
  return present(verdicts, "pass") ? "pass" : "not-applicable";
};

const whyOf = (verdicts: readonly KernelVerdict[], kind: RowVerdict): string | null => {
  const first = verdicts.map(({ verdict }) => verdict).find((verdict) => verdict.kind === kind);
  return first && "why" in first ? first.why : null;
};

/** The verdict on one line of a file. */
export const resultOf = (line: Line, asked: readonly Kernel[] = kernels): RowResult => {
  if (line.kind === "malformed") {
    const { error } = line;
    const id = line.id ?? noId;
    const why = describeInputError(error);
    const { file, line: at } = error;
    return { id, family: familyOf(id), file, line: at, verdict: "malformed", why, byKernel: [] };
  }
  if (line.kind === "refused") {
    const { id, file, line: at, why } = line;
    return { id, family: familyOf(id), file, line: at, verdict: "refused", why, byKernel: [] };
  }
  const { envelope, file, line: at } = line.row;
  const byKernel = asked.map((kernel) => ({ kernel, verdict: runRow(line.row, kernel) }));
  const verdict = together(byKernel);
  const { id } = envelope;
  const why = whyOf(byKernel, verdict);
  return { id, family: familyOf(id), file, line: at, verdict, why, byKernel };
};

export const countsOf = (results: readonly RowResult[]): Counts => {
  const counts = { pass: 0, fail: 0, refused: 0, malformed: 0, "not-applicable": 0 };
  for (const { verdict } of results) counts[verdict] += 1;
  return counts;
};

/** By family, in the order in which families first come. */
export const familiesOf = (results: readonly RowResult[]): readonly Family[] =>
  [...new Set(results.map(({ family }) => family))].map((family) => ({
    family,
    counts: countsOf(results.filter((result) => result.family === family)),
  }));
