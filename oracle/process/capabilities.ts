/** What an adapter of the second vocabulary says it can do. Nothing beyond it is ever asked. */
import { z } from "zod";
import { machineFields } from "./machine.ts";
import { processOps } from "./step.ts";

const mostProcesses = 8;
const memoryKinds = ["private", "shared", "file"] as const;

export const processCapabilitiesSchema = z
  .strictObject({
    operations: z.array(z.enum(processOps)).min(1).max(processOps.length).readonly(),
    ...machineFields,
    /** Processes at once, the first included. */
    processes: z.int().min(1).max(mostProcesses).default(1),
    /** Kinds of memory that may be mapped; `file` is a memfd. */
    memory: z
      .array(z.enum(memoryKinds))
      .min(1)
      .max(memoryKinds.length)
      .readonly()
      .default(["private"]),
  })
  .readonly();

export type ProcessCapabilities = z.infer<typeof processCapabilitiesSchema>;
