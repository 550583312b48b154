/** Steps that make the kernel move pages about, or look at another process's tags. */
import { match, P } from "ts-pattern";
import type { KernelOperation } from "../../model/contract/process/operations.ts";
import { addressOf, type Bindings, bounded, handleOf, OutsideModel } from "./operands.ts";
import type { KernelStep } from "./row.ts";

type StepOf<Op extends KernelStep["op"]> = Extract<KernelStep, { readonly op: Op }>;

export const reclaimOf = (
  bindings: Bindings,
  step: StepOf<
    "pageout" | "swapoff" | "swapon" | "present" | "migrate" | "ksm" | "pfneq" | "isthp" | "smaps"
  >,
): KernelOperation =>
  match(step)
    .returnType<KernelOperation>()
    .with({ op: "pageout" }, ({ addr, len }) => ({
      kind: "pageout",
      address: addressOf(bindings, addr),
      length: len,
    }))
    .with({ op: P.union("swapoff", "swapon") }, ({ op }) => ({ kind: op }))
    .with({ op: P.union("present", "migrate", "isthp", "smaps") }, ({ op, addr }) => ({
      kind: op,
      address: addressOf(bindings, addr),
    }))
    .with({ op: "ksm" }, ({ a, b, zero = false }) => ({
      kind: "ksm",
      a: addressOf(bindings, a),
      b: addressOf(bindings, b),
      zero,
    }))
    .with({ op: "pfneq" }, ({ a, b }) => ({
      kind: "pfneq",
      a: addressOf(bindings, a),
      b: addressOf(bindings, b),
    }))
    .exhaustive();

/** POKEMTETAGS takes a byte for each tag; `rawtag` is one as it is, high bits and all. */
const pokedTags = ({ n, tags, rawtag }: StepOf<"poketags">): readonly number[] => {
  if (rawtag !== undefined) return Array.from({ length: bounded(n) }, () => Number(rawtag));
  if (tags.length < n) throw new OutsideModel(`poketags: ${tags.length} tags for ${n} granules`);
  return tags.slice(0, n);
};

export const tracingOf = (
  bindings: Bindings,
  step: StepOf<
    | "uffd"
    | "uffdcopy"
    | "uffdmove"
    | "uffdzero"
    | "peektags"
    | "poketags"
    | "getregset"
    | "setregset"
    | "core"
  >,
): KernelOperation =>
  match(step)
    .returnType<KernelOperation>()
    .with({ op: "uffd" }, ({ addr, len }) => ({
      kind: "uffd",
      address: addressOf(bindings, addr),
      length: len,
    }))
    .with({ op: P.union("uffdcopy", "uffdmove") }, ({ op, fd, dst, src, len }) => ({
      kind: op,
      file: handleOf(bindings, fd),
      to: addressOf(bindings, dst),
      from: addressOf(bindings, src),
      length: len,
    }))
    .with({ op: "uffdzero" }, ({ fd, dst, len }) => ({
      kind: "uffdzero",
      file: handleOf(bindings, fd),
      to: addressOf(bindings, dst),
      length: len,
    }))
    .with({ op: "peektags" }, ({ pid, addr, n }) => ({
      kind: "peektags",
      of: pid,
      address: addressOf(bindings, addr),
      granules: bounded(n),
    }))
    .with({ op: "poketags" }, (poke) => ({
      kind: "poketags",
      of: poke.pid,
      address: addressOf(bindings, poke.addr),
      tags: pokedTags(poke),
    }))
    .with({ op: "getregset" }, ({ pid }) => ({ kind: "getregset", of: pid }))
    .with({ op: "setregset" }, ({ pid, v }) => ({ kind: "setregset", of: pid, control: v }))
    .with({ op: "core" }, ({ addr, n }) => ({
      kind: "core",
      address: addressOf(bindings, addr),
      bytes: bounded(n),
    }))
    .exhaustive();
