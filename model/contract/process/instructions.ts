/**
 * Instructions of a thread: pages are brought about, the CPU executes, and what it reports becomes
 * a signal. Every operation ends with an entry into the kernel, so what asynchronous checks have
 * recorded is reported with the operation that caused it.
 */
import { match } from "ts-pattern";
import { execute } from "../architecture/execute.ts";
import type { Executed } from "../architecture/executed.ts";
import { footprintOf, type Touch } from "../architecture/footprint.ts";
import { freshPage, type MappedPage, type Memory } from "../architecture/memory.ts";
import type { Instruction } from "../architecture/operations.ts";
import type { CpuFault } from "../architecture/outcome.ts";
import { pageOf } from "../architecture/pointer.ts";
import { areaAt } from "./areas.ts";
import type { Allowed, Asked } from "./asked.ts";
import { entryOf, pageOfId, setPages, setThread } from "./changes.ts";
import { droppedPages } from "./dropping.ts";
import type { Fault, FaultCode, Result } from "./outcome.ts";
import { reach } from "./reach.ts";
import type { RuleId } from "./rulebook.ts";
import type { PageId, PageNumber, ProcessState } from "./state.ts";
import { cpuOf } from "./tag-control.ts";

type Prepared = {
  readonly state: ProcessState;
  readonly memory: Memory;
  readonly ids: ReadonlyMap<PageNumber, PageId>;
  /** Pages for which the thread would wait. */
  readonly waits: ReadonlySet<PageNumber>;
};

/** Brings about every page that the instruction touches. */
const prepare = (asked: Asked<unknown>, touches: readonly Touch[]): Prepared => {
  const memory = new Map<PageNumber, MappedPage>();
  const ids = new Map<PageNumber, PageId>();
  const waits = new Set<PageNumber>();
  let state = asked.state;
  for (const { page: number, write } of touches) {
    const wanted = reach(state, asked.name, number, write ? "write" : "read");
    // What may not be written may still be read: a copy reads it, and a fault names the right one.
    const got = wanted.kind === "forbidden" ? reach(state, asked.name, number, "read") : wanted;
    // What the mapping forbids is told before anybody looks for the page.
    const refused = wanted.kind === "forbidden" && got.kind !== "page";
    if (got.kind === "waits" && !refused) waits.add(number);
    if (refused)
      memory.set(number, { ...freshPage, tagged: false, readable: false, writable: false });
    if (got.kind !== "page") continue;
    state = got.state;
    ids.set(number, got.id);
    const { area } = got;
    memory.set(number, {
      bytes: null,
      tags: null,
      tagged: area.tagged,
      readable: true,
      writable: area.write && wanted.kind === "page",
    });
  }
  // Filled in last: a later touch of the same page may have copied it.
  for (const [number, id] of ids) {
    const { bytes, tags } = pageOfId(state, id);
    memory.set(number, { ...(memory.get(number) ?? freshPage), bytes, tags });
  }
  return { state, memory, ids, waits };
};

/** Puts what the instruction changed back into the pages. */
const kept = ({ state, memory, ids }: Prepared, after: Memory): ProcessState => {
  const changed = [...ids].flatMap(([number, id]) => {
    const now = after.get(number);
    if (!now || now === memory.get(number)) return [];
    const page = pageOfId(state, id);
    const tags = page.tagged ? now.tags : page.tags;
    return [[id, { ...page, bytes: now.bytes, tags }] as const];
  });
  return changed.length === 0
    ? state
    : setPages(
        state,
        changed.toSorted(([a], [b]) => a - b),
      );
};

const codeOf = (asked: Asked<unknown>, { kind, address }: CpuFault): FaultCode =>
  match(kind)
    .returnType<FaultCode>()
    .with("undefined", () => "SIGILL")
    .with("alignment", () => "BUS_ADRALN")
    .with("tag-check", () => "SEGV_MTESERR")
    .with("permission", () => "SEGV_ACCERR")
    .with("translation", () =>
      areaAt(asked.process, pageOf(Number(address.low))) ? "BUS_ADRERR" : "SEGV_MAPERR",
    )
    .exhaustive();

const logicalTag = 0x0f;

/** A signal that the thread can take: si_addr has a top byte only if its handler wants one. */
const signalOf = (asked: Asked<unknown>, fault: CpuFault): Fault => {
  // Bits 63:60 are unknown after a tag check fault, and the kernel clears them.
  const top = fault.kind === "tag-check" ? fault.top & logicalTag : fault.top;
  return {
    code: codeOf(asked, fault),
    address: fault.address,
    top: asked.process.exposesTagBits ? top : 0,
  };
};

const faultOf = ({ result }: Executed): CpuFault | null =>
  result.kind === "fault" || result.kind === "count" ? result.fault : null;

const resultOf = (asked: Asked<unknown>, { result }: Executed): Result =>
  match(result)
    .returnType<Result>()
    .with({ kind: "fault" }, ({ fault }) => ({ kind: "fault", fault: signalOf(asked, fault) }))
    .with({ kind: "count" }, ({ count, fault }) => ({
      kind: "count",
      count,
      fault: fault && signalOf(asked, fault),
    }))
    .otherwise((other) => other);

/** The touches up to the page of a fault: what lies further on was never reached. */
const upTo = (touches: readonly Touch[], fault: CpuFault): readonly Touch[] => {
  const at = touches.findLastIndex(({ page }) => page === pageOf(Number(fault.address.low)));
  return at < 0 ? touches : touches.slice(0, at + 1);
};

const signalRules = (fault: CpuFault | null, recorded: boolean): readonly RuleId[] => {
  if (!fault) return recorded ? ["async-is-reported-at-entry"] : [];
  return recorded
    ? ["a-fault-is-a-signal", "one-sigsegv-is-pending-at-a-time"]
    : ["a-fault-is-a-signal"];
};

const finished = (asked: Asked<unknown>, prepared: Prepared, done: Executed): Allowed => {
  const fault = faultOf(done);
  const waiting = fault && prepared.waits.has(pageOf(Number(fault.address.low)));
  const state = kept(prepared, done.memory);
  const { override } = done.cpu;
  const after =
    override === asked.thread.override
      ? state
      : setThread(state, asked.by, { ...asked.thread, override });
  if (waiting)
    return {
      state: after,
      outcome: { kind: "blocked", reports: 0 },
      rules: ["userfaultfd-fills-missing-pages"],
    };
  const reports = done.cpu.recorded && !fault ? 1 : 0;
  return {
    state: after,
    outcome: { ...resultOf(asked, done), reports },
    rules: [...done.rules, ...signalRules(fault, done.cpu.recorded)],
  };
};

const run = (asked: Asked<unknown>, instruction: Instruction): readonly Allowed[] => {
  const cpu = cpuOf(asked.state, asked.thread);
  const touches = footprintOf(instruction);
  const prepared = prepare(asked, touches);
  return execute({ cpu, memory: prepared.memory }, instruction).map((done) => {
    const fault = faultOf(done);
    const reached = fault ? upTo(touches, fault) : touches;
    if (reached.length === touches.length) return finished(asked, prepared, done);
    // The same pages in the same order have the same numbers; those further on were never made.
    const { state, ids } = prepare(asked, reached);
    return finished(asked, { ...prepared, state, ids }, done);
  });
};

/** Every outcome of an instruction; pages that the kernel may have dropped double them. */
export const runInstruction = (asked: Asked<Instruction>): readonly Allowed[] => {
  const { name, process, state, operation } = asked;
  const touched = footprintOf(operation)
    .map(({ page }) => page)
    .filter((page) => {
      const id = entryOf(process, page);
      return id !== undefined && pageOfId(state, id).droppable;
    });
  return droppedPages(state, name, touched).flatMap((after) => {
    const now = after.processes.get(name) ?? process;
    return run({ ...asked, state: after, process: now }, operation);
  });
};
