/**
 * A step of the second vocabulary: what a program asks of the CPU and of the kernel, in the form
 * that scenarios have. One form serves rows, logs and adapters, so that each can become the other.
 */
import { z } from "zod";
import type { InstructionStep } from "../scenarios/cpu-operations.ts";
import type { KernelStep } from "../scenarios/row.ts";
import { programSteps } from "../scenarios/steps/cpu.ts";
import { kernelSteps } from "../scenarios/steps/kernel.ts";

export type ProcessStep = InstructionStep | KernelStep;
export type ProcessOp = ProcessStep["op"];

/** Registers of EL1 are out of a program's reach, and no part of it. */
export const processStepSchema = z.discriminatedUnion("op", [...programSteps, ...kernelSteps]);

/** The names of operations, in the order of their schemas. */
export const processOps: readonly ProcessOp[] = [...programSteps, ...kernelSteps].flatMap(
  ({ shape }) => [...shape.op.values],
);
