/** Steps of the kernel as operations of the process room, their operands resolved. */
import { match, P } from "ts-pattern";
import { tagControl } from "../../model/contract/process/index.ts";
import type { KernelOperation } from "../../model/contract/process/operations.ts";
import { addressOf, type Bindings, bounded, handleOf, OutsideModel } from "./operands.ts";
import { reclaimOf, tracingOf } from "./page-operations.ts";
import type { KernelStep } from "./row.ts";

type StepOf<Op extends KernelStep["op"]> = Extract<KernelStep, { readonly op: Op }>;

const controlOf = (step: StepOf<"prctl">): bigint => {
  const { raw, enable = true, tcf = "none", incl = 0n, storeonly = false } = step;
  const include = Number(BigInt.asUintN(16, incl));
  return raw ?? tagControl({ enable, mode: tcf, include, storeOnly: storeonly });
};

const pageBytes = 4096;

type Rooms = { readonly bindings: Bindings };

const mapping = (
  { bindings }: Rooms,
  step: StepOf<
    | "mmap"
    | "munmap"
    | "mprotect"
    | "pkey_mprotect"
    | "mremap"
    | "madvise"
    | "mlock"
    | "munlock"
    | "brkalloc"
    | "stackvar"
    | "shmat"
  >,
): KernelOperation =>
  match(step)
    .returnType<KernelOperation>()
    .with({ op: "mmap" }, ({ len, prot, flags, fd, addr, align = pageBytes, off = 0 }) => ({
      kind: "mmap",
      length: len,
      protection: prot,
      flags,
      file: fd === undefined ? null : handleOf(bindings, fd),
      offset: off,
      address: addr === undefined ? null : addressOf(bindings, addr),
      align,
    }))
    .with({ op: "mprotect" }, ({ addr, len, prot }) => ({
      kind: "mprotect",
      address: addressOf(bindings, addr),
      length: len,
      protection: prot,
    }))
    .with({ op: "pkey_mprotect" }, ({ addr, len, prot, pkey = -1n }) => ({
      kind: "pkey_mprotect",
      address: addressOf(bindings, addr),
      length: len,
      protection: prot,
      key: Number(pkey),
    }))
    .with({ op: "mremap" }, ({ addr, old, new: length, flags, to, force = false }) => ({
      kind: "mremap",
      address: addressOf(bindings, addr),
      oldLength: old,
      newLength: length,
      flags,
      to: to === undefined ? null : addressOf(bindings, to),
      force,
    }))
    .with({ op: "madvise" }, ({ addr, len, advice }) => {
      if (advice === "hwpoison")
        throw new OutsideModel("madvise: memory failures are not modelled");
      return { kind: "madvise", address: addressOf(bindings, addr), length: len, advice };
    })
    .with({ op: P.union("munmap", "mlock", "munlock") }, ({ op, addr, len }) => ({
      kind: op,
      address: addressOf(bindings, addr),
      length: len,
    }))
    .with({ op: "brkalloc" }, ({ len = pageBytes }) => ({ kind: "brkalloc", length: len }))
    .with({ op: "stackvar" }, () => ({ kind: "stackvar" }))
    .with({ op: "shmat" }, ({ len = pageBytes, addr }) => ({
      kind: "shmat",
      length: len,
      address: addr === undefined ? null : addressOf(bindings, addr),
    }))
    .exhaustive();

const file = (
  { bindings }: Rooms,
  step: StepOf<"memfd" | "tmpfile" | "ftruncate" | "punch" | "fput" | "fget">,
): KernelOperation =>
  match(step)
    .returnType<KernelOperation>()
    .with({ op: "memfd" }, ({ len, hugetlb = false }) => ({
      kind: "memfd",
      length: len,
      hugetlb,
    }))
    .with({ op: "tmpfile" }, ({ fs, len }) => ({ kind: "tmpfile", system: fs, length: len }))
    .with({ op: "ftruncate" }, ({ fd, len }) => ({
      kind: "ftruncate",
      file: handleOf(bindings, fd),
      length: len,
    }))
    .with({ op: "fput" }, ({ fd, off, len, byte }) => ({
      kind: "fput",
      file: handleOf(bindings, fd),
      offset: off,
      length: bounded(len),
      byte,
    }))
    .with({ op: "punch" }, ({ fd, off, len }) => ({
      kind: "punch",
      file: handleOf(bindings, fd),
      offset: off,
      length: len,
    }))
    .with({ op: "fget" }, ({ fd, off, len }) => ({
      kind: "fget",
      file: handleOf(bindings, fd),
      offset: off,
      length: bounded(len),
    }))
    .exhaustive();

const systemCall = (
  { bindings }: Rooms,
  step: StepOf<
    | "sysread"
    | "sysreadv"
    | "syswrite"
    | "syswritev"
    | "syspipe"
    | "sysgetcwd"
    | "procmem_read"
    | "procmem_write"
    | "vmread"
  >,
): KernelOperation => {
  const address = addressOf(bindings, step.addr);
  return match(step)
    .returnType<KernelOperation>()
    .with({ op: P.union("sysread", "sysreadv") }, ({ op, fd, len, off = 0 }) => ({
      kind: op,
      file: handleOf(bindings, fd),
      address,
      length: bounded(len),
      offset: off,
    }))
    .with({ op: P.union("syswrite", "syswritev") }, ({ op, fd, len, off = 0 }) => ({
      kind: op,
      file: handleOf(bindings, fd),
      address,
      length: bounded(len),
      offset: off,
    }))
    .with({ op: P.union("syspipe", "sysgetcwd") }, ({ op, len }) => ({
      kind: op,
      address,
      length: bounded(len),
    }))
    .with({ op: "procmem_read" }, ({ len, pid = null }) => ({
      kind: "procmem_read",
      of: pid,
      address,
      length: bounded(len),
    }))
    .with({ op: "procmem_write" }, ({ len, byte, pid = null }) => ({
      kind: "procmem_write",
      of: pid,
      address,
      byte,
      length: bounded(len),
    }))
    .with({ op: "vmread" }, ({ len, pid }) => ({
      kind: "vmread",
      of: pid,
      address,
      length: bounded(len),
    }))
    .exhaustive();
};

const life = (
  { bindings }: Rooms,
  step: StepOf<
    | "prctl"
    | "getprctl"
    | "tcfpref"
    | "exposetag"
    | "sigtco"
    | "systco"
    | "blockedfault"
    | "fork"
    | "thread"
    | "exec"
  >,
): KernelOperation =>
  match(step)
    .returnType<KernelOperation>()
    .with({ op: "prctl" }, (asked) => ({
      kind: "prctl",
      control: controlOf(asked),
      rest: [asked.a3 ?? 0n, asked.a4 ?? 0n, asked.a5 ?? 0n],
    }))
    .with({ op: "getprctl" }, ({ a2 = 0n, a3 = 0n, a4 = 0n, a5 = 0n }) => ({
      kind: "getprctl",
      rest: [a2, a3, a4, a5],
    }))
    .with({ op: "tcfpref" }, ({ v }) => ({ kind: "tcfpref", mode: v }))
    .with({ op: P.union("exposetag", "sigtco", "systco") }, ({ op, v }) => ({
      kind: op,
      value: v ? 1 : 0,
    }))
    .with({ op: "blockedfault" }, ({ addr, ignore = false }) => ({
      kind: "blockedfault",
      address: addressOf(bindings, addr),
      ignored: ignore,
    }))
    .with({ op: P.union("fork", "thread", "exec") }, ({ op, as }) => ({ kind: op, as }))
    .exhaustive();

export const kernelOperationOf = (step: KernelStep, bindings: Bindings): KernelOperation => {
  const rooms: Rooms = { bindings };
  return match(step)
    .with(
      {
        op: P.union(
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
        ),
      },
      (asked) => mapping(rooms, asked),
    )
    .with({ op: P.union("memfd", "tmpfile", "ftruncate", "punch", "fput", "fget") }, (asked) =>
      file(rooms, asked),
    )
    .with(
      {
        op: P.union(
          "sysread",
          "sysreadv",
          "syswrite",
          "syswritev",
          "syspipe",
          "sysgetcwd",
          "procmem_read",
          "procmem_write",
          "vmread",
        ),
      },
      (asked) => systemCall(rooms, asked),
    )
    .with(
      {
        op: P.union(
          "prctl",
          "getprctl",
          "tcfpref",
          "exposetag",
          "sigtco",
          "systco",
          "blockedfault",
          "fork",
          "thread",
          "exec",
        ),
      },
      (asked) => life(rooms, asked),
    )
    .with(
      {
        op: P.union(
          "pageout",
          "swapoff",
          "swapon",
          "present",
          "migrate",
          "ksm",
          "pfneq",
          "isthp",
          "smaps",
        ),
      },
      (asked) => reclaimOf(bindings, asked),
    )
    .with(
      {
        op: P.union(
          "uffd",
          "uffdcopy",
          "uffdmove",
          "uffdzero",
          "peektags",
          "poketags",
          "getregset",
          "setregset",
          "core",
        ),
      },
      (asked) => tracingOf(bindings, asked),
    )
    .exhaustive();
};
