/** Small changes of the state that every family makes: pages, page tables, processes, threads. */
import type { ThreadName } from "./operations.ts";
import type { File, Page, PageId, PageNumber, Process, ProcessState, Thread } from "./state.ts";
import { enter, enterAll, lookUp } from "./table.ts";

/** The page of zeroes that reads of untouched private memory find. */
export const zeroPage: PageId = 0;

export const zeroedPage = {
  bytes: null,
  tags: null,
  tagged: false,
  swapped: false,
  owner: 0,
  droppable: false,
  copyOf: null,
  huge: "no",
} as const satisfies Omit<Page, "place">;

/** A number that nothing else has. */
export const fresh = (state: ProcessState): readonly [ProcessState, number] => [
  { ...state, next: state.next + 1 },
  state.next,
];

export const pageOfId = (state: ProcessState, id: PageId): Page =>
  lookUp(state.pages, id) ?? { ...zeroedPage, place: id };

export const setPage = (state: ProcessState, id: PageId, page: Page): ProcessState => ({
  ...state,
  pages: enter(state.pages, id, page),
});

/** A new page in a frame of its own. */
export const newPage = (
  state: ProcessState,
  page: Omit<Page, "place">,
): readonly [ProcessState, PageId] => {
  const [after, id] = fresh(state);
  return [setPage(after, id, { ...page, place: id }), id];
};

/** Pages by number, in ascending order. */
export const setPages = (
  state: ProcessState,
  pages: readonly (readonly [PageId, Page])[],
): ProcessState => ({ ...state, pages: enterAll(state.pages, pages) });

/** So many alike, in frames of their own, with successive numbers. */
export const newPages = (
  state: ProcessState,
  count: number,
  page: Omit<Page, "place">,
): readonly [ProcessState, PageId] => {
  const first = state.next;
  const made = Array.from({ length: count }, (_, at) => {
    const id = first + at;
    return [id, { ...page, place: id }] as const;
  });
  return [setPages({ ...state, next: first + count }, made), first];
};

export const setProcess = (
  state: ProcessState,
  name: ThreadName,
  process: Process,
): ProcessState => ({ ...state, processes: new Map([...state.processes, [name, process]]) });

export const setThread = (state: ProcessState, name: ThreadName, thread: Thread): ProcessState => ({
  ...state,
  threads: new Map([...state.threads, [name, thread]]),
});

export const setFile = (state: ProcessState, number: number, file: File): ProcessState => ({
  ...state,
  files: enter(state.files, number, file),
});

/** What the page table of a process says of a page; undefined: nothing. */
export const entryOf = (process: Process, number: PageNumber): PageId | undefined =>
  lookUp(process.pages, number);

export const setEntry = (
  state: ProcessState,
  name: ThreadName,
  number: PageNumber,
  id: PageId | undefined,
): ProcessState => {
  const process = state.processes.get(name);
  return process
    ? setProcess(state, name, { ...process, pages: enter(process.pages, number, id) })
    : state;
};
