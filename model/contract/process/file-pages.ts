/** Pages of files: reading and writing them from the kernel's side, and taking them away. */
import { newPage, pageOfId, setEntry, setFile, setPage, zeroedPage } from "./changes.ts";
import { pageSize } from "./configuration.ts";
import type { Descriptor } from "./operations.ts";
import type { ProcessState } from "./state.ts";
import { enter, entriesBetween, lookUp, without } from "./table.ts";

/** The pages from `first` up to `end` become a hole: bytes and tags read as 0 from now on. */
export const punched = (
  state: ProcessState,
  number: Descriptor,
  first: number,
  end: number,
): ProcessState => {
  const file = lookUp(state.files, number);
  return file ? setFile(state, number, { ...file, pages: without(file.pages, first, end) }) : state;
};

/** Parts of a range of bytes, each in one page: page, offset in it, length. */
const partsOf = (offset: number, length: number) => {
  const parts: { page: number; from: number; size: number; at: number }[] = [];
  for (let done = 0; done < length; ) {
    const from = (offset + done) % pageSize;
    const size = Math.min(length - done, pageSize - from);
    parts.push({ page: Math.floor((offset + done) / pageSize), from, size, at: done });
    done += size;
  }
  return parts;
};

/** Writes to the page cache; the file grows when it has to. Tags of the pages stay. */
export const writeFile = (
  state: ProcessState,
  number: Descriptor,
  offset: number,
  bytes: Uint8Array,
  grows = true,
): ProcessState =>
  partsOf(offset, bytes.length).reduce((so, { page: index, from, size, at }) => {
    const file = lookUp(so.files, number);
    if (!file) return so;
    const known = lookUp(file.pages, index);
    const [made, id] = known === undefined ? newPage(so, zeroedPage) : [so, known];
    const page = pageOfId(made, id);
    const row = page.bytes?.slice() ?? new Uint8Array(pageSize);
    row.set(bytes.subarray(at, at + size), from);
    const end = offset + at + size;
    return setFile(setPage(made, id, { ...page, bytes: row, swapped: false }), number, {
      ...file,
      size: grows ? Math.max(file.size, end) : file.size,
      pages: enter(file.pages, index, id),
    });
  }, state);

/** What a read finds, as far as the file goes. */
export const readFile = (
  state: ProcessState,
  number: Descriptor,
  offset: number,
  length: number,
): Uint8Array => {
  const file = lookUp(state.files, number);
  const size = Math.max(0, Math.min(length, (file?.size ?? 0) - offset));
  const bytes = new Uint8Array(size);
  for (const { page: index, from, size: part, at } of partsOf(offset, size)) {
    const id = file && lookUp(file.pages, index);
    const row = id === undefined ? null : pageOfId(state, id).bytes;
    if (row) bytes.set(row.subarray(from, from + part), at);
  }
  return bytes;
};

/** Zeroes bytes that exist; a page that is not there is a hole already. */
export const zeroFile = (
  state: ProcessState,
  number: Descriptor,
  offset: number,
  length: number,
): ProcessState =>
  partsOf(offset, length).reduce((so, { page: index, from, size }) => {
    const file = lookUp(so.files, number);
    const known = file && lookUp(file.pages, index);
    return known === undefined
      ? so
      : writeFile(so, number, index * pageSize + from, new Uint8Array(size), false);
  }, state);

/** Truncation takes away even the private copies of pages past the end. */
export const forgetCopies = (
  state: ProcessState,
  number: Descriptor,
  first: number,
): ProcessState => {
  let so = state;
  for (const [name, process] of state.processes)
    for (const area of process.areas) {
      if (area.backing?.file !== number || area.shared) continue;
      const from = Math.max(area.start, area.start + first - area.backing.first);
      for (const [page] of entriesBetween(process.pages, from, area.end))
        so = setEntry(so, name, page, undefined);
    }
  return so;
};
