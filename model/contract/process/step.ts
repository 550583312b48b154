/** The room in one function: what may user space see, and what is true afterwards? */
import { match, P } from "ts-pattern";
import { madvise } from "./advising.ts";
import { type Allowed, type Asked, failed } from "./asked.ts";
import { calls } from "./calls.ts";
import { control } from "./control.ts";
import { debugging } from "./debugging.ts";
import { files } from "./files.ts";
import { runInstruction } from "./instructions.ts";
import { lives } from "./lives.ts";
import { mapping } from "./mapping.ts";
import type {
  ControlOperation,
  CopyOperation,
  DebugOperation,
  FileOperation,
  LifeOperation,
  MappingOperation,
  ProcessOperation,
  ReclaimOperation,
  UserfaultOperation,
} from "./operations.ts";
import { protecting } from "./protecting.ts";
import { reclaim } from "./reclaim.ts";
import { mremap } from "./remapping.ts";
import type { ProcessState } from "./state.ts";
import { userfault } from "./userfault.ts";

const map = (asked: Asked<MappingOperation>): readonly Allowed[] =>
  match(asked)
    .with({ operation: { kind: "mmap" } }, mapping.mmap)
    .with({ operation: { kind: "munmap" } }, mapping.munmap)
    .with({ operation: { kind: "mprotect" } }, protecting.mprotect)
    .with({ operation: { kind: "pkey_mprotect" } }, protecting.pkeyMprotect)
    .with({ operation: { kind: "mremap" } }, mremap)
    .with({ operation: { kind: "madvise" } }, madvise)
    .with({ operation: { kind: P.union("mlock", "munlock") } }, protecting.lock)
    .with({ operation: { kind: "brkalloc" } }, mapping.brkalloc)
    .with({ operation: { kind: "stackvar" } }, mapping.stackvar)
    .with({ operation: { kind: "shmat" } }, mapping.shmat)
    .exhaustive();

const file = (asked: Asked<FileOperation>): readonly Allowed[] =>
  match(asked)
    .with({ operation: { kind: "memfd" } }, files.memfd)
    .with({ operation: { kind: "tmpfile" } }, files.tmpfile)
    .with({ operation: { kind: "ftruncate" } }, files.ftruncate)
    .with({ operation: { kind: "punch" } }, files.punch)
    .with({ operation: { kind: "fput" } }, files.fput)
    .with({ operation: { kind: "fget" } }, files.fget)
    .exhaustive();

const copy = (asked: Asked<CopyOperation>): readonly Allowed[] =>
  match(asked)
    .with({ operation: { kind: P.union("sysread", "sysreadv") } }, calls.sysread)
    .with({ operation: { kind: P.union("syswrite", "syswritev") } }, calls.syswrite)
    .with({ operation: { kind: "syspipe" } }, calls.syspipe)
    .with({ operation: { kind: "sysgetcwd" } }, calls.sysgetcwd)
    .with({ operation: { kind: "procmem_read" } }, calls.procmemRead)
    .with({ operation: { kind: "procmem_write" } }, calls.procmemWrite)
    .with({ operation: { kind: "vmread" } }, calls.vmread)
    .with({ operation: { kind: "vmwrite" } }, calls.vmwrite)
    .exhaustive();

const steer = (asked: Asked<ControlOperation>): readonly Allowed[] =>
  match(asked)
    .with({ operation: { kind: "prctl" } }, control.prctl)
    .with({ operation: { kind: "getprctl" } }, control.getprctl)
    .with({ operation: { kind: "tcfpref" } }, control.tcfpref)
    .with({ operation: { kind: "exposetag" } }, control.exposetag)
    .with({ operation: { kind: "sigtco" } }, control.sigtco)
    .with({ operation: { kind: "systco" } }, control.systco)
    .with({ operation: { kind: "blockedfault" } }, control.blockedfault)
    .exhaustive();

const live = (asked: Asked<LifeOperation>): readonly Allowed[] =>
  match(asked)
    .with({ operation: { kind: "fork" } }, lives.fork)
    .with({ operation: { kind: "thread" } }, lives.thread)
    .with({ operation: { kind: "exec" } }, lives.exec)
    .with({ operation: { kind: "exit" } }, lives.exit)
    .exhaustive();

const reclaiming = (asked: Asked<ReclaimOperation>): readonly Allowed[] =>
  match(asked)
    .with({ operation: { kind: "pageout" } }, reclaim.pageout)
    .with({ operation: { kind: "swapoff" } }, reclaim.swapoff)
    .with({ operation: { kind: "swapon" } }, reclaim.swapon)
    .with({ operation: { kind: "present" } }, reclaim.present)
    .with({ operation: { kind: "migrate" } }, reclaim.migrate)
    .with({ operation: { kind: "ksm" } }, reclaim.ksm)
    .with({ operation: { kind: "pfneq" } }, reclaim.pfneq)
    .with({ operation: { kind: "isthp" } }, reclaim.isthp)
    .with({ operation: { kind: "smaps" } }, reclaim.smaps)
    .exhaustive();

const fault = (asked: Asked<UserfaultOperation>): readonly Allowed[] =>
  match(asked)
    .with({ operation: { kind: "uffd" } }, userfault.register)
    .with({ operation: { kind: "uffdcopy" } }, userfault.uffdcopy)
    .with({ operation: { kind: "uffdmove" } }, userfault.uffdmove)
    .with({ operation: { kind: "uffdzero" } }, userfault.uffdzero)
    .exhaustive();

const debug = (asked: Asked<DebugOperation>): readonly Allowed[] =>
  match(asked)
    .with({ operation: { kind: "peektags" } }, debugging.peektags)
    .with({ operation: { kind: "poketags" } }, debugging.poketags)
    .with({ operation: { kind: "getregset" } }, debugging.getregset)
    .with({ operation: { kind: "setregset" } }, debugging.setregset)
    .with({ operation: { kind: "core" } }, debugging.core)
    .exhaustive();

const cpuKinds = P.union(
  "access",
  "fill",
  "scan",
  "copy",
  "set-tags",
  "read-tags",
  "peek",
  "poke",
  "ldg",
  "store-tag",
  "stgp",
  "tag-block",
  "irg",
  "irgn",
  "gmi",
  "addg",
  "subg",
  "subp",
  "subps",
  "tco",
);
const mappingKinds = P.union(
  "mmap",
  "munmap",
  "mprotect",
  "pkey_mprotect",
  "mremap",
  "madvise",
  "mlock",
  "munlock",
  "brkalloc",
  "stackvar",
  "shmat",
);
const fileKinds = P.union("memfd", "tmpfile", "ftruncate", "punch", "fput", "fget");
const copyKinds = P.union(
  "sysread",
  "sysreadv",
  "syswrite",
  "syswritev",
  "syspipe",
  "sysgetcwd",
  "procmem_read",
  "procmem_write",
  "vmread",
  "vmwrite",
);
const controlKinds = P.union(
  "prctl",
  "getprctl",
  "tcfpref",
  "exposetag",
  "sigtco",
  "systco",
  "blockedfault",
);
const lifeKinds = P.union("fork", "thread", "exec", "exit");
const reclaimKinds = P.union(
  "pageout",
  "swapoff",
  "swapon",
  "present",
  "migrate",
  "ksm",
  "pfneq",
  "isthp",
  "smaps",
);
const userfaultKinds = P.union("uffd", "uffdcopy", "uffdmove", "uffdzero");
const debugKinds = P.union("peektags", "poketags", "getregset", "setregset", "core");

const judge = (asked: Asked): readonly Allowed[] =>
  match(asked)
    .with({ operation: { kind: cpuKinds } }, runInstruction)
    .with({ operation: { kind: mappingKinds } }, map)
    .with({ operation: { kind: fileKinds } }, file)
    .with({ operation: { kind: copyKinds } }, copy)
    .with({ operation: { kind: controlKinds } }, steer)
    .with({ operation: { kind: lifeKinds } }, live)
    .with({ operation: { kind: reclaimKinds } }, reclaiming)
    .with({ operation: { kind: userfaultKinds } }, fault)
    .with({ operation: { kind: debugKinds } }, debug)
    .exhaustive();

/**
 * Every outcome that is allowed, with the state that follows; never none. Two entries may have the
 * same outcome and different states: later operations tell them apart. An operation that names a
 * thread or file that does not exist fails as the kernel says it (ESRCH, EBADF).
 */
export const step = (state: ProcessState, operation: ProcessOperation): readonly Allowed[] => {
  const thread = state.threads.get(operation.by);
  const process = thread && state.processes.get(thread.process);
  return thread && process
    ? judge({ state, operation, by: operation.by, thread, name: thread.process, process })
    : failed(state, "ESRCH", "modes-belong-to-threads");
};
