/** The state before the first operation. */
import { zeroedPage, zeroPage } from "./changes.ts";
import type { Configuration } from "./configuration.ts";
import type { ThreadName } from "./operations.ts";
import type { Area, Process, ProcessState, TagControl, Thread } from "./state.ts";
import { emptyTable, enter } from "./table.ts";

/** Where things lie in a new process, in pages; mappings grow upwards from the last. */
export const layout = { stack: 0x2000, stackPages: 34, heap: 0x4000, mappings: 0x10000 } as const;

export const anonymous = {
  read: true,
  write: true,
  execute: false,
  tagged: false,
  taggable: true,
  shared: false,
  backing: null,
  hugetlb: false,
  locked: false,
  mergeable: false,
  wipeOnFork: false,
  skipOnFork: false,
  skipInDump: false,
  huge: "default",
  userfault: null,
} as const satisfies Omit<Area, "start" | "end">;

const freshControl: TagControl = {
  taggedAddresses: false,
  sync: false,
  async: false,
  storeOnly: false,
  include: 0,
};

export const freshThread = (process: ThreadName): Thread => ({
  process,
  control: freshControl,
  override: 0,
});

/** The address space that execve makes: a stack, no heap, nothing with PROT_MTE. */
export const freshProcess = (generation: number): Process => ({
  areas: [{ ...anonymous, start: layout.stack, end: layout.stack + layout.stackPages }],
  pages: emptyTable,
  generation,
  cursor: layout.mappings,
  break: layout.heap,
  exposesTagBits: false,
});

const firstNumber = 3;

/** One process with one thread of the same name, which has asked for nothing yet. */
export const begin = (configuration: Configuration, first: ThreadName = "p"): ProcessState => ({
  configuration,
  preferred: "async",
  swapOn: true,
  threads: new Map([[first, freshThread(first)]]),
  processes: new Map([[first, freshProcess(1)]]),
  files: emptyTable,
  pages: enter(emptyTable, zeroPage, { ...zeroedPage, place: zeroPage }),
  next: firstNumber,
});
