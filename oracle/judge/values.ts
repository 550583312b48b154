/**
 * What the judge keeps of a page, a slot or a file page. Tags are a string with one character for
 * each granule: cheap to share, to compare and to keep. What nobody saw is a *stand-in*: a negative
 * number for the contents of a page, a character beyond the digits for one tag. Equal stand-ins are
 * equal contents, and the contract, which only ever compares, is none the wiser.
 */
import type { Bytes, FilePage, Handle, Home } from "../../model/index.ts";

/** One character for each granule: a hexadecimal digit, or a stand-in. */
export type TagText = string;

export type FlatPage = {
  readonly home: Home;
  /** `null`: not tagged. */
  readonly tags: TagText | null;
  readonly bytes: Bytes;
  /** The page that this one is an unused copy of; {@link anyPage}: nobody knows. */
  readonly copyOf: Handle | null;
};

export type FlatSlot = {
  /** {@link anySharers}: one or more. */
  readonly sharers: number;
  readonly tags: TagText | null;
  readonly bytes: Bytes;
};

export const anyPage: Handle = -1;
export const anySharers = 0;

/** The first character that is a stand-in: no digit is as high. */
const firstStandIn = 0x100;
/** Stand-ins for tags that one piece can have. */
export const mostTagStandIns = 0xffff - firstStandIn;

const digitCodes = { zero: 48, a: 97 };

/** The tag of a granule: 0 to 15, a number from 256 for a stand-in, -1 beyond the last granule. */
export const tagAt = (tags: TagText, granule: number): number => {
  const code = tags.charCodeAt(granule);
  if (code >= firstStandIn) return code;
  if (code >= digitCodes.a) return code - digitCodes.a + 10;
  return code >= digitCodes.zero ? code - digitCodes.zero : -1;
};

const characters = Array.from({ length: 16 }, (_, tag) => tag.toString(16));

const characterOf = (tag: number): string => characters[tag] ?? String.fromCharCode(tag);

export const tagNumbers = (tags: TagText): readonly number[] =>
  Array.from(tags, (_, granule) => tagAt(tags, granule));

export const tagText = (tags: readonly number[]): TagText => {
  let text = "";
  for (const tag of tags) text += characterOf(tag);
  return text;
};

export const withTag = (tags: TagText, granule: number, tag: number): TagText =>
  tags.slice(0, granule) + characterOf(tag) + tags.slice(granule + 1);

/** Stand-ins for tags, from the given number on: all different. */
export const strangeTags = (granules: number, first: number): TagText =>
  tagText(Array.from({ length: granules }, (_, granule) => firstStandIn + first + granule));

export const isStrangeTag = (tag: number): boolean => tag >= firstStandIn;
export const isStrangeBytes = (bytes: Bytes): boolean => bytes < 0;

export const hasStrangeTags = (tags: TagText | null): boolean => {
  if (tags === null) return false;
  for (let granule = 0; granule < tags.length; granule++)
    if (tags.charCodeAt(granule) >= firstStandIn) return true;
  return false;
};

export const bytesOfFilePage = ({
  disk,
  resident,
  cached,
  unsaved,
}: FilePage): readonly Bytes[] => [
  disk,
  ...(resident ? [resident.bytes] : []),
  ...(cached.kind === "holds" ? [cached.bytes] : []),
  ...(unsaved === null ? [] : [unsaved]),
];

/** Replaces contents everywhere in a file page. */
export const mapFilePage = (page: FilePage, change: (bytes: Bytes) => Bytes): FilePage => ({
  disk: change(page.disk),
  resident: page.resident && { ...page.resident, bytes: change(page.resident.bytes) },
  cached:
    page.cached.kind === "holds"
      ? { kind: "holds", bytes: change(page.cached.bytes) }
      : page.cached,
  unsaved: page.unsaved === null ? null : change(page.unsaved),
});
