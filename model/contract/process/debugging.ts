/** ptrace and core dumps: tags as a debugger sees them. */
import { addressOf, granule } from "../architecture/index.ts";
import { alignDown, granulesPerPage, offsetInPage, pageOf } from "../architecture/pointer.ts";
import { areaAt } from "./areas.ts";
import { type Allowed, type Asked, allow, failed, returned } from "./asked.ts";
import { pageOfId, setPage, setThread, zeroPage } from "./changes.ts";
import { pageSize } from "./configuration.ts";
import type { DebugOperation, ThreadName } from "./operations.ts";
import { reach } from "./reach.ts";
import type { ProcessName, ProcessState } from "./state.ts";
import { parseControl, wordOf } from "./tag-control.ts";

type Of<Kind extends DebugOperation["kind"]> = Asked<Extract<DebugOperation, { kind: Kind }>>;

/** The process of a tracee: another one than the tracer's. */
const tracee = (
  { state, name }: Asked<unknown>,
  of: ThreadName,
): { readonly name: ProcessName } | "ESRCH" | "EPERM" => {
  const thread = state.threads.get(of);
  if (!thread) return "ESRCH";
  return thread.process === name ? "EPERM" : { name: thread.process };
};

const lowTag = 0xf;

/** Granule after granule, until memory ends that is mapped with PROT_MTE. */
const walked = (
  state: ProcessState,
  name: ProcessName,
  address: number,
  granules: number,
  write: boolean,
  visit: (tags: Uint8Array, at: number, index: number) => void,
): { readonly state: ProcessState; readonly count: number } => {
  let so = state;
  let count = 0;
  while (count < granules) {
    const at = address + count * granule;
    const reached = reach(so, name, pageOf(at), write ? "force-write" : "force-read");
    if (reached.kind !== "page" || !reached.area.tagged) break;
    const page = pageOfId(reached.state, reached.id);
    const tags = page.tags?.slice() ?? new Uint8Array(granulesPerPage);
    const first = offsetInPage(at) / granule;
    const here = Math.min(granules - count, granulesPerPage - first);
    for (let index = 0; index < here; index += 1) visit(tags, first + index, count + index);
    const written = write && reached.id !== zeroPage;
    so = written ? setPage(reached.state, reached.id, { ...page, tags }) : reached.state;
    count += here;
  }
  return { state: so, count };
};

const peektags = (asked: Of<"peektags">): readonly Allowed[] => {
  const { state, operation } = asked;
  const target = tracee(asked, operation.of);
  if (typeof target === "string") return failed(state, target, "tracers-read-tags");
  const address = alignDown(addressOf(operation.address), granule);
  const tags = new Uint8Array(operation.granules);
  const { state: after, count } = walked(
    state,
    target.name,
    address,
    operation.granules,
    false,
    (row, at, index) => {
      tags[index] = row[at] ?? 0;
    },
  );
  return count === 0
    ? failed(after, "EIO", "tracers-need-prot-mte")
    : allow(after, { kind: "tags", tags: tags.subarray(0, count) }, "tracers-read-tags");
};

const poketags = (asked: Of<"poketags">): readonly Allowed[] => {
  const { state, operation } = asked;
  const target = tracee(asked, operation.of);
  if (typeof target === "string") return failed(state, target, "tracers-write-tags");
  const address = alignDown(addressOf(operation.address), granule);
  const { tags } = operation;
  const { state: after, count } = walked(
    state,
    target.name,
    address,
    tags.length,
    true,
    (row, at, index) => {
      row[at] = (tags[index] ?? 0) & lowTag;
    },
  );
  return count === 0
    ? failed(after, "EIO", "tracers-need-prot-mte")
    : returned(after, count, "tracers-write-tags");
};

const getregset = (asked: Of<"getregset">): readonly Allowed[] => {
  const { state, operation } = asked;
  const thread = state.threads.get(operation.of);
  return thread
    ? returned(state, wordOf(thread.control), "tracers-set-modes")
    : failed(state, "ESRCH", "tracers-set-modes");
};

/** What is returned is what the register set reads as afterwards. */
const setregset = (asked: Of<"setregset">): readonly Allowed[] => {
  const { state, operation } = asked;
  const thread = state.threads.get(operation.of);
  if (!thread) return failed(state, "ESRCH", "tracers-set-modes");
  const control = parseControl(state.configuration, operation.control);
  if (!control) return failed(state, "EINVAL", "prctl-refuses-unknown-bits");
  const after = setThread(state, operation.of, { ...thread, control });
  return returned(after, wordOf(control), "tracers-set-modes");
};

const bytesOfMemory = 32;

const core = ({ state, name, process, operation }: Of<"core">): readonly Allowed[] => {
  const area = areaAt(process, pageOf(addressOf(operation.address)));
  if (!area?.tagged || area.skipInDump)
    return allow(state, { kind: "no-segment" }, "core-dumps-have-tags");
  const address = alignDown(addressOf(operation.address), bytesOfMemory);
  const granules = operation.bytes * 2;
  const bytes = new Uint8Array(operation.bytes);
  const { state: after } = walked(state, name, address, granules, false, (row, at, index) => {
    const half = index % 2 === 0 ? 0 : 4;
    const place = Math.floor(index / 2);
    bytes[place] = (bytes[place] ?? 0) | ((row[at] ?? 0) << half);
  });
  const memorySize = (area.end - area.start) * pageSize;
  return allow(
    after,
    {
      kind: "segment",
      fileSize: memorySize / bytesOfMemory,
      memorySize,
      flags: 0,
      physicalAddress: 0,
      align: 0,
      bytes,
    },
    "core-dumps-have-tags",
  );
};

export const debugging = { peektags, poketags, getregset, setregset, core };
