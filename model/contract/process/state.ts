/**
 * What the kernel knows: threads, processes with their mappings and page tables, files, and the
 * pages behind them all. Plain immutable data. A page keeps its number whether it lies in a frame
 * or on swap; migration and swapping change its place only.
 */
import type { Configuration } from "./configuration.ts";
import type { Descriptor, FileSystem, PreferredMode, ThreadName } from "./operations.ts";
import type { Table } from "./table.ts";

export type PageId = number;
/** An address divided by the page size. */
export type PageNumber = number;
export type ProcessName = ThreadName;

export type Page = {
  /** null: all zeroes. */
  readonly bytes: Uint8Array | null;
  readonly tags: Uint8Array | null;
  /** PG_mte_tagged: the tags are valid, and go wherever the page goes. */
  readonly tagged: boolean;
  /** Which frame it lies in; equal numbers are the same frame. */
  readonly place: number;
  readonly swapped: boolean;
  /** The only page table that may write to it in place; 0: none, a write copies it. */
  readonly owner: number;
  /** MADV_FREE: until somebody writes to it, the kernel may drop it at any time. */
  readonly droppable: boolean;
  /** The page that it was made a copy of, if it was. */
  readonly copyOf: PageId | null;
  /** Part of a huge page; `maybe` after an operation that may have split it. */
  readonly huge: "no" | "yes" | "maybe";
};

type Backing = {
  readonly file: Descriptor;
  /** Page of the file that the first page of the mapping shows. */
  readonly first: number;
};

/** A mapping: one vm_area_struct. */
export type Area = {
  readonly start: PageNumber;
  /** The page after the last. */
  readonly end: PageNumber;
  readonly read: boolean;
  readonly write: boolean;
  readonly execute: boolean;
  /** VM_MTE. */
  readonly tagged: boolean;
  /** VM_MTE_ALLOWED. */
  readonly taggable: boolean;
  readonly shared: boolean;
  /** null: private anonymous memory. */
  readonly backing: Backing | null;
  readonly hugetlb: boolean;
  readonly locked: boolean;
  readonly mergeable: boolean;
  readonly wipeOnFork: boolean;
  readonly skipOnFork: boolean;
  readonly skipInDump: boolean;
  readonly huge: "default" | "always" | "never";
  readonly userfault: Descriptor | null;
};

export type Process = {
  /** In order of address, never overlapping. */
  readonly areas: readonly Area[];
  readonly pages: Table<PageId>;
  /** The owner that its own pages name; fork gives both processes new ones. */
  readonly generation: number;
  /** Where the next mapping goes. */
  readonly cursor: PageNumber;
  readonly break: PageNumber;
  readonly exposesTagBits: boolean;
};

/** What a thread asked for by PR_SET_TAGGED_ADDR_CTRL, as the kernel keeps it. */
export type TagControl = {
  /** The tagged address ABI: system calls take tagged pointers. */
  readonly taggedAddresses: boolean;
  readonly sync: boolean;
  readonly async: boolean;
  readonly storeOnly: boolean;
  /** Tags that IRG, ADDG and SUBG may produce. */
  readonly include: number;
};

export type Thread = {
  readonly process: ProcessName;
  readonly control: TagControl;
  /** PSTATE.TCO. */
  readonly override: 0 | 1;
};

/** `anon`: the nameless file of tmpfs behind shared anonymous memory and System V segments. */
export type File = {
  readonly system: FileSystem | "anon" | "userfault";
  /** In bytes. */
  readonly size: number;
  readonly pages: Table<PageId>;
};

export type ProcessState = {
  readonly configuration: Configuration;
  readonly preferred: PreferredMode;
  readonly swapOn: boolean;
  readonly threads: ReadonlyMap<ThreadName, Thread>;
  readonly processes: ReadonlyMap<ProcessName, Process>;
  readonly files: Table<File>;
  readonly pages: Table<Page>;
  /** The next number that was never given: pages, places, generations and descriptors. */
  readonly next: number;
};
