/** The computer of a row: a kernel with its processes, or for privileged rows a bare CPU. */
import {
  bootMachine,
  type CpuFault,
  type CpuResult,
  type Machine,
  stepMachine,
} from "../../model/contract/architecture/index.ts";
import type { FaultCode, Outcome } from "../../model/contract/process/outcome.ts";
import { cpuOperationOf } from "./cpu-operations.ts";
import type { Kernel } from "./kernels.ts";
import { observe } from "./observe.ts";
import { OutsideModel, withAddress } from "./operands.ts";
import { type CpuStep, cpuOps, type Envelope, type KernelStep } from "./row.ts";
import type { Branch, World } from "./world.ts";

export type Computer =
  | { readonly kind: "bare"; readonly machine: Machine }
  | { readonly kind: "kernel" };

export const startComputer = (envelope: Envelope, _kernel: Kernel): Computer =>
  envelope.el === 1
    ? { kind: "bare", machine: bootMachine(1, envelope.blockSize) }
    : { kind: "kernel" };

const codes: Readonly<Record<CpuFault["kind"], FaultCode>> = {
  undefined: "SIGILL",
  alignment: "BUS_ADRALN",
  translation: "SEGV_MAPERR",
  permission: "SEGV_ACCERR",
  "tag-check": "SEGV_MTESERR",
};

const faultOf = ({ kind, address, top }: CpuFault) => ({ code: codes[kind], address, top });

/** A fault of a bare CPU is told as the kernel would tell it. */
const toldByKernel = (result: CpuResult): Outcome => {
  if (result.kind === "fault") return { ...result, fault: faultOf(result.fault), reports: 0 };
  if (result.kind === "count")
    return { ...result, fault: result.fault && faultOf(result.fault), reports: 0 };
  return { ...result, reports: 0 };
};

const bareBranches = (world: World, machine: Machine, step: CpuStep): readonly Branch[] =>
  stepMachine(machine, cpuOperationOf(step, world.bindings)).flatMap(
    ({ machine: next, outcome, rules }) =>
      observe(step, toldByKernel(outcome)).map((observation): Branch => {
        const name = "as" in step ? step.as : undefined;
        const bindings = withAddress(world.bindings, name, observation.pointer);
        const computer: Computer = { kind: "bare", machine: next };
        return { world: { ...world, computer, bindings }, observation, rules };
      }),
  );

const isCpuStep = (step: CpuStep | KernelStep): step is CpuStep => cpuOps.has(step.op);
/** Every outcome that the computer allows. */
export const computerBranches = (world: World, step: CpuStep | KernelStep): readonly Branch[] => {
  const { computer } = world;
  if (computer.kind === "bare") {
    if (isCpuStep(step)) return bareBranches(world, computer.machine, step);
    throw new OutsideModel(`${step.op}: a privileged row has a CPU and memory, and no kernel`);
  }
  throw new OutsideModel(`${step.op}: there is no kernel yet`);
};
