/**
 * Each lock, maintenance and ordering action of the designs that hold is taken out in turn, and some
 * row breaks: so it was needed. What breaks nothing is explained here, one line each, or it would
 * have to go.
 */
import { describe, expect, test } from "vitest";
import { cleancacheFolio, cleancachePage, type Design } from "../../model/index.ts";
import { exploreSlice } from "../../properties/explore.ts";
import { rows } from "../../properties/rows/index.ts";
import { type Slice, slicesOf } from "../../properties/slices.ts";
import { phone } from "../machines.ts";
import { type Ablation, ablationsOf } from "./ablation.ts";

/** What may go without a row noticing, and why it stays all the same. */
const explained: Readonly<Record<string, string>> = {
  "no page-table lock":
    "page-table entries are not modelled: callers hold it, and what runs under it is atomic",
  "look-at-page (set_ptes(), mte_sync_tags()) without taking page-table":
    "as above; two initialisers of one page belong to two processes, with a lock each",
  "copy-bytes (copy_page()) without taking page-table": "as above; the source is write-protected",
  "lock-page-table (pte_offset_map_lock()) without taking page-table":
    "as above; the slot is locked meanwhile",
  "await-tags (try_page_mte_tagging() spinning on PG_mte_tagged) does nothing":
    "its work is to wait, and without waiting a row breaks",
  "put-dropped (cleancache_put_page() refusing) does nothing":
    "its work is to tell the contract; the old entry went when the put began",
  "get-missed (cleancache_get_page() returns -1) does nothing":
    "its work is to tell the contract that the key is empty, which forbids more and allows nothing",
  "get-take (cleancache_get_page() returns 0) does nothing":
    "a hit that neither consumes nor is told: what was read is judged by the file read",
  "get-let-go (cleancache_get_page(), the copy was recalled) does nothing":
    "it only lets the lock go",
  "get-look-up (cleancache_get_page(), find) without taking index":
    "one look at one key whose page is locked; the recheck is what makes it safe",
  "change-file (folio_start_writeback(), folio_end_writeback()) without taking file-page":
    "a single action on a dirty page, which nobody else takes away but by writing it back",
};

/** Slices in which a violation is usually near come first; maintenance shows where lines are kept. */
const order = ["fork", "threads", "identity", "reuse", "pins", "cache", "lines", "files"];
const near = (slices: readonly Slice[], what: string): readonly Slice[] => {
  const rank = ({ name }: Slice): number => {
    if (name === "lines" && what.startsWith("invalidate-")) return -1;
    return order.includes(name) ? order.indexOf(name) : order.length;
  };
  return slices.toSorted((left, right) => rank(left) - rank(right));
};

const kindOfOffer = (offer: string): string =>
  offer.startsWith("allocate") ? "allocate" : offer.startsWith("swap-in") ? "swap-in" : offer;

/** Rows that hold for the design: only their breaking says anything. */
const heldRows = rows.map(({ id }) => id).filter((id) => id !== "the-three-hooks-suffice");

const whatBreaks = (
  slices: readonly Slice[],
  { name: what, design, touches }: Ablation,
): string | null => {
  for (const { name, scope } of near(slices, what)) {
    const offers = scope.actors.flatMap(({ may }) => may.map(kindOfOffer));
    if (!offers.some((offer) => touches.has(offer))) continue;
    try {
      const { findings } = exploreSlice(design, name, scope, { only: heldRows, stopAtFirst: true });
      const broken = findings.find(({ result }) => result.kind === "broken");
      if (broken) return broken.property;
    } catch (error) {
      /** A state that cannot be laid out, or a page that is not there: the design fell apart. */
      if (error instanceof RangeError) return `fell apart: ${error.message}`;
      throw error;
    }
  }
  return null;
};

const ablate = (design: Design): void => {
  const slices = slicesOf(phone(), design);
  const ablations = ablationsOf(design);
  const wanted = ablations.filter(({ name }) => explained[name] === undefined);

  test("there is enough to take out", () => {
    expect(wanted.length).toBeGreaterThan(50);
  });
  test.each(wanted.map((ablation) => [ablation.name, ablation] as const))(
    "%s",
    (_name, ablation) => {
      expect(whatBreaks(slices, ablation)).not.toBeNull();
    },
  );
};

describe("ablation of cleancache-page", () => ablate(cleancachePage));
describe("ablation of cleancache-folio", () => ablate(cleancacheFolio));

test("every explanation explains an ablation that exists", () => {
  const names = [cleancachePage, cleancacheFolio].flatMap((design) =>
    ablationsOf(design).map(({ name }) => name),
  );
  for (const name of Object.keys(explained)) expect(names).toContain(name);
});
