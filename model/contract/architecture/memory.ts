/** Memory as one instruction sees it: the pages it can reach, with their bytes and tags. */
import { granulesPerPage, pageBytes } from "./pointer.ts";

export type MappedPage = {
  /** null: all zeroes. */
  readonly bytes: Uint8Array | null;
  readonly tags: Uint8Array | null;
  /** Normal Tagged memory. Tags of other memory read as 0, cannot be written, are not checked. */
  readonly tagged: boolean;
  readonly readable: boolean;
  readonly writable: boolean;
};

/** By page number; a page that is not there has no translation. */
export type Memory = ReadonlyMap<number, MappedPage>;

export const freshPage: MappedPage = {
  bytes: null,
  tags: null,
  tagged: true,
  readable: true,
  writable: true,
};

/** Changes to be made to a memory; the memory itself stays as it is. */
export type Draft = {
  readonly page: (number: number) => MappedPage | undefined;
  /** Bytes of a page, to be written to. */
  readonly bytes: (number: number) => Uint8Array;
  readonly tags: (number: number) => Uint8Array;
  /** The memory with every change. */
  readonly memory: () => Memory;
};

export const draftOf = (memory: Memory): Draft => {
  const changed = new Map<number, MappedPage & { bytes: Uint8Array; tags: Uint8Array }>();
  const open = (number: number) => {
    const known = changed.get(number);
    if (known) return known;
    const page = memory.get(number) ?? freshPage;
    const opened = {
      ...page,
      bytes: page.bytes?.slice() ?? new Uint8Array(pageBytes),
      tags: page.tags?.slice() ?? new Uint8Array(granulesPerPage),
    };
    changed.set(number, opened);
    return opened;
  };
  return {
    page: (number) => changed.get(number) ?? memory.get(number),
    bytes: (number) => open(number).bytes,
    tags: (number) => open(number).tags,
    memory: () => (changed.size === 0 ? memory : new Map([...memory, ...changed])),
  };
};
