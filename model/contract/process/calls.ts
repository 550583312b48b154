/** System calls with buffers in user memory. */
import { type Allowed, type Asked, allow, failed, returned } from "./asked.ts";
import { pageSize } from "./configuration.ts";
import { readFile, writeFile } from "./file-pages.ts";
import type { CopyOperation, ThreadName } from "./operations.ts";
import type { Errno } from "./outcome.ts";
import type { Access } from "./reach.ts";
import type { ProcessRuleId } from "./rulebook.ts";
import type { ProcessName, ProcessState } from "./state.ts";
import { lookUp } from "./table.ts";
import {
  bytesAt,
  type CopyDirection,
  checksOf,
  type Extent,
  extentOf,
  stored,
  takes,
} from "./user-copy.ts";

type Of<Kind extends CopyOperation["kind"]> = Asked<Extract<CopyOperation, { kind: Kind }>>;

const ruleOf = ({ stoppedBy }: Extent): ProcessRuleId =>
  stoppedBy === "tag" ? "checked-copies-stop-at-a-mismatch" : "copies-stop-at-missing-memory";

/**
 * What a copy that got so far can end in: everything, EFAULT, or something in between. What was
 * recorded on the way may be reported at once or not at all, as the mode of stores has it.
 */
const ended = (
  extent: Extent,
  wanted: number,
  none: ProcessState,
  some: (length: number) => ProcessState,
): readonly Allowed[] => {
  const { length } = extent;
  if (length === wanted) {
    const whole = returned(some(wanted), wanted, "unchecked-copies-are-whole");
    const late = whole.map(({ outcome, ...rest }) => ({
      ...rest,
      outcome: { ...outcome, reports: 1 as const },
    }));
    return extent.recorded ? [...whole, ...late] : whole;
  }
  if (length === 0) return failed(none, "EFAULT", ruleOf(extent));
  const partly = { kind: "partly", least: 1, most: length, errno: "EFAULT" } as const;
  return [...allow(some(length), partly, ruleOf(extent)), ...allow(none, partly, ruleOf(extent))];
};

/** How far a copy by this thread gets; null: the call does not even take the pointer. */
const attempt = (
  asked: Asked<CopyOperation & { readonly address: bigint }>,
  length: number,
  to: CopyDirection,
): Extent | null => {
  const { state, name, operation } = asked;
  if (!takes(asked, operation.address)) return null;
  const checks = checksOf(asked, operation.address, to);
  const access: Access = to === "in" ? "write" : "read";
  return extentOf(state, name, operation.address, length, access, checks);
};

const refused = (state: ProcessState): readonly Allowed[] =>
  failed(state, "EFAULT", "tagged-pointers-need-the-abi");

const sysread = (asked: Of<"sysread" | "sysreadv">): readonly Allowed[] => {
  const { state, name, operation } = asked;
  const { file, address, length, offset } = operation;
  if (!lookUp(state.files, file)) return failed(state, "EBADF", "unchecked-copies-are-whole");
  const bytes = readFile(state, file, offset, length);
  const extent = attempt(asked, bytes.length, "in");
  if (!extent) return refused(state);
  return ended(extent, bytes.length, extent.state, (size) =>
    stored(extent.state, name, address, bytes.subarray(0, size)),
  );
};

const syswrite = (asked: Of<"syswrite" | "syswritev">): readonly Allowed[] => {
  const { state, name, operation } = asked;
  const { file, address, length, offset } = operation;
  if (!lookUp(state.files, file)) return failed(state, "EBADF", "unchecked-copies-are-whole");
  const extent = attempt(asked, length, "out");
  if (!extent) return refused(state);
  const bytes = bytesAt(extent.state, name, address, extent.length);
  return ended(extent, length, extent.state, (size) =>
    writeFile(extent.state, file, offset, bytes.subarray(0, size)),
  );
};

const syspipe = (asked: Of<"syspipe">): readonly Allowed[] => {
  const { length } = asked.operation;
  const extent = attempt(asked, length, "out");
  return extent ? ended(extent, length, extent.state, () => extent.state) : refused(asked.state);
};

/** Nobody says what the directory is called; "/" is the shortest that it can be. */
const shortestPath = 2;

const sysgetcwd = (asked: Of<"sysgetcwd">): readonly Allowed[] => {
  const { length } = asked.operation;
  if (length < shortestPath) return failed(asked.state, "ERANGE", "unchecked-copies-are-whole");
  const extent = attempt(asked, Math.min(length, pageSize), "in");
  if (!extent) return refused(asked.state);
  if (extent.length < shortestPath) return failed(extent.state, "EFAULT", ruleOf(extent));
  const whole = extent.stoppedBy === "end";
  const most = Math.min(length, pageSize);
  const errno: Errno | null = whole ? null : "EFAULT";
  const result = { kind: "partly", least: shortestPath, most, errno } as const;
  return allow(extent.state, result, whole ? "unchecked-copies-are-whole" : ruleOf(extent));
};

const processOf = ({ state, name }: Asked<unknown>, of: ThreadName | null): ProcessName | null =>
  of === null ? name : (state.threads.get(of)?.process ?? null);

const nothing = { tag: null, stops: false } as const;

type Remote = {
  readonly of: ThreadName | null;
  readonly address: bigint;
  readonly length: number;
  readonly access: Access;
  /** What comes back when not one byte was in reach. */
  readonly errno: Errno;
  /** Bytes to store; null: bytes are read. */
  readonly bytes: Uint8Array | null;
};

/** Through the kernel's own mapping of the pages: tags are neither compared nor changed. */
const remote = (asked: Asked<unknown>, wish: Remote): readonly Allowed[] => {
  const rule = "remote-access-is-unchecked";
  const target = processOf(asked, wish.of);
  if (target === null) return failed(asked.state, "ESRCH", rule);
  const { address, length, access, bytes } = wish;
  const extent = extentOf(asked.state, target, address, length, access, nothing);
  if (extent.length === 0 && length > 0) return failed(extent.state, wish.errno, rule);
  if (!bytes) {
    const found = bytesAt(extent.state, target, address, extent.length);
    return allow(extent.state, { kind: "brought", bytes: found }, rule);
  }
  const after = stored(extent.state, target, address, bytes.subarray(0, extent.length));
  return returned(after, extent.length, rule);
};

const procmemRead = (asked: Of<"procmem_read">): readonly Allowed[] =>
  remote(asked, {
    ...asked.operation,
    access: "force-read",
    errno: "EIO",
    bytes: null,
  });

const procmemWrite = (asked: Of<"procmem_write">): readonly Allowed[] =>
  remote(asked, {
    ...asked.operation,
    access: "force-write",
    errno: "EIO",
    bytes: new Uint8Array(asked.operation.length).fill(asked.operation.byte),
  });

const vmread = (asked: Of<"vmread">): readonly Allowed[] =>
  remote(asked, { ...asked.operation, access: "read", errno: "EFAULT", bytes: null });

const vmwrite = (asked: Of<"vmwrite">): readonly Allowed[] =>
  remote(asked, {
    ...asked.operation,
    access: "write",
    errno: "EFAULT",
    bytes: new Uint8Array(asked.operation.length).fill(asked.operation.byte),
  });

export const calls = {
  sysread,
  syswrite,
  syspipe,
  sysgetcwd,
  procmemRead,
  procmemWrite,
  vmread,
  vmwrite,
};
