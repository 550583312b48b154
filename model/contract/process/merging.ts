/** Kernel samepage merging, run to its end. */
import { pageOfId, setEntry, setPage, zeroPage } from "./changes.ts";
import type { Page, PageId, PageNumber, ProcessName, ProcessState } from "./state.ts";
import { entriesBetween } from "./table.ts";

type Candidate = {
  readonly name: ProcessName;
  readonly number: PageNumber;
  readonly id: PageId;
  readonly page: Page;
};

const candidates = (state: ProcessState): readonly Candidate[] =>
  [...state.processes].flatMap(([name, process]) =>
    process.areas
      .filter(({ mergeable }) => mergeable)
      .flatMap(({ start, end }) => entriesBetween(process.pages, start, end))
      .map(([number, id]) => ({ name, number, id, page: pageOfId(state, id) }))
      // A flag is enough: memcmp_pages calls tagged pages different, whatever their tags.
      .filter(({ id, page }) => id !== zeroPage && !page.tagged && !page.swapped),
  );

const isZero = ({ bytes }: Page): boolean => bytes?.every((byte) => byte === 0) ?? true;

const same = (left: Page, right: Page): boolean => {
  const [a, b] = [left.bytes, right.bytes];
  if (!a || !b) return isZero(left) && isZero(right);
  return a.every((byte, at) => byte === b[at]);
};

/** Pages that can only differ share no digest. */
const digestOf = (page: Page): number => {
  if (isZero(page)) return 0;
  return page.bytes?.reduce((sum, byte, at) => (sum * 31 + byte + at) >>> 0, 7) ?? 0;
};

/** Equal pages of mergeable mappings share one frame, read-only; or the zero page's. */
export const merged = (state: ProcessState, zero: boolean): ProcessState => {
  const kept = new Map<number, Candidate[]>();
  let so = state;
  for (const candidate of candidates(state)) {
    const { name, number, id, page } = candidate;
    if (zero && isZero(page)) {
      so = setEntry(so, name, number, zeroPage);
      continue;
    }
    const digest = digestOf(page);
    const alike = kept.get(digest) ?? [];
    const twin = alike.find((known) => known.id !== id && same(known.page, page));
    if (twin) {
      so = setEntry(so, name, number, twin.id);
      so = setPage(so, twin.id, { ...pageOfId(so, twin.id), owner: 0, huge: "no" });
    } else kept.set(digest, [...alike, candidate]);
  }
  return so;
};
