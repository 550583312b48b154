/** Runs a row for one kernel: every world that the model allows, step by step. */
import { OutsideLitmus } from "../../model/index.ts";
import { cleancacheBranches } from "./cleancache.ts";
import { computerBranches } from "./computer.ts";
import { type Check, type Expectation, keyWords } from "./expectation.ts";
import { judge } from "./judge.ts";
import { coverage, type Kernel } from "./kernels.ts";
import { litmusDifference, reachedBy } from "./litmus.ts";
import type { LitmusRow } from "./litmus-row.ts";
import { OutsideModel, UnboundName } from "./operands.ts";
import {
  type CleancacheStep,
  type CpuStep,
  cleancacheOps,
  type KernelStep,
  type Row,
  type Step,
  type StepsRow,
  type StorageStep,
  storageOps,
} from "./row.ts";
import { type ToldRule, toldRules } from "./rules.ts";
import { distinct } from "./same.ts";
import { storageStep } from "./storage.ts";
import { observationWords, stepWords } from "./words.ts";
import { type Branch, startWorld, type World } from "./world.ts";

/** Where row and model first differ. */
export type Difference = {
  /** Null: the row as a whole (a litmus condition). */
  readonly step: number | null;
  readonly operation: string;
  readonly expected: string;
  readonly found: string;
  /** Everything that the model allows there, each once. */
  readonly allowed: readonly string[];
  readonly rules: readonly ToldRule[];
};

export type Verdict =
  | { readonly kind: "pass"; readonly steps: number }
  | { readonly kind: "fail"; readonly difference: Difference }
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "not-applicable"; readonly why: string };

/** More worlds at once than any row of one screen has. */
const mostWorlds = 4096;
const mostTold = 4;

const isStorage = (step: Step): step is StorageStep => storageOps.has(step.op);
const isCleancache = (step: Step): step is CleancacheStep => cleancacheOps.has(step.op);
const isComputer = (step: Step): step is CpuStep | KernelStep =>
  !isStorage(step) && !isCleancache(step);

const branchesOf = (world: World, step: Step): readonly Branch[] => {
  if (isStorage(step)) return storageStep(world, step);
  if (isCleancache(step)) return cleancacheBranches(world, step);
  if (isComputer(step)) return computerBranches(world, step);
  throw new OutsideModel("an operation of no room");
};

type Broken = {
  readonly check: Check;
  readonly branch: Branch;
  readonly kept: "broken" | "missing";
};

/** The first key that an allowed outcome does not keep; what is missing counts last. */
const firstBroken = (checks: readonly Check[], branches: readonly Branch[]): Broken | null => {
  let missing: Broken | null = null;
  for (const branch of branches)
    for (const check of checks) {
      const kept = judge(check, branch.observation, branch.world.bindings);
      if (kept === "broken") return { check, branch, kept };
      if (kept === "missing") missing ??= { check, branch, kept };
    }
  return missing;
};

const told = (all: readonly string[]): readonly string[] => {
  const once = [...new Set(all)];
  return once.length <= mostTold
    ? once
    : [...once.slice(0, mostTold), `and ${once.length - mostTold} more`];
};

type Moment = { readonly step: number; readonly row: StepsRow; readonly raw: Row };

const differenceOf = (
  { step, row, raw }: Moment,
  { branch }: Broken,
  branches: readonly Branch[],
): Difference => {
  const { step: _step, ...keys } = row.written.find((each) => each["step"] === step) ?? {};
  const expected = Object.entries(keys).map(([key, value]) => keyWords(key, value));
  const asked = new Set(
    checksAt(row.expectations, step).flatMap((each) =>
      each.kind === "value" ? [each.observable] : [],
    ),
  );
  const words = ({ observation, world }: Branch): string =>
    observationWords(observation, world.bindings, asked);
  return {
    step,
    operation: stepWords(raw.envelope.steps[step] ?? {}),
    expected: expected.join(", "),
    found: words(branch),
    allowed: told(branches.map(words)),
    rules: toldRules(branch.rules),
  };
};

const checksAt = (expectations: readonly Expectation[], step: number): readonly Check[] =>
  expectations.filter((each) => each.step === step).flatMap(({ checks }) => checks);

const runSteps = (raw: Row, row: StepsRow, kernel: Kernel): Verdict => {
  let worlds: readonly World[] = [startWorld(raw.envelope, kernel)];
  for (const [index, step] of row.steps.entries()) {
    const branches = worlds.flatMap((world) => branchesOf(world, step));
    const broken = firstBroken(checksAt(row.expectations, index), branches);
    if (broken?.kept === "missing")
      return {
        kind: "refused",
        why: `step ${index} (${step.op}): the model shows no ${broken.check.key} of it`,
      };
    if (broken) {
      const moment = { step: index, row, raw };
      return { kind: "fail", difference: differenceOf(moment, broken, branches) };
    }
    worlds = distinct(branches.map(({ world }) => world));
    if (worlds.length > mostWorlds)
      return { kind: "refused", why: `step ${index}: more than ${mostWorlds} worlds are possible` };
  }
  return { kind: "pass", steps: row.steps.length };
};

const runLitmus = (row: LitmusRow, steps: number): Verdict => {
  const reached = reachedBy(row);
  if (reached.cut) return { kind: "refused", why: "the program has too many interleavings" };
  const difference = litmusDifference(row, reached);
  if (difference === null) return { kind: "pass", steps };
  const operation = "the condition on final states";
  return {
    kind: "fail",
    difference: { step: null, operation, ...difference, allowed: [], rules: [] },
  };
};

const whatItSays = (raw: Row, kernel: Kernel): Verdict =>
  raw.body.kind === "litmus"
    ? runLitmus(raw.body, raw.envelope.steps.length)
    : runSteps(raw, raw.body, kernel);

/** No release before this one lets a thread ask for store-only checks, whatever the CPU has. */
const storeOnlySince = ">=6.17";

/** Which kernels the row holds for, as it says or as its CPU needs it. */
const coverageOf = ({ linux, cpu }: Row["envelope"]): string =>
  linux ?? (cpu === "store-only" ? storeOnlySince : ">=0.0");

/** The verdict on one row for one kernel. Nothing that a row says makes it throw. */
export const runRow = (row: Row, kernel: Kernel): Verdict => {
  const covers = coverageOf(row.envelope);
  if (coverage(covers)?.(kernel) === false)
    return { kind: "not-applicable", why: `holds for Linux ${covers}` };
  try {
    return whatItSays(row, kernel);
  } catch (thrown) {
    if (thrown instanceof OutsideModel || thrown instanceof OutsideLitmus)
      return { kind: "refused", why: thrown.message };
    if (thrown instanceof UnboundName)
      return { kind: "refused", why: `the name ${thrown.unbound} got no value before it was used` };
    throw thrown;
  }
};
