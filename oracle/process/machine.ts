/** The machine that a log or an adapter speaks of, and the one that the contract starts with. */
import { z } from "zod";
import {
  begin,
  type Configuration,
  type KernelVersion,
  parseKernelVersion,
} from "../../model/contract/process/index.ts";
import type { Running } from "../scenarios/kernel.ts";
import { noBindings } from "../scenarios/operands.ts";
import { firstThread } from "../scenarios/scope.ts";

const newest: KernelVersion = { major: 7, minor: 3 };

const version = z
  .string()
  .max(100)
  .refine((text) => kernelIn(text) !== null, { error: 'expected a version, such as "6.12"' });

/** The two numbers at the start of what `uname -r` says: 6.12.95+deb12-cloud-arm64. */
const kernelIn = (text: string): KernelVersion | null =>
  parseKernelVersion(/^v?\d+\.\d+/.exec(text)?.[0] ?? "");

const blockSizes = [16, 32, 64, 128, 256, 512, 1024, 2048] as const;

/** Fields of a log's head and of an adapter's hello. */
export const machineFields = {
  kernel: version.default("7.3"),
  /** `mte2` has no asymmetric mode, `store-only` has FEAT_MTE_STORE_ONLY too. */
  cpu: z.enum(["mte2", "mte3", "store-only"]).default("mte3"),
  /** Bytes that DC ZVA and its kin work on (DCZID_EL0.BS). */
  blockSize: z.literal(blockSizes).default(64),
  /** Pages go to swap and elsewhere when somebody asks for it, or whenever the kernel likes. */
  reclaim: z.enum(["asked", "any-time"]).default("any-time"),
} as const;

const machineSchema = z.strictObject(machineFields).readonly();
export type ProcessMachine = z.infer<typeof machineSchema>;

const configurationOf = ({ kernel, cpu, blockSize }: ProcessMachine): Configuration => ({
  kernel: kernelIn(kernel) ?? newest,
  features: { asymmetric: cpu !== "mte2", storeOnly: cpu === "store-only" },
  blockSize,
});

/** One process that has asked for nothing yet. */
export const startOf = (machine: ProcessMachine): Running => ({
  state: begin(configurationOf(machine), firstThread),
  bindings: noBindings,
});

/** The machine that somebody says he has, and nothing else of what he says. */
export const machineOf = ({ kernel, cpu, blockSize, reclaim }: ProcessMachine): ProcessMachine => ({
  kernel,
  cpu,
  blockSize,
  reclaim,
});
