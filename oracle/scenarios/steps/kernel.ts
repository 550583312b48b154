/** Operations that need a kernel: mappings, files, system calls, processes, reclaim, tracing. */
import { z } from "zod";
import { address, byte, count, flag, name, number, protection, tagDigits } from "../values.ts";
import { step } from "./step.ts";

const range = { addr: address, len: count };

const mappingFlags = [
  "private",
  "shared",
  "anon",
  "fixed",
  "fixed_noreplace",
  "populate",
  "hugetlb",
  "noreserve",
] as const;

const advices = [
  "dontneed",
  "free",
  "hugepage",
  "nohugepage",
  "collapse",
  "mergeable",
  "unmergeable",
  "remove",
  "cold",
  "pageout",
  "willneed",
  "populate_read",
  "populate_write",
  "dontfork",
  "dofork",
  "wipeonfork",
  "keeponfork",
  "dontdump",
  "dodump",
  "soft_offline",
  "hwpoison",
  "sequential",
  "random",
  "normal",
  "dontneed_locked",
] as const;

const mappings = [
  step("mmap", {
    as: name,
    len: count,
    prot: protection,
    flags: z.array(z.enum(mappingFlags)),
    fd: name.optional(),
    addr: address.optional(),
    align: count.optional(),
    off: count.optional(),
  }),
  step("munmap", range),
  step("mprotect", { ...range, prot: protection }),
  step("pkey_mprotect", { ...range, prot: protection, pkey: number.optional() }),
  step("mremap", {
    addr: address,
    old: count,
    new: count,
    flags: z.array(z.enum(["maymove", "fixed", "dontunmap"])),
    to: address.optional(),
    force: flag.optional(),
    as: name,
  }),
  step("madvise", { ...range, advice: z.enum(advices) }),
  step("mlock", range),
  step("munlock", range),
  step("brkalloc", { as: name, len: count.optional() }),
  step("stackvar", { as: name, len: count.optional() }),
  step("shmat", { as: name, len: count.optional(), addr: address.optional() }),
] as const;

const files = [
  step("memfd", { as: name, len: count, hugetlb: flag.optional() }),
  step("tmpfile", { as: name, fs: z.enum(["tmpfs", "ramfs", "ext4"]), len: count }),
  step("ftruncate", { fd: name, len: count }),
  step("punch", { fd: name, off: count, len: count }),
  step("fput", { fd: name, off: count, len: count, byte }),
  step("fget", { fd: name, off: count, len: count }),
] as const;

const systemCalls = [
  step("sysread", {
    fd: name,
    ...range,
    off: count.optional(),
  }),
  step("sysreadv", {
    fd: name,
    ...range,
    off: count.optional(),
  }),
  step("syswrite", {
    fd: name,
    ...range,
    off: count.optional(),
  }),
  step("syswritev", {
    fd: name,
    ...range,
    off: count.optional(),
  }),
  step("syspipe", range),
  step("sysgetcwd", range),
  step("procmem_read", { ...range, pid: name.optional() }),
  step("procmem_write", { ...range, byte, pid: name.optional() }),
  step("vmread", { pid: name, ...range }),
] as const;

const processes = [
  step("prctl", {
    tcf: z.enum(["none", "sync", "async", "sync+async"]).optional(),
    incl: number.optional(),
    enable: flag.optional(),
    storeonly: flag.optional(),
    raw: number.optional(),
    a3: number.optional(),
    a4: number.optional(),
    a5: number.optional(),
  }),
  step("getprctl", {
    a2: number.optional(),
    a3: number.optional(),
    a4: number.optional(),
    a5: number.optional(),
  }),
  step("tcfpref", { v: z.enum(["sync", "async", "asymm"]) }),
  step("exposetag", { v: flag }),
  step("sigtco", { v: flag }),
  step("systco", { v: flag }),
  step("blockedfault", { addr: address, ignore: flag.optional() }),
  step("fork", { as: name }),
  step("thread", { as: name }),
  step("exec", { as: name }),
] as const;

const reclaim = [
  step("pageout", { ...range, shared: flag.optional() }),
  step("swapoff", {}),
  step("swapon", {}),
  step("present", { addr: address, len: count.optional() }),
  step("migrate", { addr: address, len: count.optional() }),
  step("ksm", { a: address, b: address, zero: flag.optional() }),
  step("pfneq", { a: address, b: address }),
  step("isthp", { addr: address, len: count.optional() }),
  step("smaps", { addr: address, len: count.optional() }),
] as const;

const tracing = [
  step("uffd", { as: name, ...range }),
  step("uffdcopy", { fd: name, dst: address, src: address, len: count }),
  step("uffdmove", { fd: name, dst: address, src: address, len: count }),
  step("uffdzero", { fd: name, dst: address, len: count }),
  step("peektags", { pid: name, addr: address, n: count }),
  step("poketags", {
    pid: name,
    addr: address,
    n: count,
    tags: tagDigits,
    rawtag: number.optional(),
  }),
  step("getregset", { pid: name }),
  step("setregset", { pid: name, v: number }),
  step("core", { addr: address, n: count }),
] as const;

export const kernelSteps = [
  ...mappings,
  ...files,
  ...systemCalls,
  ...processes,
  ...reclaim,
  ...tracing,
] as const;
