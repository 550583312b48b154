/** The computer of a row: a kernel with its processes, or for privileged rows a bare CPU. */
import {
  bootMachine,
  type CpuFault,
  type CpuResult,
  type Machine,
  stepMachine,
} from "../../model/contract/architecture/index.ts";
import { begin } from "../../model/contract/process/index.ts";
import type { FaultCode, Outcome } from "../../model/contract/process/outcome.ts";
import type { ProcessState } from "../../model/contract/process/state.ts";
import { cpuOperationOf } from "./cpu-operations.ts";
import { isCpuStep, kernelBranches, shown } from "./kernel.ts";
import { type Kernel, versionOf } from "./kernels.ts";
import { OutsideModel } from "./operands.ts";
import type { CpuStep, Envelope, KernelStep } from "./row.ts";
import { firstThread } from "./scope.ts";
import type { Branch, World } from "./world.ts";

type MapStep = Extract<KernelStep, { readonly op: "mmap" }>;

export type Computer =
  | { readonly kind: "bare"; readonly machine: Machine }
  | { readonly kind: "kernel"; readonly state: ProcessState };

/** Rows run on a CPU with asymmetric mode unless they ask for another. */
export const startComputer = ({ el, blockSize, cpu }: Envelope, kernel: Kernel): Computer =>
  el === 1
    ? { kind: "bare", machine: bootMachine(1, blockSize) }
    : {
        kind: "kernel",
        state: begin(
          {
            kernel: versionOf(kernel),
            features: { asymmetric: true, storeOnly: cpu === "store-only" },
            blockSize,
          },
          firstThread,
        ),
      };

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

const branches = (
  world: World,
  step: CpuStep | KernelStep,
  computer: Computer,
  outcome: Outcome,
  rules: readonly string[],
): readonly Branch[] =>
  shown(world.bindings, step, outcome).map(
    ({ bindings, observation }): Branch => ({
      world: { ...world, computer, bindings },
      observation,
      rules,
    }),
  );

const bareBranches = (world: World, machine: Machine, step: CpuStep): readonly Branch[] =>
  stepMachine(machine, cpuOperationOf(step, world.bindings)).flatMap(
    ({ machine: next, outcome, rules }) =>
      branches(world, step, { kind: "bare", machine: next }, toldByKernel(outcome), rules),
  );

const firstNamed = 1n << 32n;
const betweenNamed = 1n << 32n;

/** Memory is everywhere on a bare CPU, so that mapping some gives a place a name, and no more. */
const namedMemory = (world: World, machine: Machine, step: MapStep): readonly Branch[] => {
  const { prot, flags, addr } = step;
  if (!flags.includes("anon") || addr !== undefined || !prot.write || !prot.tagged)
    throw new OutsideModel("mmap: a privileged row has Normal Tagged memory, and no other");
  const pointer = firstNamed + betweenNamed * BigInt(world.bindings.addresses.size);
  const outcome: Outcome = { kind: "pointer", pointer, reports: 0 };
  return branches(world, step, { kind: "bare", machine }, outcome, []);
};

/** Every outcome that the computer allows. */
export const computerBranches = (world: World, step: CpuStep | KernelStep): readonly Branch[] => {
  const { computer } = world;
  if (computer.kind === "bare") {
    if (isCpuStep(step)) return bareBranches(world, computer.machine, step);
    if (step.op === "mmap") return namedMemory(world, computer.machine, step);
    throw new OutsideModel(`${step.op}: a privileged row has a CPU and memory, and no kernel`);
  }
  return kernelBranches({ state: computer.state, bindings: world.bindings }, step).map(
    ({ after, observation, rules }) => ({
      world: {
        ...world,
        computer: { kind: "kernel", state: after.state },
        bindings: after.bindings,
      },
      observation,
      rules,
    }),
  );
};
