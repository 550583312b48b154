/**
 * The process room as somebody's kernel: of all that may happen, the first does. Mistakes can be
 * switched on; three of them are those of an emulator of user mode that is in wide use.
 */
import { setPages, setThread } from "../../../model/contract/process/changes.ts";
import type { Page, ProcessState } from "../../../model/contract/process/state.ts";
import { entriesBetween, lookUp } from "../../../model/contract/process/table.ts";
import type { ProcessCapabilities } from "../../process/capabilities.ts";
import { startOf } from "../../process/machine.ts";
import type { ProcessAnswer } from "../../process/messages.ts";
import { proposable } from "../../process/propose.ts";
import { written } from "../../process/show.ts";
import type { ProcessStep } from "../../process/step.ts";
import { type KernelBranch, kernelBranches, type Running } from "../../scenarios/kernel.ts";
import { OutsideModel, UnboundName } from "../../scenarios/operands.ts";
import { firstThread } from "../../scenarios/scope.ts";

/** Something that a kernel may get wrong: what comes of a step instead. */
type Mistake = (before: Running, step: ProcessStep) => readonly KernelBranch[];

/** Pages that were changed in this way by a step have lost their tags afterwards. */
const losing =
  (when: (was: Page | undefined, now: Page) => boolean): Mistake =>
  (before, step) =>
    kernelBranches(before, step).map((branch) => {
      const { state } = branch.after;
      const lost = entriesBetween(state.pages, 1, state.next)
        .filter(([id, now]) => when(lookUp(before.state.pages, id), now))
        .map(([id, page]) => [id, { ...page, tags: null }] as const);
      return { ...branch, after: { ...branch.after, state: setPages(state, lost) } };
    });

const pagesOf = (state: ProcessState, by: string): ReadonlySet<number> => {
  const process = state.processes.get(state.threads.get(by)?.process ?? "");
  const all = process ? entriesBetween(process.pages, 0, Number.MAX_SAFE_INTEGER) : [];
  return new Set(all.map(([, id]) => id));
};

/** What mremap moves or grows comes without its tags. */
const mremapLosesTags: Mistake = (before, step) => {
  if (step.op !== "mremap") return kernelBranches(before, step);
  const own = pagesOf(before.state, step.proc ?? firstThread);
  return kernelBranches(before, step).map((branch) => {
    const { state } = branch.after;
    const lost = entriesBetween(state.pages, 1, state.next)
      .filter(([id]) => own.has(id))
      .map(([id, page]) => [id, { ...page, tags: null }] as const);
    return { ...branch, after: { ...branch.after, state: setPages(state, lost) } };
  });
};

const topByteShown: Mistake = (before, step) =>
  kernelBranches(before, step).map((branch) => {
    const { fault } = branch.observation;
    const tag = "addr" in step && step.addr && step.addr.tag !== null ? step.addr.tag : 0n;
    const base = "addr" in step && typeof step.addr?.base === "bigint" ? step.addr.base : 0n;
    const top = Number(tag || (base >> 56n) & 0xfn);
    return fault
      ? { ...branch, observation: { ...branch.observation, fault: { ...fault, top } } }
      : branch;
  });

const copying: ReadonlySet<ProcessStep["op"]> = new Set(["syspipe", "syswrite", "sysread"]);

/** System calls read and write user memory as if nobody had asked for checks. */
const copiesUnchecked: Mistake = (before, step) => {
  const by = step.proc ?? firstThread;
  const thread = before.state.threads.get(by);
  if (!copying.has(step.op) || !thread) return kernelBranches(before, step);
  const unchecked = { ...thread, control: { ...thread.control, sync: false, async: false } };
  const state = setThread(before.state, by, unchecked);
  return kernelBranches({ ...before, state }, step).map((branch) => ({
    ...branch,
    after: { ...branch.after, state: setThread(branch.after.state, by, thread) },
  }));
};

export const mistakes: Readonly<Record<string, Mistake>> = {
  "swap-loses-tags": losing((was, now) => was?.swapped === true && !now.swapped),
  "copy-loses-tags": losing((was, now) => was === undefined && now.copyOf !== null),
  "mremap-loses-tags": mremapLosesTags,
  "copies-are-unchecked": copiesUnchecked,
  "top-byte-is-shown": topByteShown,
};

export const kernelCapabilities = (kernel: string): ProcessCapabilities => ({
  operations: proposable,
  kernel,
  cpu: "mte3",
  blockSize: 64,
  reclaim: "asked",
  processes: 3,
  memory: ["private", "shared", "file"],
});

export class OwnKernel {
  private readonly capabilities: ProcessCapabilities;
  private readonly mistake: Mistake;
  private running: Running;

  constructor(capabilities: ProcessCapabilities, mistake: Mistake = kernelBranches) {
    this.capabilities = capabilities;
    this.mistake = mistake;
    this.running = startOf(capabilities);
  }

  reset(): void {
    this.running = startOf(this.capabilities);
  }

  answer(id: number, step: ProcessStep): ProcessAnswer {
    try {
      const [branch] = this.mistake(this.running, step);
      if (!branch) return { type: "error", id, error: "unknown", message: "nothing happens" };
      this.running = branch.after;
      return { type: "outcome", id, outcome: written(branch.observation) };
    } catch (thrown) {
      if (!(thrown instanceof OutsideModel || thrown instanceof UnboundName)) throw thrown;
      return { type: "error", id, error: "not-done", message: thrown.message };
    }
  }
}
