/** MADV_FREE: a page that nobody has written to since may be gone at any time. */
import { setEntry } from "./changes.ts";
import type { PageNumber, ProcessName, ProcessState } from "./state.ts";

/** Beyond this many pages only "all of them" and "none" are looked at; there are too many. */
const mostDecidedAlone = 3;

/** The states in which some of these pages are gone: each by itself while they are few. */
export const droppedPages = (
  state: ProcessState,
  name: ProcessName,
  pages: readonly PageNumber[],
): readonly ProcessState[] => {
  const drop = (so: ProcessState, page: PageNumber) => setEntry(so, name, page, undefined);
  const distinct = [...new Set(pages)];
  if (distinct.length > mostDecidedAlone) return [state, distinct.reduce(drop, state)];
  return distinct.reduce<readonly ProcessState[]>(
    (states, page) => states.flatMap((so) => [so, drop(so, page)]),
    [state],
  );
};
