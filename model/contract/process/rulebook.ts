/**
 * The rules of the process: what user space may rely on, kernel version by kernel version. Every
 * outcome of this room cites the rules that made it so, beside those of the CPU.
 * docs/semantics.md is written from this table.
 */
import type { ArchitectureRuleId } from "../architecture/rulebook.ts";
import type { ProcessOperation } from "./operations.ts";

export type ProcessRule = {
  readonly sentence: string;
  readonly source: string;
  readonly governs: readonly ProcessOperation["kind"][];
};

const mteDoc = "Documentation/arch/arm64/memory-tagging-extension.rst";
const abiDoc = "Documentation/arch/arm64/tagged-address-abi.rst";
const commit = (id: string, what: string) => `Linux ${id} (${what})`;

export const processRulebook = {
  "a-fault-is-a-signal": {
    sentence:
      "A fault of an instruction is a signal to its thread: SEGV_MTESERR for a mismatch," +
      " SEGV_MAPERR without a mapping, SEGV_ACCERR against its protection, BUS_ADRERR past the end" +
      " of a file, BUS_ADRALN for alignment, SIGILL for an undefined instruction.",
    source: `${mteDoc}; arch/arm64/mm/fault.c`,
    governs: ["access", "fill", "scan", "copy", "ldg", "store-tag", "stgp", "tag-block"],
  },
  "async-is-reported-at-entry": {
    sentence:
      "Mismatches recorded in asynchronous mode end in one SEGV_MTEAERR with si_addr 0, in the" +
      " thread that made them, when it enters the kernel next.",
    source: `${mteDoc}; arch/arm64/kernel/entry.S, do_notify_resume()`,
    governs: ["access", "fill", "scan", "copy"],
  },
  "one-sigsegv-is-pending-at-a-time": {
    sentence:
      "A synchronous fault after a recorded mismatch is the only signal seen: a second SIGSEGV is" +
      " not queued while one is pending.",
    source: "kernel/signal.c, legacy_queue()",
    governs: ["copy"],
  },
  "tag-bits-are-shown-on-demand": {
    sentence:
      "si_addr has no top byte, unless the handler was installed with SA_EXPOSE_TAGBITS; bits 63:60" +
      " stay clear for a tag check fault.",
    source: "Documentation/arch/arm64/tagged-pointers.rst; arch/arm64/mm/fault.c",
    governs: ["exposetag", "access"],
  },
  "forced-signals-kill": {
    sentence:
      "A synchronous fault with SIGSEGV blocked or ignored kills the process; an asynchronous" +
      " report is then pending for ever, or dropped, and kills nobody.",
    source: `${mteDoc}; kernel/signal.c, force_sig_info_to_task()`,
    governs: ["blockedfault"],
  },
  "handlers-run-with-override-clear": {
    sentence:
      "A signal handler starts with PSTATE.TCO clear; sigreturn and the end of a system call bring" +
      " back what the thread had.",
    source: mteDoc,
    governs: ["sigtco", "systco"],
  },
  "modes-belong-to-threads": {
    sentence:
      "PR_SET_TAGGED_ADDR_CTRL sets tag checking mode, tags to be generated and tagged address ABI" +
      " of the thread that calls it; PR_GET_TAGGED_ADDR_CTRL returns what was asked for. A new" +
      " thread starts with its creator's.",
    source: `${mteDoc}; ${abiDoc}`,
    governs: ["prctl", "getprctl", "thread"],
  },
  "prctl-refuses-unknown-bits": {
    sentence:
      "Bits that the kernel does not know, PR_MTE_STORE_ONLY where it is not announced, and" +
      " arguments that must be 0 and are not, are EINVAL, and nothing changes.",
    source: `${abiDoc}; arch/arm64/kernel/process.c, set_tagged_addr_ctrl()`,
    governs: ["prctl", "getprctl", "setregset"],
  },
  "preferred-mode-if-asked-for": {
    sentence:
      "A thread runs in the mode that its CPU prefers if it asked for that mode, else in the first" +
      " it asked for of asynchronous, asymmetric, synchronous. Both modes together ask for" +
      " asymmetric mode as well, where the CPU has it.",
    source: `${mteDoc}; arch/arm64/kernel/mte.c, mte_update_sctlr_user()`,
    governs: ["tcfpref"],
  },
  "fork-inherits-tags-and-modes": {
    sentence:
      "A child has its parent's mappings, PROT_MTE, modes and PSTATE.TCO. Private pages are shared" +
      " until one of the two writes data or a tag, and the copy has the tags of all granules.",
    source: `${mteDoc}; arch/arm64/mm/copypage.c`,
    governs: ["fork", "exit"],
  },
  "exec-starts-afresh": {
    sentence:
      "After execve no mode is set, the tagged address ABI is off, every tag is excluded," +
      " PSTATE.TCO is clear and no mapping has PROT_MTE.",
    source: mteDoc,
    governs: ["exec"],
  },
  "new-tags-are-zero": {
    sentence: "Memory mapped with PROT_MTE starts with tag 0 in every granule.",
    source: mteDoc,
    governs: ["mmap"],
  },
  "mmap-maps-zeroes": {
    sentence:
      "Anonymous memory starts zeroed; without PROT_MTE it has no tags. Heap, stack and System V" +
      " segments are such memory and take PROT_MTE later.",
    source: "mmap(2); arch/arm64/include/asm/page.h, VM_DATA_DEFAULT_FLAGS",
    governs: ["mmap", "brkalloc", "stackvar", "shmat"],
  },
  "mmap-refuses-nonsense": {
    sentence:
      "mmap needs a length, one of MAP_PRIVATE and MAP_SHARED, a descriptor unless it is anonymous," +
      " aligned places and offsets; MAP_FIXED_NOREPLACE replaces nothing.",
    source: "mmap(2)",
    governs: ["mmap", "shmat"],
  },
  "tags-need-ram": {
    sentence:
      "PROT_MTE is taken for anonymous memory and files of tmpfs (memfd, System V); for any other" +
      " file, ramfs too, mmap and mprotect return EINVAL.",
    source: `${mteDoc}; arch/arm64/include/asm/mman.h, mm/shmem.c`,
    governs: ["mmap", "mprotect", "pkey_mprotect"],
  },
  "hugetlb-has-tags-since-6.13": {
    sentence: "PROT_MTE on hugetlb memory is EINVAL before 6.13, and works from then on.",
    source: commit("25c17c4b55de", "hugetlb: arm64: add mte support"),
    governs: ["mmap", "mprotect"],
  },
  "new-places-are-named-untagged": {
    sentence:
      "Where memory is to go is named without a tag: mmap with MAP_FIXED, the new address of" +
      " mremap, brk and shmat refuse a tagged pointer; as a hint mmap ignores it.",
    source: `${abiDoc}; ${commit("dcde237319e6", "no aliases in brk, mmap, mremap")}`,
    governs: ["mmap", "mremap", "shmat"],
  },
  "munmap-takes-whole-pages": {
    sentence: "munmap starts on a page boundary and has a length; huge pages of hugetlb go whole.",
    source: "munmap(2)",
    governs: ["munmap"],
  },
  "munmap-discards-tags": {
    sentence:
      "Unmapped private memory is gone with its tags, also what was on swap; a tagged pointer names" +
      " it as well as an untagged one.",
    source: `${abiDoc}; arch/arm64/mm/mteswap.c, mte_invalidate_tags()`,
    governs: ["munmap"],
  },
  "mprotect-takes-whole-pages": {
    sentence:
      "mprotect starts on a page boundary and takes pointers with tags; length 0 does nothing;" +
      " a key that was not allocated is EINVAL.",
    source: "mprotect(2)",
    governs: ["mprotect", "pkey_mprotect"],
  },
  "mprotect-needs-mappings": {
    sentence: "mprotect over a hole is ENOMEM; mappings in front of the hole are changed.",
    source: "mprotect(2)",
    governs: ["mprotect", "pkey_mprotect"],
  },
  "mprotect-never-clears-prot-mte": {
    sentence: "PROT_MTE, once set, stays: mprotect without it changes no tag and no check.",
    source: mteDoc,
    governs: ["mprotect", "pkey_mprotect"],
  },
  "enabling-tags-zeroes-them-once": {
    sentence:
      "PROT_MTE on memory that had none keeps its bytes and gives tag 0, also to a page that is on" +
      " swap; setting it again changes nothing.",
    source: `${mteDoc}; arch/arm64/kernel/mte.c, mte_sync_tags()`,
    governs: ["mprotect", "pkey_mprotect"],
  },
  "tags-move-with-the-mapping": {
    sentence:
      "mremap takes bytes, tags and PROT_MTE along; what it grows by has tag 0, and duplicated" +
      " shared memory is the same memory.",
    source: "mm/mremap.c",
    governs: ["mremap"],
  },
  "mremap-refuses-nonsense": {
    sentence:
      "mremap needs page boundaries, a new length, MREMAP_MAYMOVE with MREMAP_FIXED, places that do" +
      " not overlap, and for old length 0 shared memory (EINVAL); a range in one mapping (EFAULT).",
    source: "mremap(2)",
    governs: ["mremap"],
  },
  "growing-may-fail": {
    sentence:
      "Without MREMAP_MAYMOVE a mapping grows if there is room behind it, and else not: ENOMEM.",
    source: "mremap(2)",
    governs: ["mremap"],
  },
  "locked-pages-stay": {
    sentence:
      "mlock makes the pages of a range present and keeps them from swap; a hole is ENOMEM.",
    source: "mlock(2)",
    governs: ["mlock", "munlock"],
  },
  "madvise-takes-whole-pages": {
    sentence: "madvise starts on a page boundary; the tag of the pointer does not matter.",
    source: `madvise(2); ${abiDoc}`,
    governs: ["madvise"],
  },
  "madvise-fits-the-mapping": {
    sentence:
      "Advice that does not fit is refused: MADV_FREE and MADV_WIPEONFORK are for private anonymous" +
      " memory, MADV_REMOVE for writable shared files, MADV_DONTNEED not for locked memory. A hole" +
      " is ENOMEM, after the rest was done.",
    source: "madvise(2); mm/madvise.c",
    governs: ["madvise"],
  },
  "dontneed-discards-tags": {
    sentence:
      "After MADV_DONTNEED private anonymous memory reads as zeroes with tag 0, swapped or not;" +
      " memory of files shows the file again, with the tags of its pages.",
    source: `${mteDoc}; madvise(2)`,
    governs: ["madvise"],
  },
  "free-may-discard-tags": {
    sentence:
      "After MADV_FREE a page keeps its bytes and tags or has lost both, at any time, until data or" +
      " a tag is written to it.",
    source: `${mteDoc}; madvise(2)`,
    governs: ["madvise"],
  },
  "wipeonfork-wipes-tags": {
    sentence:
      "MADV_WIPEONFORK memory starts in the child with zeroes and tag 0, and PROT_MTE kept.",
    source: mteDoc,
    governs: ["madvise"],
  },
  "other-advice-changes-nothing": {
    sentence: "Other advice changes neither bytes nor tags; MADV_POPULATE makes pages present.",
    source: "madvise(2)",
    governs: ["madvise"],
  },
  "huge-pages-are-silent": {
    sentence:
      "Huge pages have tags in each granule like small ones: a first touch, a split, a collapse and" +
      " a copy of part of one change no tag. Whether there is one is the kernel's to decide.",
    source: "mm/huge_memory.c; arch/arm64/kernel/mte.c, mte_sync_tags()",
    governs: ["madvise", "isthp"],
  },
  "files-keep-bytes-and-tags": {
    sentence:
      "A page of a shared mapping is the page of the file: all who map it see its bytes and tags;" +
      " access by descriptor moves bytes and leaves tags alone.",
    source: `${mteDoc}; mm/shmem.c`,
    governs: ["memfd", "tmpfile", "fput", "fget"],
  },
  "holes-discard-tags": {
    sentence:
      "Truncation, hole punching and MADV_REMOVE take whole pages away with their tags; a page cut" +
      " in part is zeroed there and keeps its tags.",
    source: "mm/shmem.c, shmem_undo_range()",
    governs: ["ftruncate", "punch", "madvise"],
  },
  "unchecked-copies-are-whole": {
    sentence:
      "A system call moves all of a buffer that matches; in asynchronous mode, or none, the kernel" +
      " checks nothing, and a store that asymmetric mode records may be reported later.",
    source: `${mteDoc}; arch/arm64/include/asm/mte.h, mte_disable_tco_entry()`,
    governs: ["sysread", "sysreadv", "syswrite", "syswritev", "syspipe", "sysgetcwd"],
  },
  "checked-copies-stop-at-a-mismatch": {
    sentence:
      "In synchronous mode the kernel checks its accesses to user memory, whatever PSTATE.TCO of" +
      " the thread: a call moves at most the bytes in front of the first granule that differs, or" +
      " fails with EFAULT, and there is no signal.",
    source: mteDoc,
    governs: ["sysread", "sysreadv", "syswrite", "syswritev", "syspipe", "sysgetcwd", "uffdcopy"],
  },
  "copies-stop-at-missing-memory": {
    sentence: "A call that meets memory it cannot reach moves what is before it, or gives EFAULT.",
    source: "read(2), write(2)",
    governs: ["sysread", "sysreadv", "syswrite", "syswritev", "syspipe", "sysgetcwd"],
  },
  "tagged-pointers-need-the-abi": {
    sentence:
      "A system call that reads or writes through a pointer with a tag is EFAULT, unless the thread" +
      " has set PR_TAGGED_ADDR_ENABLE.",
    source: `${abiDoc}; arch/arm64/include/asm/uaccess.h, access_ok()`,
    governs: ["sysread", "sysreadv", "syswrite", "syswritev", "syspipe", "sysgetcwd"],
  },
  "remote-access-is-unchecked": {
    sentence:
      "process_vm_readv, process_vm_writev and /proc/PID/mem compare and change no tags; the file" +
      " reaches private memory whatever its protection.",
    source: "mm/process_vm_access.c, mm/memory.c, __access_remote_vm()",
    governs: ["procmem_read", "procmem_write", "vmread", "vmwrite"],
  },
  "swap-keeps-tags": {
    sentence:
      "A page that was mapped with PROT_MTE comes back from swap with its tags, whoever needs it" +
      " and however: load, store, tag access, system call or debugger.",
    source: commit("8a84802e2a2b", "arm64: mte: Add PTRACE and swap support"),
    governs: ["pageout", "madvise"],
  },
  "swapoff-keeps-tags": {
    sentence: "swapoff brings every page back with its tags.",
    source: commit("b53e24c4f6bc", "mm: restore tags in unuse_pte()"),
    governs: ["swapoff", "swapon"],
  },
  "migration-is-silent": {
    sentence: "A page that moves to another frame keeps bytes and tags, for all who map it.",
    source: "mm/migrate.c; arch/arm64/mm/copypage.c",
    governs: ["migrate", "madvise"],
  },
  "tagged-pages-never-merge": {
    sentence:
      "Same-page merging takes equal pages of private anonymous memory, and none that was ever" +
      " mapped with PROT_MTE, whatever its tags, nor for the zero page.",
    source: "arch/arm64/kernel/mte.c, memcmp_pages()",
    governs: ["ksm", "madvise"],
  },
  "frames-can-be-told-apart": {
    sentence: "pagemap tells whether a page is present and whether two addresses share a frame.",
    source: "Documentation/admin-guide/mm/pagemap.rst",
    governs: ["present", "pfneq"],
  },
  "smaps-shows-prot-mte": {
    sentence: "smaps shows the flag mt for a mapping with PROT_MTE, and for no other.",
    source: "fs/proc/task_mmu.c; Documentation/filesystems/proc.rst",
    governs: ["smaps"],
  },
  "userfaultfd-fills-missing-pages": {
    sentence:
      "Access to a missing page of a registered range waits until it is filled; a page that is" +
      " there is EEXIST, a range that is not registered ENOENT.",
    source: "ioctl_userfaultfd(2)",
    governs: ["uffd", "access"],
  },
  "userfaultfd-takes-untagged-addresses": {
    sentence:
      "Ranges and targets of UFFDIO_* have no tag (EINVAL), nor has the source of UFFDIO_COPY since" +
      " 6.6; UFFDIO_MOVE exists since 6.8.",
    source: `${abiDoc}; fs/userfaultfd.c, validate_range()`,
    governs: ["uffd", "uffdcopy", "uffdmove", "uffdzero"],
  },
  "userfaultfd-pages-have-tag-0": {
    sentence:
      "UFFDIO_COPY and UFFDIO_ZEROPAGE make pages with tag 0; the tags of the source do not go" +
      " along, and the source is read like the buffer of any system call.",
    source: "mm/userfaultfd.c",
    governs: ["uffdcopy", "uffdzero"],
  },
  "userfaultfd-moves-tags-along": {
    sentence:
      "UFFDIO_MOVE moves the page itself with its tags, between mappings of equal protection and" +
      " PROT_MTE (EINVAL); it must be there (ENOENT) and be shared with nobody (EBUSY).",
    source: "mm/userfaultfd.c, move_pages()",
    governs: ["uffdmove"],
  },
  "tracers-read-tags": {
    sentence:
      "PTRACE_PEEKMTETAGS gives one tag a byte from the granule of the address on, as far as memory" +
      " with PROT_MTE goes, whatever its protection and wherever its pages are.",
    source: mteDoc,
    governs: ["peektags"],
  },
  "tracers-write-tags": {
    sentence:
      "PTRACE_POKEMTETAGS stores the low four bits of each byte in the tracee's own copy of the" +
      " page.",
    source: `${mteDoc}; arch/arm64/kernel/mte.c`,
    governs: ["poketags"],
  },
  "tracers-need-prot-mte": {
    sentence: "Where not one tag can be moved, for want of memory or PROT_MTE, the answer is EIO.",
    source: mteDoc,
    governs: ["peektags", "poketags"],
  },
  "tracers-set-modes": {
    sentence: "NT_ARM_TAGGED_ADDR_CTRL reads and sets what prctl does, for the tracee.",
    source: mteDoc,
    governs: ["getregset", "setregset"],
  },
  "core-dumps-have-tags": {
    sentence:
      "A core dump has a segment of tags for each mapping with PROT_MTE that is dumped: 1/32 of its" +
      " size, two tags a byte, the lower granule in the low half.",
    source: `${mteDoc}; arch/arm64/kernel/elfcore.c`,
    governs: ["core"],
  },
} as const satisfies Record<string, ProcessRule>;

export type ProcessRuleId = keyof typeof processRulebook;
export type RuleId = ArchitectureRuleId | ProcessRuleId;
