/**
 * A failing run as a file: bounds, operations and answers. With the adapter it can be done again;
 * without, the answers in it can be judged again. The command line of the adapter is no part of it.
 */
import { z } from "zod";
import { parseAs } from "../../counterexamples/parse.ts";
import type { Problem } from "../../counterexamples/run.ts";
import { type Attempt, isRuleId, operationSchema } from "../../model/index.ts";
import { limitsSchema } from "../protocol/capabilities.ts";
import { observationSchema } from "../protocol/index.ts";
import type { Finding } from "./drive.ts";
import { givenBy } from "./player.ts";
import { Origins, type Step } from "./step.ts";
import type { Run, Told, Words } from "./words.ts";

export const drivenRunFormat = "mte-oracle/driven-run";

const longestLine = 400;
const mostSteps = 10_000;
const mostSeeds = 2 ** 31 - 1;

const line = z
  .string()
  .max(longestLine)
  .regex(/^\P{C}*$/u);
const one = <Kind extends string, Fields extends z.ZodRawShape>(kind: Kind, fields: Fields) =>
  z.strictObject({ kind: z.literal(kind), ...fields }).readonly();

const failureSchema = z.discriminatedUnion("kind", [
  /** `rule` is null where the contract has none: a refusal of what anybody may ask. */
  one("deviates", {
    rule: line.nullable(),
    cause: line,
    allowed: z.array(line).max(1000).readonly(),
  }),
  one("hung", { milliseconds: z.int().min(1) }),
  one("died", { code: z.int().nullable(), signal: line.nullable() }),
]);

const answerSchema = z.union([
  z
    .strictObject({
      outcome: observationSchema,
      stored: z.boolean().exactOptional(),
      notes: z.array(line).max(64).readonly().exactOptional(),
    })
    .readonly(),
  z
    .strictObject({
      error: z.enum(["refused", "not-done", "unknown"]),
      message: line,
      notes: z.array(line).max(64).readonly().exactOptional(),
    })
    .readonly(),
]);

const stepSchema = z
  .strictObject({
    /** The tester's own: it is the page cache of an adapter that has none. */
    by: z.literal("tester").exactOptional(),
    /** Nobody may ask that. */
    wrong: z.literal(true).exactOptional(),
    operation: operationSchema,
    /** Left out for the tester's own, and where the program was gone. */
    answer: answerSchema.exactOptional(),
  })
  .readonly();

/** What the file of a run has in any vocabulary. */
export const drivenFields = {
  format: z.literal(drivenRunFormat),
  version: z.literal(1),
  /** As it calls itself. */
  adapter: line,
  /** How it was found; it was made shorter afterwards. */
  seed: z.int().min(0).max(mostSeeds),
  run: z.int().min(0),
  foundIn: z.int().min(1),
  /** False: it did not happen again, and is told as it was found. */
  reproduced: z.boolean(),
  failure: failureSchema,
  lastWords: z.array(line).max(100).readonly(),
} as const;

/** Steps of a run in a file. */
export const stepsOf = <Step extends z.ZodType>(step: Step) =>
  z.array(step).min(1).max(mostSteps).readonly();

const drivenRunSchema = z
  .strictObject({ ...drivenFields, limits: limitsSchema, steps: stepsOf(stepSchema) })
  .readonly();

export type DrivenRun = z.infer<typeof drivenRunSchema>;
type DrivenStep = DrivenRun["steps"][number];
export type DrivenFailure = DrivenRun["failure"];
/** How the run was found and how it failed. */
type Found = Pick<DrivenRun, keyof typeof drivenFields>;

const clipped = (text: string): string => text.replace(/\p{C}/gu, "?").slice(0, longestLine);

const stepOf = ({ step, operation, answer }: Told): DrivenStep => {
  const { type: _, id: __, ...told } = answer ?? { type: "error", id: 0 };
  return {
    ...(step.by === "tester" && { by: "tester" }),
    ...(step.wrong && { wrong: true }),
    operation,
    ...(answer && { answer: answerSchema.parse(told) }),
  };
};

/** What a file says of how a run ended; null for an ending that is no failure of the program. */
export const failureOf = <W extends Words>({ ending }: Run<W>): DrivenFailure | null => {
  if (ending.kind === "deviates") {
    const { rule, cause, allowed } = ending.refusal;
    return { kind: "deviates", rule, cause: clipped(cause), allowed: allowed.map(clipped) };
  }
  if (ending.kind !== "broke") return null;
  const { fault } = ending;
  if (fault.kind === "hung") return { kind: "hung", milliseconds: fault.milliseconds };
  if (fault.kind === "died") return { kind: "died", code: fault.code, signal: fault.signal };
  return null;
};

export const foundOf = <W extends Words>(finding: Finding<W>): Found => {
  const { adapter, seed, run, foundIn, reproduced, failing } = finding;
  const failure = failureOf<W>(failing);
  if (failure === null) throw new Error("a finding is a failure of the program");
  const { ending } = failing;
  return {
    format: drivenRunFormat,
    version: 1,
    adapter: clipped(adapter),
    seed,
    run,
    foundIn: Math.max(1, foundIn),
    reproduced,
    failure,
    lastWords: ending.kind === "broke" ? ending.fault.lastWords.map(clipped) : [],
  };
};

export const drivenRunOf = (finding: Finding): DrivenRun => ({
  ...foundOf(finding),
  limits: finding.failing.limits,
  steps: finding.failing.told.map(stepOf),
});

/** The bytes of the file. */
export const writeDrivenRun = (run: DrivenRun): string =>
  `${JSON.stringify(drivenRunSchema.parse(run), null, 2)}\n`;

/** The name of its file: what is wrong, and where it was found. */
export const drivenFileOf = ({
  failure,
  seed,
  run,
}: Pick<DrivenRun, "failure" | "seed" | "run">): string => {
  const what = failure.kind === "deviates" ? (failure.rule ?? "refused") : failure.kind;
  return `driven--${what}--${seed}-${run}.json`;
};

const problemIn = ({ failure }: DrivenRun): Problem | null => {
  if (failure.kind !== "deviates" || failure.rule === null || isRuleId(failure.rule)) return null;
  return { path: ["failure", "rule"], expected: "a rule of the contract", found: failure.rule };
};

/** Reads such a file; the first mistake is told in one line. */
export const parseDrivenRun = (text: string, fileName: string): Attempt<DrivenRun> =>
  parseAs(() => drivenRunSchema, problemIn, text, fileName);

/** The steps of a file, each with the one that gave the pages and slots it is about. */
export const stepsOfDrivenRun = ({ steps }: DrivenRun): readonly Step[] => {
  const origins = new Origins();
  return steps.map(({ by, wrong = false, operation, answer }, number) => {
    const asked = { number, unit: number, by: by ?? "program", wrong, operation } as const;
    const step = origins.stepOf(asked);
    const outcome = answer && "outcome" in answer ? answer.outcome : null;
    if (outcome) origins.note(number, givenBy(operation, { type: "outcome", id: 1, outcome }));
    return step;
  });
};
