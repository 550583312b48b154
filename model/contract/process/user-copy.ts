/**
 * The kernel reads and writes user memory: how far it gets, and what the bytes are. Its accesses
 * are those of the thread that asked, with PSTATE.TCO clear; in asynchronous mode they go unchecked.
 */
import { mismatches, responseTo } from "../architecture/checks.ts";
import { addressOf, granule, type Pointer, tagOf } from "../architecture/index.ts";
import { alignDown, offsetInPage, pageOf } from "../architecture/pointer.ts";
import { type Asked, isTagged } from "./asked.ts";
import { pageOfId, setPage } from "./changes.ts";
import { pageSize } from "./configuration.ts";
import { type Access, reach } from "./reach.ts";
import type { ProcessName, ProcessState } from "./state.ts";
import { cpuOf, effectiveMode } from "./tag-control.ts";

/** As seen from user memory: `out` of it, or `in`to it. */
export type CopyDirection = "out" | "in";

export type Checks = {
  /** The logical tag that granules are compared with; null: nothing is compared. */
  readonly tag: number | null;
  /** A mismatch stops the copy, or is only recorded. */
  readonly stops: boolean;
};

const unchecked: Checks = { tag: null, stops: false };

/** What checks this thread's mode makes the kernel do. */
export const checksOf = (asked: Asked<unknown>, pointer: Pointer, to: CopyDirection): Checks => {
  const { state, thread } = asked;
  const mode = effectiveMode(state, thread.control);
  // In asynchronous mode the kernel leaves TCO set, as it is on entry.
  if (mode === "async" || mode === "none") return unchecked;
  const cpu = cpuOf(state, { ...thread, override: 0 });
  const response = responseTo(cpu, to === "out" ? "load" : "store");
  return response === "ignore" ? unchecked : { tag: tagOf(pointer), stops: response === "sync" };
};

/** Does a system call of this thread take the pointer at all (access_ok)? */
export const takes = ({ thread }: Asked<unknown>, pointer: Pointer): boolean =>
  thread.control.taggedAddresses || !isTagged(pointer);

export type Extent = {
  readonly state: ProcessState;
  /** Bytes in front of the first that cannot be copied. */
  readonly length: number;
  readonly stoppedBy: "end" | "tag" | "memory";
  /** A mismatch that does not stop the copy was met. */
  readonly recorded: boolean;
};

/** How far a copy gets; every page on the way is brought about. */
export const extentOf = (
  state: ProcessState,
  name: ProcessName,
  pointer: Pointer,
  length: number,
  access: Access,
  { tag, stops }: Checks,
): Extent => {
  const start = addressOf(pointer);
  let so = state;
  let recorded = false;
  for (let at = start; at < start + length; at = alignDown(at, pageSize) + pageSize) {
    const reached = reach(so, name, pageOf(at), access);
    if (reached.kind !== "page")
      return { state: so, length: at - start, stoppedBy: "memory", recorded };
    so = reached.state;
    if (tag === null || !reached.area.tagged) continue;
    const { bytes, tags } = pageOfId(so, reached.id);
    const page = { bytes, tags, tagged: true, readable: true, writable: true };
    const end = Math.min(start + length, alignDown(at, pageSize) + pageSize);
    for (let byte = at; byte < end; byte = alignDown(byte, granule) + granule) {
      if (!mismatches(page, tag, byte)) continue;
      if (stops) return { state: so, length: byte - start, stoppedBy: "tag", recorded };
      recorded = true;
    }
  }
  return { state: so, length, stoppedBy: "end", recorded };
};

/** Bytes of user memory that {@link extentOf} has found to be in reach. */
export const bytesAt = (
  state: ProcessState,
  name: ProcessName,
  pointer: Pointer,
  length: number,
): Uint8Array => {
  const start = addressOf(pointer);
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; ) {
    const place = start + at;
    const size = Math.min(length - at, pageSize - offsetInPage(place));
    const reached = reach(state, name, pageOf(place), "force-read");
    const row = reached.kind === "page" ? pageOfId(reached.state, reached.id).bytes : null;
    if (row) bytes.set(row.subarray(offsetInPage(place), offsetInPage(place) + size), at);
    at += size;
  }
  return bytes;
};

/** Stores to user memory that {@link extentOf} has found to be in reach; tags stay. */
export const stored = (
  state: ProcessState,
  name: ProcessName,
  pointer: Pointer,
  bytes: Uint8Array,
): ProcessState => {
  const start = addressOf(pointer);
  let so = state;
  for (let at = 0; at < bytes.length; ) {
    const place = start + at;
    const size = Math.min(bytes.length - at, pageSize - offsetInPage(place));
    const reached = reach(so, name, pageOf(place), "force-write");
    if (reached.kind === "page") {
      const page = pageOfId(reached.state, reached.id);
      const row = page.bytes?.slice() ?? new Uint8Array(pageSize);
      row.set(bytes.subarray(at, at + size), offsetInPage(place));
      so = setPage(reached.state, reached.id, { ...page, bytes: row });
    }
    at += size;
  }
  return so;
};
