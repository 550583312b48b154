/**
 * Steps that make sense now, for each operation one that is drawn. Memory is small and shared,
 * places are those where mistakes are made: ends of pages, granules that are crossed, tag 0, pages
 * that went to swap between a fork and a write.
 */
import type { Draw } from "../drive/draw.ts";
import type { Running } from "../scenarios/kernel.ts";
import type { ProcessCapabilities } from "./capabilities.ts";
import {
  at,
  drawOffset,
  drawTag,
  type Ground,
  granule,
  groundsOf,
  pageBytes,
  threadsOf,
} from "./ground.ts";
import type { ProcessOp } from "./step.ts";

/** A step as JSON has it. */
export type WrittenStep = { readonly op: ProcessOp } & Readonly<Record<string, unknown>>;

export type Chance = {
  readonly draw: Draw;
  readonly running: Running;
  readonly capabilities: ProcessCapabilities;
  /** A name that nothing has so far. */
  readonly fresh: string;
};

/** Fields of a step; null: it makes no sense now. */
type Fields = Readonly<Record<string, unknown>> | null;
type Acting = Chance & { readonly thread: string; readonly grounds: readonly Ground[] };

const everyTag = 15;
const mostPages = 3;

type Spot = { readonly ground: Ground; readonly offset: number; readonly tag: number };

/** Somewhere in memory for an access of so many bytes. */
const spot = (acting: Acting, size: number): Spot | null => {
  const { draw, grounds, running, thread } = acting;
  const ground = draw.pick(grounds);
  if (ground === null) return null;
  const offset = drawOffset(draw, ground.length, size);
  return { ground, offset, tag: drawTag(draw, running, thread, ground, offset) };
};

const whole = (place: number): number => Math.floor(place / granule) * granule;

/** An address with a tag that is mostly right. */
const access = (acting: Acting, size: number): string | null => {
  const found = spot(acting, size);
  return found && at(found.ground.name, found.offset, found.tag);
};

/** The start of a granule, without a tag. */
const granuleAt = (acting: Acting, size = granule): string | null => {
  const found = spot(acting, size);
  return found && at(found.ground.name, whole(found.offset));
};

const sizes = [1, 2, 4, 8] as const;

const loading = (acting: Acting): Fields => {
  const size = acting.draw.pick(sizes) ?? 1;
  const addr = access(acting, size);
  return addr === null ? null : { addr, size };
};

const storing = (acting: Acting): Fields => {
  const fields = loading(acting);
  return fields && { ...fields, value: acting.draw.between(1, 255) };
};

const looping = (acting: Acting, more: object = {}): Fields => {
  const len = acting.draw.pick([1, 16, 17, 48]) ?? 1;
  const addr = access(acting, len);
  return addr === null ? null : { addr, len, ...more };
};

const storingTag = (acting: Acting): Fields => {
  const addr = granuleAt(acting, 2 * granule);
  return addr === null ? null : { src: at(addr, 0, acting.draw.between(0, everyTag)), addr };
};

/** One page of a mapping, or all that a name stands for. */
const pages = (acting: Acting): { readonly addr: string; readonly len: number } | null => {
  const { draw, grounds } = acting;
  const ground = draw.pick(grounds);
  if (ground === null) return null;
  if (ground.area.hugetlb || draw.some(40)) return { addr: ground.name, len: ground.length };
  const page = draw.between(0, ground.length / pageBytes - 1) * pageBytes;
  return { addr: at(ground.name, page), len: pageBytes };
};

const page = (acting: Acting): Fields => {
  const found = pages(acting);
  return found && { addr: found.addr };
};

const protections = ["rwm", "rwm", "rw", "r", "rm"] as const;
const advices = [
  "dontneed",
  "dontneed",
  "free",
  "cold",
  "mergeable",
  "wipeonfork",
  "dontfork",
  "dofork",
] as const;

const mapping = ({ draw, fresh, capabilities, running }: Acting): Fields => {
  const memory = capabilities.memory;
  const kind = draw.pick(memory) ?? "private";
  const file = draw.pick([...running.bindings.handles.keys()]);
  const backed = kind === "file" && file !== null;
  const visible = kind === "shared" || backed ? "shared" : "private";
  return {
    as: fresh,
    len: draw.between(1, mostPages) * pageBytes,
    prot: draw.some(80) ? "rwm" : "rw",
    ...(backed
      ? { flags: [draw.some(75) ? visible : "private"], fd: file }
      : { flags: [visible, "anon"] }),
  };
};

const remapping = (acting: Acting): Fields => {
  const { draw, grounds, fresh } = acting;
  const ground = draw.pick(grounds.filter(({ area }) => !area.hugetlb));
  if (ground === null) return null;
  const pagesThere = ground.length / pageBytes;
  const wanted = draw.between(1, Math.min(pagesThere + 1, mostPages + 1)) * pageBytes;
  const range = { addr: ground.name, old: ground.length, new: wanted, as: fresh };
  return { ...range, flags: ["maymove"], ...(draw.some(50) && { force: true }) };
};

const forking = ({ running, capabilities, fresh }: Acting): Fields =>
  threadsOf(running).length < capabilities.processes ? { as: fresh } : null;

/** Somebody whose memory can be looked at. */
const other = ({ draw, running, thread }: Acting): string | null =>
  draw.pick(threadsOf(running).filter((name) => name !== thread));

const remote = (acting: Acting, fields: (ground: Ground, offset: number) => object): Fields => {
  const pid = other(acting);
  if (pid === null) return null;
  const { draw, running } = acting;
  const ground = draw.pick(groundsOf(running, pid));
  if (ground === null) return null;
  const offset = whole(drawOffset(draw, ground.length, granule));
  return { pid, addr: at(ground.name, offset), ...fields(ground, offset) };
};

const fileCopy = (acting: Acting): Fields => {
  const fd = acting.draw.pick([...acting.running.bindings.handles.keys()]);
  const fields = looping(acting);
  return fields && fd !== null ? { fd, ...fields, off: 0 } : null;
};

const pointers = (acting: Acting): string | null => access(acting, 1);
const withPointer = (acting: Acting, fields: object): Fields => {
  const src = pointers(acting);
  return src === null ? null : { src, ...fields };
};

const modes = ["sync", "sync", "sync", "async", "none", "sync+async"] as const;

type Proposer = (acting: Acting) => Fields;

const accesses: Partial<Record<ProcessOp, Proposer>> = {
  load: loading,
  store: storing,
  fill: (acting) => looping(acting, { byte: acting.draw.between(1, 255) }),
  scan: looping,
  peek: (acting) => looping(acting),
  poke: (acting) => looping(acting, { byte: acting.draw.between(1, 255) }),
  ldg: (acting) => {
    const addr = granuleAt(acting);
    return addr === null ? null : { addr };
  },
  stg: storingTag,
  stzg: storingTag,
  st2g: storingTag,
  stz2g: storingTag,
  tags: (acting) => {
    const addr = granuleAt(acting, 4 * granule);
    return addr === null ? null : { addr, n: 4 };
  },
  settags: (acting) => {
    const { draw } = acting;
    const len = draw.pick([granule, 2 * granule, pageBytes]) ?? granule;
    const addr = granuleAt(acting, len);
    return addr === null ? null : { addr, len, tag: draw.between(0, everyTag) };
  },
};

const arithmetic: Partial<Record<ProcessOp, Proposer>> = {
  irg: (acting) => withPointer(acting, { excl: acting.draw.pick([0, 1, 0xfff0]) }),
  gmi: (acting) => withPointer(acting, { mask: 0 }),
  addg: (acting) => withPointer(acting, { imm: granule, tagoff: acting.draw.between(0, everyTag) }),
  subg: (acting) => withPointer(acting, { imm: granule, tagoff: acting.draw.between(0, everyTag) }),
  subp: (acting) => withPointer(acting, { b: pointers(acting) }),
};

const kernel: Partial<Record<ProcessOp, Proposer>> = {
  mmap: (acting) => (acting.grounds.length < 6 ? mapping(acting) : null),
  munmap: pages,
  mprotect: (acting) => {
    const range = pages(acting);
    return range && { ...range, prot: acting.draw.pick(protections) };
  },
  mremap: remapping,
  madvise: (acting) => {
    const range = pages(acting);
    return range && { ...range, advice: acting.draw.pick(advices) };
  },
  memfd: ({ draw, fresh, running, capabilities }) =>
    capabilities.memory.includes("file") && running.bindings.handles.size < 2
      ? { as: fresh, len: draw.between(1, 2) * pageBytes }
      : null,
  sysread: fileCopy,
  syswrite: fileCopy,
  syspipe: looping,
  prctl: ({ draw }) => ({ tcf: draw.pick(modes), incl: draw.pick(["0xffff", "0xfffe", "0x00f0"]) }),
  getprctl: () => ({}),
  exposetag: ({ draw }) => ({ v: draw.between(0, 1) }),
  tco: ({ draw }) => ({ v: draw.pick([0, 0, 1]) }),
  fork: forking,
  pageout: pages,
  swapoff: () => ({}),
  swapon: () => ({}),
  present: page,
  migrate: page,
  smaps: page,
  pfneq: (acting) => {
    const [a, b] = [page(acting), page(acting)];
    return a && b ? { a: a["addr"], b: b["addr"] } : null;
  },
  peektags: (acting) => remote(acting, () => ({ n: 1 })),
  poketags: (acting) =>
    remote(acting, () => ({ n: 1, tags: acting.draw.between(0, everyTag).toString(16) })),
  getregset: (acting) => {
    const pid = other(acting);
    return pid === null ? null : { pid };
  },
  vmread: (acting) => remote(acting, () => ({ len: 4 })),
};

const proposers = { ...accesses, ...arithmetic, ...kernel };

/** The operations that are ever asked. */
export const proposable: readonly ProcessOp[] = [...Object.keys(proposers)].filter(
  (op): op is ProcessOp => op in proposers,
);

/** A step of this operation that somebody may take now; null where there is none. */
export const proposeStep = (op: ProcessOp, chance: Chance): WrittenStep | null => {
  const thread = chance.draw.pick(threadsOf(chance.running)) ?? "p";
  const grounds = groundsOf(chance.running, thread);
  const fields = proposers[op]?.({ ...chance, thread, grounds });
  if (!fields) return null;
  return { op, ...(thread === "p" ? {} : { proc: thread }), ...fields };
};
/** Tags and bytes of all that is mapped, so that what went wrong unseen is seen at the end. */
export const finalLooks = ({
  running,
  capabilities,
}: Omit<Chance, "draw" | "fresh">): readonly WrittenStep[] => {
  const knows = (op: ProcessOp): boolean => capabilities.operations.includes(op);
  return threadsOf(running).flatMap((thread) =>
    groundsOf(running, thread).flatMap(({ name, length, area }): readonly WrittenStep[] => {
      if (!area.read && !area.write) return [];
      const by = thread === "p" ? {} : { proc: thread };
      const tags: readonly WrittenStep[] =
        knows("tags") && area.tagged
          ? [{ op: "tags", ...by, addr: name, n: length / granule }]
          : [];
      const bytes: readonly WrittenStep[] = knows("peek")
        ? [{ op: "peek", ...by, addr: name, len: 64 }]
        : [];
      return [...tags, ...bytes];
    }),
  );
};
