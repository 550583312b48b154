/** One operation of the CPU on the memory that it can reach. */
import { match, P } from "ts-pattern";
import { executeAccess } from "./access.ts";
import { type Before, done, type Executed, executed, faultAt, faulted } from "./executed.ts";
import { executeLoop } from "./loops.ts";
import type { CpuOperation, Pointer, RegisterOperation } from "./operations.ts";
import type { CpuFault } from "./outcome.ts";
import { truePlace } from "./pointer.ts";
import { executePointer } from "./pointers.ts";
import { everyTag } from "./random-tag.ts";
import { executeTag } from "./tag-access.ts";

const seedMask = 0xffff;
const tagMask = 0xf;

const executeRegister = (before: Before, asked: RegisterOperation): readonly Executed[] => {
  const { cpu, memory } = before;
  if (cpu.level === 0)
    return faulted(before, faultAt("undefined", 0, 0, false, Number.MAX_SAFE_INTEGER));
  const written = (change: Partial<typeof cpu>) =>
    executed({ cpu: { ...cpu, ...change }, memory }, done, "registers-hold-what-was-written");
  return match(asked)
    .with({ kind: "set-gcr" }, ({ randomise, exclude }) =>
      written({ randomise, exclude: exclude & everyTag }),
    )
    .with({ kind: "set-rgsr" }, ({ seed, tag }) =>
      written({ seed: seed & seedMask, lastTag: tag & tagMask }),
    )
    .with({ kind: "get-rgsr" }, () =>
      executed(
        before,
        { kind: "seed", seed: cpu.seed, tag: cpu.lastTag },
        "registers-hold-what-was-written",
      ),
    )
    .with({ kind: "set-ata" }, ({ value }) => written({ tagAccess: value === 1 }))
    .exhaustive();
};

const pointersOf = (operation: CpuOperation): readonly Pointer[] => {
  if ("from" in operation) return [operation.from, operation.to];
  return "address" in operation ? [operation.address] : [];
};

/** Faults tell the addresses that were used, also where no translation ever leads. */
const withTruePlaces = (done: Executed, pointers: readonly Pointer[]): Executed => {
  const { result } = done;
  const told = (fault: CpuFault): CpuFault => ({
    ...fault,
    address: {
      low: truePlace(fault.address.low, pointers),
      high: truePlace(fault.address.high, pointers),
    },
  });
  if (result.kind === "fault") return { ...done, result: { ...result, fault: told(result.fault) } };
  return result.kind === "count" && result.fault
    ? { ...done, result: { ...result, fault: told(result.fault) } }
    : done;
};

/**
 * What may happen, one entry for each choice that the architecture leaves; never none. `memory`
 * holds the pages that the program can reach ({@link footprintOf} names those that it touches).
 */
export const execute = (before: Before, operation: CpuOperation): readonly Executed[] => {
  const pointers = pointersOf(operation);
  return outcomes(before, operation).map((done) => withTruePlaces(done, pointers));
};

const outcomes = (before: Before, operation: CpuOperation): readonly Executed[] =>
  match(operation)
    .with({ kind: "access" }, (asked) => executeAccess(before, asked))
    .with(
      { kind: P.union("fill", "scan", "copy", "set-tags", "read-tags", "peek", "poke") },
      (asked) => executeLoop(before, asked),
    )
    .with({ kind: P.union("ldg", "store-tag", "stgp", "tag-block") }, (asked) =>
      executeTag(before, asked),
    )
    .with({ kind: P.union("irg", "irgn", "gmi", "addg", "subg", "subp", "subps") }, (asked) =>
      executePointer(before, asked),
    )
    .with({ kind: "tco" }, ({ value }) =>
      executed(
        { ...before, cpu: { ...before.cpu, override: value } },
        done,
        "override-stops-checks",
      ),
    )
    .with({ kind: P.union("set-gcr", "set-rgsr", "get-rgsr", "set-ata") }, (asked) =>
      executeRegister(before, asked),
    )
    .exhaustive();
