/**
 * A failing run of the second vocabulary as a file: steps by the names of those that gave memory,
 * and answers. With the adapter it can be done again; without, the answers can be judged again.
 */
import { z } from "zod";
import { parseAs } from "../../counterexamples/parse.ts";
import type { Problem } from "../../counterexamples/run.ts";
import type { Attempt } from "../../model/index.ts";
import { type Again, comparedWith, recorded, stillGone } from "../drive/again.ts";
import type { Finding } from "../drive/drive.ts";
import { drivenFields, foundOf, stepsOf } from "../drive/driven-run.ts";
import type { Hosting } from "../drive/host.ts";
import type { Told } from "../drive/words.ts";
import { isRule } from "../judge/verdict.ts";
import type { NamedStep, Processes } from "./drive-words.ts";
import { vocabularyName } from "./entry.ts";
import { machineFields } from "./machine.ts";
import { type ProcessAnswer, writtenOutcomeSchema } from "./messages.ts";
import { ProcessPlayer } from "./player.ts";
import type { WrittenStep } from "./propose.ts";
import { redoProcessRun } from "./run.ts";
import { processStepSchema } from "./step.ts";

const notes = { notes: z.array(z.string()).max(64).readonly().exactOptional() };

const answerSchema = z.union([
  z.strictObject({ outcome: writtenOutcomeSchema, ...notes }).readonly(),
  z
    .strictObject({
      error: z.enum(["refused", "not-done", "unknown"]),
      message: z.string(),
      ...notes,
    })
    .readonly(),
]);

const field = z.union([z.string(), z.number(), z.boolean(), z.array(z.string()).readonly()]);

/** Kept as it is written; it has to be a step. */
const writtenStepSchema = z
  .record(z.string(), field)
  .superRefine((value, context) => {
    const parsed = processStepSchema.safeParse(value);
    for (const issue of parsed.error?.issues ?? []) context.addIssue({ ...issue });
  })
  .transform((value): WrittenStep => {
    const parsed = processStepSchema.safeParse(value);
    return parsed.success ? { ...value, op: parsed.data.op } : z.NEVER;
  });

const processRunSchema = z
  .strictObject({
    ...drivenFields,
    vocabulary: z.literal(vocabularyName),
    machine: z.strictObject(machineFields).readonly(),
    steps: stepsOf(
      z
        .strictObject({ operation: writtenStepSchema, answer: answerSchema.exactOptional() })
        .readonly(),
    ),
  })
  .readonly();

export type ProcessRun = z.infer<typeof processRunSchema>;

const stepOf = ({ step, answer }: Told<Processes>): ProcessRun["steps"][number] => {
  const { type: _, id: __, ...told } = answer ?? { type: "error", id: 0 };
  return { operation: step.written, ...(answer && { answer: answerSchema.parse(told) }) };
};

export const processRunOf = (finding: Finding<Processes>): ProcessRun => ({
  ...foundOf(finding),
  vocabulary: vocabularyName,
  machine: finding.failing.machine,
  steps: finding.failing.told.map(stepOf),
});

/** The bytes of the file. */
export const writeProcessRun = (run: ProcessRun): string => `${JSON.stringify(run, null, 2)}\n`;

const problemIn = ({ failure }: ProcessRun): Problem | null => {
  if (failure.kind !== "deviates" || failure.rule === null || isRule(failure.rule)) return null;
  return { path: ["failure", "rule"], expected: "a rule of the contract", found: failure.rule };
};

/** Reads such a file; the first mistake is told in one line. */
export const parseProcessRun = (text: string, fileName: string): Attempt<ProcessRun> =>
  parseAs(() => processRunSchema, problemIn, text, fileName);

const namedSteps = ({ steps }: ProcessRun): readonly NamedStep[] =>
  steps.map(({ operation: written }, number) => ({ number, unit: number, by: "program", written }));

/** Asks the steps of a file of a program. @throws AdapterFault when it cannot be started */
export const doProcessAgain = async (
  driven: ProcessRun,
  host: Hosting<Processes>,
): Promise<Again<Processes>> => {
  const session = await host.live();
  const run = await redoProcessRun(session, driven.machine, namedSteps(driven));
  if (run.ending.kind === "broke") await host.drop();
  return comparedWith(driven.failure, run);
};

const answersIn = ({ steps }: ProcessRun): readonly (ProcessAnswer | null)[] =>
  steps.map(({ answer }, index): ProcessAnswer | null => {
    if (!answer) return null;
    const id = index + 1;
    return "outcome" in answer
      ? { type: "outcome", id, ...answer }
      : { type: "error", id, ...answer };
  });

/** Judges the answers in a file again. */
export const judgeProcessAgain = async (driven: ProcessRun): Promise<Again<Processes>> => {
  const { machine, failure } = driven;
  const player = new ProcessPlayer(recorded<Processes>(answersIn(driven)), machine);
  for (const step of namedSteps(driven)) {
    const operation = player.operationOf(step);
    const ending = operation && (await player.play(step, operation));
    if (!ending) continue;
    const fault = stillGone(driven, ending);
    const told = { machine, told: player.told };
    return comparedWith(failure, { ...told, ending: fault ? { kind: "broke", fault } : ending });
  }
  return comparedWith(failure, { machine, told: player.told, ending: { kind: "agreed" } });
};
