/**
 * What the contract allows of a step, given what was seen of it. Two things are the kernel's own:
 * where new memory lies, which is taken from the pointer that was seen, and whether it finds time
 * for swapping, moving and merging pages, where the machine says that it does so as it likes.
 */
import { match, P } from "ts-pattern";
import { pageOf, addressOf as placeOf } from "../../model/contract/architecture/pointer.ts";
import { isMapped } from "../../model/contract/process/areas.ts";
import type { AddressExpression } from "../scenarios/address.ts";
import { type KernelBranch, kernelBranches, type Running } from "../scenarios/kernel.ts";
import { seen } from "../scenarios/observation.ts";
import { withAddress } from "../scenarios/operands.ts";
import { firstThread } from "../scenarios/scope.ts";
import type { ProcessMachine } from "./machine.ts";
import type { Observed } from "./observed.ts";
import type { ProcessStep } from "./step.ts";

/** The thread that does the step is not there. */
export class NobodyThere extends Error {
  override readonly name = "NobodyThere";
}

const at = (pointer: bigint): AddressExpression => ({
  base: BigInt.asUintN(64, pointer),
  offset: 0n,
  tag: null,
  top: null,
});

const pageBytes = 4096;
const readWrite = { read: true, write: true, execute: false, tagged: false } as const;

const mappedAt = (as: string, len: number, pointer: bigint): ProcessStep => ({
  op: "mmap",
  as,
  len,
  prot: readWrite,
  flags: ["private", "anon", "fixed_noreplace"],
  addr: at(pointer),
});

/** The step that asks for the place where the kernel put it; null where the step named the place. */
const placed = (step: ProcessStep, pointer: bigint): ProcessStep | null =>
  match(step)
    .returnType<ProcessStep | null>()
    .with({ op: "mmap" }, (asked) => {
      const { flags } = asked;
      if (flags.includes("fixed") || flags.includes("fixed_noreplace")) return null;
      return { ...asked, addr: at(pointer), flags: [...flags, "fixed_noreplace"] };
    })
    .with({ op: "mremap" }, (asked) => {
      const { flags, old, new: wanted } = asked;
      const moves = wanted > old || old === 0 || asked.force || flags.includes("dontunmap");
      if (flags.includes("fixed") || !flags.includes("maymove") || !moves) return null;
      return { ...asked, to: at(pointer), flags: [...flags, "fixed"] };
    })
    .with({ op: "shmat", addr: undefined }, (asked) => ({ ...asked, addr: at(pointer) }))
    .with({ op: P.union("brkalloc", "stackvar") }, ({ as, proc, len = pageBytes }) => ({
      ...mappedAt(as, len, pointer),
      ...(proc === undefined ? {} : { proc }),
    }))
    .otherwise(() => null);

const isMappedAt = ({ state }: Running, by: string, pointer: bigint): boolean => {
  const process = state.processes.get(state.threads.get(by)?.process ?? "");
  const page = pageOf(placeOf(pointer));
  return process !== undefined && isMapped(process, page, page + 1);
};

const placedBranches = (
  running: Running,
  step: ProcessStep,
  { pointer }: Observed,
): readonly KernelBranch[] => {
  if (pointer === undefined) return [];
  // A page of the stack is where it was the last time.
  if (step.op === "stackvar" && isMappedAt(running, step.proc ?? firstThread, pointer)) {
    const bindings = withAddress(running.bindings, step.as, pointer);
    const observation = { ...seen({ ret: 0n }), pointer };
    return [{ after: { ...running, bindings }, observation, rules: ["mmap-maps-zeroes"] }];
  }
  const there = placed(step, pointer);
  return there === null ? [] : kernelBranches(running, there);
};

/** What the kernel may leave undone, or have done before anybody asked. */
const ownPace = (
  running: Running,
  step: ProcessStep,
  { reclaim }: ProcessMachine,
): readonly KernelBranch[] => {
  if (reclaim === "asked") return [];
  const answer = (yes: bigint, name: "swapped" | "moved" | "merged" | "present"): KernelBranch => ({
    after: running,
    observation: seen({ [name]: yes, ret: yes }),
    rules: [],
  });
  return match(step.op)
    .returnType<readonly KernelBranch[]>()
    .with("pageout", () => [answer(0n, "swapped")])
    .with("migrate", () => [answer(0n, "moved")])
    .with("ksm", () => [answer(0n, "merged")])
    .with("present", () => [answer(0n, "present"), answer(1n, "present")])
    .otherwise(() => []);
};

/**
 * Everything that may have happened, whether or not it agrees with what was seen.
 *
 * @throws NobodyThere, OutsideModel, UnboundName where nobody can ask that
 */
export const allowedBranches = (
  machine: ProcessMachine,
  running: Running,
  step: ProcessStep,
  saw: Observed,
): readonly KernelBranch[] => {
  const by = step.proc ?? firstThread;
  if (!running.state.threads.has(by)) throw new NobodyThere(`there is no thread ${by}`);
  const there = placedBranches(running, step, saw);
  // What grows or shrinks may also stay where it was.
  const anywhere = there.length === 0 || step.op === "mremap";
  return [
    ...(anywhere ? kernelBranches(running, step) : []),
    ...there,
    ...ownPace(running, step, machine),
  ];
};
