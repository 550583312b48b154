/** What is told of a deviation: what was known, and what would have been allowed. */
import {
  allowedOutcomes,
  describeOutcome,
  type FilePage,
  type Operation,
  type Outcome,
} from "../../model/index.ts";
import type { Setting } from "./explain.ts";
import type { Group } from "./group.ts";
import type { Part } from "./part.ts";
import {
  emptyPiece,
  type FileKey,
  joinNames,
  joinPieces,
  type Names,
  noNames,
  type Piece,
} from "./piece.ts";
import { largeOutcome, smallOperation } from "./renaming.ts";
import { memoryOf, numberingOf, smallContract } from "./small-memory.ts";
import type { Gathered, Store } from "./store.ts";
import {
  anyPage,
  anySharers,
  type FlatPage,
  type FlatSlot,
  isStrangeBytes,
  isStrangeTag,
  tagNumbers,
} from "./values.ts";
import type { Allowed } from "./verdict.ts";

const mostTold = 6;
const mostPieces = 16;
/** For small numbers only: the contract tries every number of operations under way. */
const mostFree = 4;

const short = (all: readonly string[]) => ({
  told: all.slice(0, mostTold),
  more: Math.max(0, all.length - mostTold),
});

/** A free page and slot, as small as is quickly found, for what an operation would hand out. */
const spare = (store: Store, { operation }: Part, names: Names): Names => {
  const many = operation.kind === "allocate" ? 2 ** Math.min(operation.order, 2) : 1;
  const pages: number[] = [];
  for (let handle = 0; handle < store.limits.handles && pages.length < many; handle++) {
    if (handle > 1000) break;
    if (store.flatPage(handle) === null && !names.pages.includes(handle)) pages.push(handle);
  }
  const slots: number[] = [];
  for (let slot = 0; slot < store.limits.slots && slots.length < 1; slot++) {
    if (slot > 1000) break;
    if (store.flatSlot(slot) === null && !names.slots.includes(slot)) slots.push(slot);
  }
  return { ...noNames, pages, slots };
};

const givesPages = (operation: Operation): boolean =>
  /^(allocate|copy|swap-in)$/.test(operation.kind);

const inWords = (outcome: Outcome): string =>
  describeOutcome(outcome)
    .replace(/\btags [\d ]+/g, (tags) => tags.replace(/\b\d{3,}\b/g, "?"))
    .replace(/(?<!\w)-\d+/g, "nobody saw");

/** What the caller could have seen instead, in any state that explained the log before. */
export const allowedInstead = (
  store: Store,
  part: Part,
  { group, left }: Gathered,
  setting: Omit<Setting, "left">,
): Allowed => {
  const more = givesPages(part.operation) || part.operation.kind === "swap-out";
  const added = more ? spare(store, part, group.names) : noNames;
  const names = joinNames(group.names, added);
  const free: Piece = {
    ...emptyPiece,
    pages: added.pages.map(() => null),
    slots: added.slots.map(() => null),
  };
  const numbering = numberingOf(names);
  const words = new Set<string>();
  for (const piece of group.pieces.slice(0, mostPieces)) {
    const memory = memoryOf(numbering, joinPieces(piece, free));
    const taken = memory.pages.filter((page) => page?.home === "taggable").length;
    const contract = smallContract(
      setting.limits,
      setting.off,
      Math.min(left.most, taken + mostFree),
    );
    const operation = smallOperation(numbering, part.operation);
    for (const { outcome } of allowedOutcomes(contract, memory, operation)) {
      if (outcome.kind === "no-memory" && left.least - taken > setting.inFlight) continue;
      words.add(inWords(largeOutcome(numbering, outcome)));
    }
  }
  const { told, more: left_out } = short([...words]);
  return { outcomes: told, more: left_out };
};

const tagWords = (tags: string): string => {
  const numbers = tagNumbers(tags);
  const shown = numbers.map((tag) => (isStrangeTag(tag) ? "?" : String(tag)));
  const [first = ""] = shown;
  if (shown.length > 2 && shown.every((each) => each === first))
    return first === "?" ? "unknown tags" : `tag ${first} throughout`;
  return shown.length > 8 ? `tags ${shown.slice(0, 8).join(" ")} ...` : `tags ${shown.join(" ")}`;
};

const bytesWords = (bytes: number): string =>
  isStrangeBytes(bytes) ? "unknown bytes" : `bytes ${bytes}`;

const pageWords = (handle: number, page: FlatPage | null): string => {
  if (page === null) return `page ${handle} is free`;
  const copy = page.copyOf !== null && page.copyOf !== anyPage ? `, a copy of ${page.copyOf}` : "";
  const tags = page.tags === null ? "untagged" : tagWords(page.tags);
  const home = page.home === "taggable" ? "" : ", in memory without tags";
  return `page ${handle} has ${tags}, ${bytesWords(page.bytes)}${home}${copy}`;
};

const slotWords = (number: number, slot: FlatSlot | null): string => {
  if (slot === null) return `slot ${number} is free`;
  const users =
    slot.sharers === anySharers
      ? "some users"
      : slot.sharers === 1
        ? "1 user"
        : `${slot.sharers} users`;
  const tags = slot.tags === null ? "no tags" : tagWords(slot.tags);
  return `slot ${number} has ${users}, ${tags}, ${bytesWords(slot.bytes)}`;
};

const keyWords = ({ file, index }: FileKey, page: FilePage | undefined): string => {
  if (!page) return "";
  const { disk, resident, cached, unsaved } = page;
  const kept = resident
    ? `${resident.dirty ? "dirty" : "clean"} ${bytesWords(resident.bytes)} in the page cache`
    : "nothing in the page cache";
  const key =
    cached.kind === "holds"
      ? `${bytesWords(cached.bytes)} under the key`
      : `an empty key (${cached.because})`;
  const failed = unsaved === null ? "" : `, ${bytesWords(unsaved)} not written back`;
  return `page ${index} of file ${file} has ${bytesWords(disk)} on disk, ${kept}, ${key}${failed}`;
};

const pieceWords = (names: Names, piece: Piece): string =>
  [
    ...names.pages.map((handle, at) => pageWords(handle, piece.pages[at] ?? null)),
    ...names.slots.map((slot, at) => slotWords(slot, piece.slots[at] ?? null)),
    ...names.keys.map((key, at) => keyWords(key, piece.keys[at])),
    ...names.files.flatMap((file, at) =>
      piece.files[at] === false ? [`file ${file} does not exist`] : [],
    ),
    ...names.mount.flatMap((_, at) =>
      piece.mount[at] === false ? ["the file system is not mounted"] : [],
    ),
  ].join("; ");

/** What the things of a footprint may have been, one line for each possibility. */
export const frontierOf = ({ names, pieces }: Group) => {
  const words = pieces.map((piece) => pieceWords(names, piece)).filter((each) => each !== "");
  const { told, more } = short(words);
  return { states: told, more };
};
