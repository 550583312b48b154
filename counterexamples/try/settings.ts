/** The settings of a story: `set NAME VALUE`, each with its bounds and what it stands for. */
import { largest } from "../format.ts";
import type { StorySettings } from "./story.ts";

export type Setting = {
  readonly name: string;
  /** Completes "expected ...". */
  readonly expected: string;
  /** What it says, for the reference. */
  readonly says: string;
  readonly read: (value: string) => Partial<StorySettings> | null;
};

const count = (
  name: string,
  says: string,
  least: number,
  most: number,
  setting: (value: number) => Partial<StorySettings>,
): Setting => ({
  name,
  says,
  expected: `a whole number from ${least} to ${most}`,
  read: (text) => {
    const value = /^[0-9]{1,6}$/.test(text) ? Number(text) : -1;
    return value >= least && value <= most ? setting(value) : null;
  },
});

const either = <Word extends string>(
  name: string,
  says: string,
  words: readonly [Word, Word],
  setting: (value: Word) => Partial<StorySettings>,
): Setting => ({
  name,
  says,
  expected: words.join(" or "),
  read: (text) => {
    const value = words.find((word) => word === text);
    return value === undefined ? null : setting(value);
  },
});

/** Fewer than the format allows: everything a story leaves open is explored. */
const mostPages = 8;

export const settings: readonly Setting[] = [
  count("storage-pages", "pages of tag storage (1)", 1, mostPages, (storagePages) => ({
    storagePages,
  })),
  count(
    "pages-per-storage-page",
    "data pages whose tags lie in one of them (2)",
    1,
    mostPages,
    (pagesPerStoragePage) => ({ pagesPerStoragePage }),
  ),
  count(
    "storage-pages-per-block",
    "storage pages that are reserved together (1)",
    1,
    mostPages,
    (storagePagesPerBlock) => ({ storagePagesPerBlock }),
  ),
  count(
    "granules-per-page",
    "granules of a page (1)",
    1,
    largest.granulesPerPage,
    (granulesPerPage) => ({
      granulesPerPage,
    }),
  ),
  count(
    "cma-pages",
    "data pages, the last ones, that are CMA memory (0)",
    0,
    mostPages,
    (cmaPages) => ({ cmaPages }),
  ),
  count("slots", "swap slots (as many as the story needs)", 1, largest.slots, (slots) => ({
    slots,
  })),
  either("failures", "may saving tags and writing back fail? (off)", ["on", "off"], (value) => ({
    failures: value === "on",
  })),
  either(
    "dirty-lines",
    "are dirty cache lines kept back and written at any moment? (off)",
    ["on", "off"],
    (value) => ({ dirtyLines: value === "on" }),
  ),
  either(
    "gets",
    "does a cache hit keep its copy, or consume it? (consuming)",
    ["keeping", "consuming"],
    (gets) => ({ gets }),
  ),
];

export const settingNames: readonly string[] = settings.map(({ name }) => name);

export const settingOf = (name: string): Setting | undefined =>
  settings.find((setting) => setting.name === name);
