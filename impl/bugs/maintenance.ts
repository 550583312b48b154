/** Cache maintenance around a change of use: left out, too late, too early, too little. */
import { to } from "../codes.ts";
import { afterwards, type Bug, before, instead, patches } from "./bug.ts";

const migrating = ["cma"];
const cleancache = ["cleancache-page", "cleancache-folio"];
const claiming = [...migrating, ...cleancache];

export const maintenanceBugs: readonly Bug[] = [
  {
    id: "data-lines-not-invalidated",
    sentence: "Storage comes to hold tags while a dirty data line still lies over it.",
    source: "RFC v3: dcache_inval_poc() where a block is reserved; S6 of the series' invariants",
    story: ["read-file", "evict", "allocate"],
    designs: ["cma", "cleancache-page"],
    patch: instead(null, "invalidate-data-lines", () => to["count-user"]),
  },
  {
    id: "tag-lines-not-invalidated",
    sentence: "Storage comes to hold data while a dirty tag line still lies over it.",
    source: "RFC v3 24/35: dcache_inval_tags_poc()",
    story: ["allocate", "free", "read-file", "evict"],
    designs: ["cma", "cleancache-page"],
    patch: instead(null, "invalidate-tag-lines", () => to["uncount"]),
  },
  {
    id: "tag-lines-invalidated-too-late",
    sentence: "The tag lines of a page are invalidated when its block was given back already.",
    source: "RFC v3 24/35: dcache_inval_tags_poc(), the order of it",
    story: ["allocate", "free", "read-file", "evict"],
    designs: ["cleancache-page"],
    patch: patches(
      instead(null, "invalidate-tag-lines", () => to["uncount"]),
      before(null, "give-back", ({ frame }, { kit }) => kit.arena.invalidateTagLines(frame)),
    ),
  },
  {
    id: "data-lines-invalidated-before-moving",
    sentence: "A claim invalidates the data lines of a block before it moves the data away.",
    source: "S6 of the series' invariants, the other way round: dirty data is lost",
    story: ["allocate untagged", "allocate tagged"],
    designs: migrating,
    patch: before(null, "move-storage", ({ storage }, { kit }) =>
      kit.arena.invalidateDataLines(storage),
    ),
  },
  {
    id: "first-page-of-a-block-invalidated",
    sentence: "Of a block only the first storage page has its data lines invalidated.",
    source: "beside S10: RFC v1 to v3, b greater than one",
    story: ["read-file", "evict", "allocate"],
    designs: ["cma"],
    patch: instead(null, "invalidate-data-lines", ({ frame }, _choice, { kit }) => {
      kit.arena.invalidateDataLines(kit.firstStorageOf(kit.blockOf(frame)));
      return to["count-user"];
    }),
  },
  {
    id: "lines-invalidated-twice",
    sentence: "Data lines and tag lines are invalidated once more, in the same action.",
    source: "none: no harm is done",
    story: [],
    designs: claiming,
    harmless: true,
    patch: patches(
      afterwards(null, "invalidate-data-lines", ({ frame }, next, { kit }) => {
        kit.arena.invalidateDataLines(kit.firstStorageOf(kit.blockOf(frame)));
        return next;
      }),
      afterwards(null, "invalidate-tag-lines", ({ frame }, next, { kit }) => {
        kit.arena.invalidateTagLines(frame);
        return next;
      }),
    ),
  },
];
