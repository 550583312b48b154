/**
 * What user space can ask of the kernel, beside the instructions it executes. Operands are already
 * resolved: pointers are 64-bit with their tags, lengths are bytes, files are descriptors that an
 * earlier operation returned. `by` is the thread that acts; `fork`, `thread` and `exec` make others.
 */
import type { Instruction, Pointer, Tag } from "../architecture/operations.ts";

/** The name of a thread; a process bears the name of its first thread. */
export type ThreadName = string;
/** A file descriptor, the same number in every process that inherits it. */
export type Descriptor = number;

export type Protection = {
  readonly read: boolean;
  readonly write: boolean;
  readonly execute: boolean;
  /** PROT_MTE. */
  readonly tagged: boolean;
};

export type MapFlag =
  | "private"
  | "shared"
  | "anon"
  | "fixed"
  | "fixed_noreplace"
  | "populate"
  | "hugetlb"
  | "noreserve";
export type RemapFlag = "maymove" | "fixed" | "dontunmap";

export type Advice =
  | "normal"
  | "random"
  | "sequential"
  | "willneed"
  | "dontneed"
  | "dontneed_locked"
  | "free"
  | "remove"
  | "dontfork"
  | "dofork"
  | "mergeable"
  | "unmergeable"
  | "hugepage"
  | "nohugepage"
  | "collapse"
  | "dontdump"
  | "dodump"
  | "wipeonfork"
  | "keeponfork"
  | "cold"
  | "pageout"
  | "populate_read"
  | "populate_write"
  | "soft_offline";

export type MappingOperation =
  | {
      readonly kind: "mmap";
      readonly length: number;
      readonly protection: Protection;
      readonly flags: readonly MapFlag[];
      readonly file: Descriptor | null;
      /** Bytes into the file. */
      readonly offset: number;
      /** A hint, or with `fixed` the place; null leaves it to the kernel. */
      readonly address: Pointer | null;
      /** The place that the kernel finds is a multiple of this. */
      readonly align: number;
    }
  | { readonly kind: "munmap"; readonly address: Pointer; readonly length: number }
  | {
      readonly kind: "mprotect";
      readonly address: Pointer;
      readonly length: number;
      readonly protection: Protection;
    }
  /** With key -1 it is mprotect. */
  | {
      readonly kind: "pkey_mprotect";
      readonly address: Pointer;
      readonly length: number;
      readonly protection: Protection;
      readonly key: number;
    }
  | {
      readonly kind: "mremap";
      readonly address: Pointer;
      readonly oldLength: number;
      readonly newLength: number;
      readonly flags: readonly RemapFlag[];
      /** Where to, with `fixed`. */
      readonly to: Pointer | null;
      /** To a fresh place that the caller chose, whether or not it could grow where it is. */
      readonly force: boolean;
    }
  | {
      readonly kind: "madvise";
      readonly address: Pointer;
      readonly length: number;
      readonly advice: Advice;
    }
  | { readonly kind: "mlock" | "munlock"; readonly address: Pointer; readonly length: number }
  /** Grows the heap by `length` (rounded up to pages) and returns where the new part starts. */
  | { readonly kind: "brkalloc"; readonly length: number }
  /** The address of a page of the main stack. */
  | { readonly kind: "stackvar" }
  /** A new System V segment, attached at `address` or where the kernel likes. */
  | { readonly kind: "shmat"; readonly length: number; readonly address: Pointer | null };

export type FileSystem = "tmpfs" | "ramfs" | "ext4" | "hugetlbfs";

export type FileOperation =
  | { readonly kind: "memfd"; readonly length: number; readonly hugetlb: boolean }
  | { readonly kind: "tmpfile"; readonly system: FileSystem; readonly length: number }
  | { readonly kind: "ftruncate"; readonly file: Descriptor; readonly length: number }
  /** fallocate(PUNCH_HOLE | KEEP_SIZE). */
  | {
      readonly kind: "punch";
      readonly file: Descriptor;
      readonly offset: number;
      readonly length: number;
    }
  /** write and read through the descriptor with a buffer that has no tags. */
  | {
      readonly kind: "fput";
      readonly file: Descriptor;
      readonly offset: number;
      readonly byte: number;
      readonly length: number;
    }
  | {
      readonly kind: "fget";
      readonly file: Descriptor;
      readonly offset: number;
      readonly length: number;
    };

export type CopyOperation =
  /** File to `address` (read, readv). */
  | {
      readonly kind: "sysread" | "sysreadv";
      readonly file: Descriptor;
      readonly address: Pointer;
      readonly length: number;
      readonly offset: number;
    }
  /** `address` to file (write, writev). */
  | {
      readonly kind: "syswrite" | "syswritev";
      readonly file: Descriptor;
      readonly address: Pointer;
      readonly length: number;
      readonly offset: number;
    }
  /** write to a pipe from `address`. */
  | { readonly kind: "syspipe"; readonly address: Pointer; readonly length: number }
  /** getcwd into `address`; the directory is whatever it is. */
  | { readonly kind: "sysgetcwd"; readonly address: Pointer; readonly length: number }
  /** /proc/PID/mem, of the acting process where `of` is null. */
  | {
      readonly kind: "procmem_read";
      readonly of: ThreadName | null;
      readonly address: Pointer;
      readonly length: number;
    }
  | {
      readonly kind: "procmem_write";
      readonly of: ThreadName | null;
      readonly address: Pointer;
      readonly byte: number;
      readonly length: number;
    }
  /** process_vm_readv and process_vm_writev; the local buffer has no tags. */
  | {
      readonly kind: "vmread";
      readonly of: ThreadName;
      readonly address: Pointer;
      readonly length: number;
    }
  | {
      readonly kind: "vmwrite";
      readonly of: ThreadName;
      readonly address: Pointer;
      readonly byte: number;
      readonly length: number;
    };

/** A tag checking mode that a thread can ask for. */
export type CheckMode = "none" | "sync" | "async" | "sync+async";
/** What /sys/devices/system/cpu/cpuN/mte_tcf_preferred can hold. */
export type PreferredMode = "async" | "sync" | "asymm";

export type ControlOperation =
  /** prctl(PR_SET_TAGGED_ADDR_CTRL, control, rest...); {@link tagControl} puts `control` together. */
  | {
      readonly kind: "prctl";
      readonly control: bigint;
      readonly rest: readonly [bigint, bigint, bigint];
    }
  /** prctl(PR_GET_TAGGED_ADDR_CTRL, rest...). */
  | { readonly kind: "getprctl"; readonly rest: readonly [bigint, bigint, bigint, bigint] }
  | { readonly kind: "tcfpref"; readonly mode: PreferredMode }
  /** Whether the handlers of SIGSEGV and SIGBUS have SA_EXPOSE_TAGBITS. */
  | { readonly kind: "exposetag"; readonly value: 0 | 1 }
  /** With PSTATE.TCO set to `value` for as long: what a handler, and the code after it, finds. */
  | { readonly kind: "sigtco"; readonly value: 0 | 1 }
  /** With PSTATE.TCO set to `value` for as long: what it is after a system call. */
  | { readonly kind: "systco"; readonly value: 0 | 1 }
  /** A child with SIGSEGV blocked, or ignored, stores to `address` and exits. */
  | { readonly kind: "blockedfault"; readonly address: Pointer; readonly ignored: boolean };

export type LifeOperation =
  | { readonly kind: "fork"; readonly as: ThreadName }
  | { readonly kind: "thread"; readonly as: ThreadName }
  /** fork, and execve in the child. */
  | { readonly kind: "exec"; readonly as: ThreadName }
  | { readonly kind: "exit" };

export type ReclaimOperation =
  /** Whatever it takes to bring the pages of the range to swap. */
  | { readonly kind: "pageout"; readonly address: Pointer; readonly length: number }
  | { readonly kind: "swapoff" | "swapon" }
  /** Is there a page in memory behind this address (pagemap)? */
  | { readonly kind: "present"; readonly address: Pointer }
  | { readonly kind: "migrate"; readonly address: Pointer }
  /** The merger runs to its end; do `a` and `b` share a frame? `zero`: use_zero_pages. */
  | {
      readonly kind: "ksm";
      readonly a: Pointer;
      readonly b: Pointer;
      readonly zero: boolean;
    }
  | { readonly kind: "pfneq"; readonly a: Pointer; readonly b: Pointer }
  | { readonly kind: "isthp"; readonly address: Pointer }
  /** Has the mapping the flag "mt" in /proc/PID/smaps? */
  | { readonly kind: "smaps"; readonly address: Pointer };

export type UserfaultOperation =
  /** A userfaultfd that waits for missing pages of the range. */
  | { readonly kind: "uffd"; readonly address: Pointer; readonly length: number }
  | {
      readonly kind: "uffdcopy" | "uffdmove";
      readonly file: Descriptor;
      readonly to: Pointer;
      readonly from: Pointer;
      readonly length: number;
    }
  | {
      readonly kind: "uffdzero";
      readonly file: Descriptor;
      readonly to: Pointer;
      readonly length: number;
    };

export type DebugOperation =
  /** PTRACE_PEEKMTETAGS: one tag a byte. */
  | {
      readonly kind: "peektags";
      readonly of: ThreadName;
      readonly address: Pointer;
      readonly granules: number;
    }
  /** PTRACE_POKEMTETAGS; bits above the low four of a byte are given as they are. */
  | {
      readonly kind: "poketags";
      readonly of: ThreadName;
      readonly address: Pointer;
      readonly tags: readonly Tag[];
    }
  /** NT_ARM_TAGGED_ADDR_CTRL. */
  | { readonly kind: "getregset"; readonly of: ThreadName }
  | { readonly kind: "setregset"; readonly of: ThreadName; readonly control: bigint }
  /** The PT_AARCH64_MEMTAG_MTE segment of the mapping at `address`, and tags from there on. */
  | { readonly kind: "core"; readonly address: Pointer; readonly bytes: number };

export type KernelOperation =
  | MappingOperation
  | FileOperation
  | CopyOperation
  | ControlOperation
  | LifeOperation
  | ReclaimOperation
  | UserfaultOperation
  | DebugOperation;

export type ProcessOperation = { readonly by: ThreadName } & (Instruction | KernelOperation);
