/** Steps of a program on a kernel: everything that the process room allows, and what is seen of it. */
import {
  type ProcessOperation,
  type ProcessState,
  step as processStep,
} from "../../model/contract/process/index.ts";
import type { Outcome } from "../../model/contract/process/outcome.ts";
import { instructionOf, isRegisterStep } from "./cpu-operations.ts";
import { kernelOperationOf } from "./kernel-operations.ts";
import type { Observation } from "./observation.ts";
import { bindsHandle, observe } from "./observe.ts";
import { type Bindings, OutsideModel, withAddress, withHandle } from "./operands.ts";
import { type CpuStep, cpuOps, type KernelStep } from "./row.ts";
import { firstThread } from "./scope.ts";

/** A kernel with its processes, and what the names of earlier steps stand for. */
export type Running = { readonly state: ProcessState; readonly bindings: Bindings };

export const isCpuStep = (step: CpuStep | KernelStep): step is CpuStep => cpuOps.has(step.op);

/** A descriptor, or a register that is no pointer. */
type Given = { readonly handle: number | null; readonly value: bigint | null };

/** What the step gives a name to, once it has succeeded. */
const boundBy = (
  bindings: Bindings,
  step: CpuStep | KernelStep,
  { pointer, ...outcome }: Observation & Given,
): Bindings => {
  const name = "as" in step ? step.as : undefined;
  if (name !== undefined && outcome.handle !== null)
    return withHandle(bindings, name, outcome.handle);
  return withAddress(bindings, name, pointer ?? outcome.value);
};

/** What may be seen of an outcome, each with the names as they are then. */
export const shown = (
  before: Bindings,
  step: CpuStep | KernelStep,
  outcome: Outcome,
): readonly { readonly bindings: Bindings; readonly observation: Observation }[] => {
  const handle = outcome.kind === "returned" && bindsHandle(step) ? Number(outcome.value) : null;
  const value = outcome.kind === "value" || outcome.kind === "difference" ? outcome.value : null;
  return observe(step, outcome).map((observation) => ({
    bindings: boundBy(before, step, { ...observation, handle, value }),
    observation,
  }));
};

const operationOf = ({ bindings }: Running, step: CpuStep | KernelStep): ProcessOperation => {
  const by = step.proc ?? firstThread;
  if (!isCpuStep(step)) return { by, ...kernelOperationOf(step, bindings) };
  if (isRegisterStep(step)) throw new OutsideModel(`${step.op}: only a row with el 1 may ask that`);
  return { by, ...instructionOf(step, bindings) };
};

export type KernelBranch = {
  readonly after: Running;
  readonly observation: Observation;
  readonly rules: readonly string[];
};

/** @throws OutsideModel, UnboundName */
export const kernelBranches = (
  running: Running,
  step: CpuStep | KernelStep,
): readonly KernelBranch[] =>
  processStep(running.state, operationOf(running, step)).flatMap(({ state, outcome, rules }) =>
    shown(running.bindings, step, outcome).map(({ bindings, observation }) => ({
      after: { state, bindings },
      observation,
      rules,
    })),
  );
