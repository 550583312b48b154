/**
 * From the lines of a file to rows. A line that is no scenario is malformed; a scenario that asks
 * for something the model does not know (an operation, a field, a value out of a list) is refused
 * with the reason. Neither keeps the other lines from being read.
 */
import type { z } from "zod";
import { type Mistake, mistakesIn } from "../../counterexamples/issues.ts";
import {
  type JsonNode,
  pathText,
  plainOf,
  readJson,
  shortened,
} from "../../counterexamples/json.ts";
import type { InputError } from "../../model/index.ts";
import { type Expectation, readChecks } from "./expectation.ts";
import { coverage } from "./kernels.ts";
import { litmusRow } from "./litmus-row.ts";
import {
  type Body,
  type Envelope,
  envelopeSchema,
  knownOps,
  type Row,
  type Step,
  stepSchema,
} from "./row.ts";
import { unboundName } from "./scope.ts";
import { asLitmusStep, asStep } from "./spellings.ts";
import {
  finalSchema,
  initialSchema,
  type LitmusStep,
  litmusOps,
  litmusStepSchema,
} from "./steps/litmus.ts";

export type Line =
  | { readonly kind: "row"; readonly row: Row }
  | {
      readonly kind: "refused";
      readonly file: string;
      readonly line: number;
      readonly id: string;
      readonly why: string;
    }
  | { readonly kind: "malformed"; readonly id: string | null; readonly error: InputError };

/** Thrown inside this file: the model does not know what the row asks for. */
class Outside extends Error {}
/** Thrown inside this file: the row is wrong whatever it asks for. */
class Malformed extends Error {
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

type Path = readonly PropertyKey[];

const malformed = (path: Path, expected: string, found: string): never => {
  throw new Malformed(pathText(path), `expected ${expected}, found ${found}`);
};

const told = ({ path, expected, found }: Mistake): string =>
  `${pathText(path)}: expected ${expected}, found ${found}`;

/** What is wrong comes before what is only unknown. */
const complain = (root: JsonNode, issues: readonly z.core.$ZodIssue[], base: Path): never => {
  const mistakes = mistakesIn(
    root,
    issues.map((issue) => ({ ...issue, path: [...base, ...issue.path] })),
  );
  const mistake = mistakes.find(({ unknown }) => !unknown);
  if (mistake) return malformed(mistake.path, mistake.expected, mistake.found);
  const [unknown] = mistakes;
  throw new Outside(unknown ? told(unknown) : "it has another form");
};

const parsed = <T>(schema: z.ZodType<T>, value: unknown, root: JsonNode, base: Path): T => {
  const result = schema.safeParse(value);
  return result.success ? result.data : complain(root, result.error.issues, base);
};

const expectations = (envelope: Envelope): readonly Expectation[] =>
  envelope.expect.map((written, index): Expectation => {
    const { step, ...keys } = written;
    const last = envelope.steps.length - 1;
    if (typeof step !== "number" || !Number.isInteger(step) || step < 0 || step > last)
      return malformed(
        ["expect", index, "step"],
        `a step, 0 to ${last}`,
        JSON.stringify(step) ?? "nothing",
      );
    const checks = readChecks(keys);
    if (!("kind" in checks)) return { step, checks };
    const path = ["expect", index, checks.key];
    if (checks.kind === "wrong")
      return malformed(
        path,
        checks.expected,
        shortened(JSON.stringify(keys[checks.key]) ?? "nothing"),
      );
    throw new Outside(`${pathText(path)}: nothing by this name can be observed`);
  });

/** An operation by its name; any other is none that the model knows. */
const demandKnown = (envelope: Envelope, known: ReadonlySet<string>): void => {
  for (const [index, { op }] of envelope.steps.entries()) {
    const path = ["steps", index, "op"];
    if (typeof op !== "string")
      malformed(path, "the name of an operation", shortened(JSON.stringify(op) ?? "nothing"));
    else if (!known.has(op))
      throw new Outside(`${pathText(path)}: the operation ${shortened(op)} is not known`);
  }
};

const isLitmusProblem = <T extends object, P extends { readonly step: number }>(
  built: T | P,
): built is P => "step" in built;

const litmusBody = (root: JsonNode, envelope: Envelope): Body => {
  demandKnown(envelope, litmusOps);
  const initial = parsed(initialSchema, envelope.litmus, root, ["litmus"]);
  const steps = envelope.steps.map(
    (step, index): LitmusStep =>
      parsed(litmusStepSchema, asLitmusStep(step), root, ["steps", index]),
  );
  const [condition, ...others] = envelope.expect;
  if (others.length > 0) malformed(["expect"], "one condition", `${envelope.expect.length}`);
  const final = parsed(finalSchema, condition, root, ["expect", 0]);
  const built = litmusRow(initial, steps, final);
  if (!isLitmusProblem(built)) return { kind: "litmus", ...built };
  return malformed(["steps", built.step, built.field], built.expected, built.found);
};

const stepsBody = (root: JsonNode, envelope: Envelope): Body => {
  demandKnown(envelope, knownOps);
  const steps = envelope.steps.map(
    (step, index): Step => parsed(stepSchema, asStep(step), root, ["steps", index]),
  );
  const unbound = unboundName(steps);
  if (unbound)
    malformed(["steps", unbound.step], `a name that a step before it binds`, unbound.name);
  return { kind: "steps", steps, expectations: expectations(envelope), written: envelope.expect };
};

const rowIn = (root: JsonNode, file: string, line: number): Row => {
  const envelope = parsed(envelopeSchema, plainOf(root), root, []);
  const { linux, litmus } = envelope;
  if (linux !== undefined && coverage(linux) === undefined)
    throw new Outside(`linux: expected conditions such as ">=6.13", found ${shortened(linux)}`);
  const body = litmus === undefined ? stepsBody(root, envelope) : litmusBody(root, envelope);
  return { file, line, envelope, body };
};

const idOf = (root: JsonNode): string | null => {
  const node = root.kind === "object" ? root.entries.get("id")?.node : undefined;
  return node?.kind === "leaf" && typeof node.value === "string" ? node.value : null;
};

const lineIn = (text: string, file: string, line: number): Line => {
  const read = readJson(text, file);
  if (!read.ok) return { kind: "malformed", id: null, error: { ...read.error, line } };
  const root = read.value;
  try {
    return { kind: "row", row: rowIn(root, file, line) };
  } catch (thrown) {
    const id = idOf(root);
    if (thrown instanceof Outside && id !== null)
      return { kind: "refused", file, line, id, why: thrown.message };
    if (thrown instanceof Malformed) {
      const error = { file, line, field: thrown.field, message: thrown.message };
      return { kind: "malformed", id, error };
    }
    throw thrown;
  }
};

/** Every line of a file that is not blank. @param file for messages only; nothing is opened */
export const readScenarios = (text: string, file: string): readonly Line[] =>
  text
    .replace(/^\u{feff}/u, "")
    .split(/\r?\n/)
    .flatMap((content, index) => (content.trim() === "" ? [] : [lineIn(content, file, index + 1)]));
