/** What a refusal says: what was seen, and what was expected instead, in one line. */
import { expect, test } from "vitest";
import { type RuleId, ruleIds } from "../../../model/contract/index.ts";
import {
  allocate,
  contractOf,
  evict,
  gets,
  type Happening,
  happens,
  judge,
  placed,
  put,
  readFile,
  replay,
  store,
  swapIn,
  swapOut,
  tag,
  tagged,
  unmount,
  untagged,
  writeBack,
  writeFile,
} from "./happenings.ts";
import { planted } from "./planted.ts";

/** The cause of each planted outcome. */
const causes: Readonly<Record<RuleId, string>> = {
  "no-page-is-given-twice": "page 0 is in use",
  "an-allocation-is-whole": "1 pages were returned for order 1",
  "no-more-pages-than-memory": "0 taggable pages are free",
  "storage-is-never-tagged": "the tagged page lies in memory that cannot carry tags",
  "fresh-tags-are-zero": "page 0 shows the tags 0 9",
  "fresh-bytes-are-zero": "page 0 shows the bytes 9",
  "no-tags-unasked": "nobody asked for tags, and the page is flagged as tagged",
  "an-atomic-tagged-page-is-ready": "the page was given without a place for its tags",
  "an-atomic-tagged-allocation-succeeds":
    "4 taggable pages were free and 3 operations under way could hold them",
  "no-memory-only-when-short":
    "4 taggable pages were free and 3 operations under way could hold them",
  "migration-keeps-tags": "tags 5 0 became 0 0",
  "migration-keeps-bytes": "7 became 0",
  "enabled-tags-are-zero": "page 0 shows the tags 3 0",
  "enabling-again-keeps-tags": "page 0 shows the tags 0 0",
  "enabling-keeps-bytes": "bytes 7 became 0",
  "a-tag-read-returns-the-last-write": "page 0 granule 0: 5 was written last",
  "a-byte-read-returns-the-last-write": "page 0: 7 was written last, 0 read",
  "a-copy-carries-the-tags": "the source has the tags 5 0, the copy 0 0",
  "a-copy-carries-the-bytes": "the source has the bytes 7, the copy 0",
  "an-untagged-source-gives-no-tags": "the source is not tagged and the copy is",
  "a-repeated-copy-takes-the-source-again":
    "page 1 shows the tags 5 0 and the bytes 7 instead of the tags 6 0 and the bytes 7",
  "a-copy-never-overwrites-newer-tags":
    "page 1 shows the tags 5 0 and the bytes 7 instead of the tags 6 0 and the bytes 7",
  "a-slot-is-given-once": "slot 0 is in use",
  "a-folio-is-swapped-whole": "2 pages went to 1 slots",
  "a-failed-save-leaves-no-trace": "1 saved tags can still be found",
  "tags-survive-swap": "the tags 5 0 went out, 0 0 came",
  "tags-survive-swapoff": "the tags 5 0 went out, none came",
  "tags-survive-shmem-swap": "the tags 5 0 went out, none came",
  "tags-come-back-whatever-the-mapping": "the tags 5 0 went out, none came",
  "only-saved-tags-are-restored": "no tags went out, and the page is flagged as tagged",
  "bytes-survive-swap": "the bytes 7 went out, 0 came back",
  "restoring-again-changes-nothing": "page 0 had the tags 6 0 and the bytes 7, now 5 0 and 7",
  "a-slot-lives-until-its-last-user": "the slot was freed with 1 users left",
  "swapoff-leaves-no-slot": "slot 0 is in use",
  "reads-return-the-newest-bytes": "the newest bytes are 7, 0 were read",
  "no-dirty-data-is-dropped": "the page is dirty",
  "only-clean-newest-bytes-are-put": "the resident page holds 7",
  "nothing-is-stored-without-a-pool": "not mounted",
  "a-hit-returns-the-last-put": "7 was put last, the hit returned 8",
  "a-hit-is-the-newest": "the disk holds 8, the hit returned 7",
  "a-miss-leaves-the-page-alone": "the page was written to",
  "no-hit-without-a-put": "the key is empty: dropped",
  "no-hit-after-a-dropped-put": "the key is empty: put-dropped",
  "a-miss-stays-a-miss": "the key is empty: missed",
  "a-consuming-get-empties-the-key": "the key is empty: consumed",
  "no-hit-after-an-invalidate": "the key is empty: invalidated",
  "no-hit-after-a-direct-write": "the key is empty: direct-write",
  "no-hit-after-a-truncate": "the key is empty: truncated",
  "no-hit-after-an-unlink": "the key is empty: unlinked",
  "no-hit-after-an-unmount": "the key is empty: unmounted",
};

test.each(ruleIds)("%s", (rule) => {
  const { limits, history, wrong } = planted[rule];
  const contract = contractOf(limits);
  expect(judge(contract, replay(contract, history), wrong)).toEqual({
    kind: "refused",
    rule,
    cause: causes[rule],
  });
});

const contract = contractOf();
const page = [tagged(0), tag(0, 5), store(0, 7)];
const clean = [writeFile(7), writeBack()];
const copy = { kind: "copy", from: 0, owner: 2 } as const;
const copied = happens(copy, gets(1));
const again = (seen = {}) => happens({ kind: "copy-again", from: 0, to: 1 }, gets(1, seen));
const enable = { kind: "enable-tags", handle: 0 } as const;
const migrate = { kind: "migrate", handle: 0 } as const;

/** The same rules, broken in another way or by another operation. */
const others: readonly (readonly [RuleId, string, readonly Happening[], Happening])[] = [
  [
    "storage-is-never-tagged",
    "page 0 is tagged and moved to memory without tags",
    page,
    happens(migrate, gets(0), placed("untaggable")),
  ],
  [
    "storage-is-never-tagged",
    "it lies in tag storage",
    [untagged(0, "untaggable")],
    happens(enable, gets(0)),
  ],
  [
    "storage-is-never-tagged",
    "page 1 lies in memory that cannot carry tags",
    [untagged(0), happens(copy, gets(1), placed("untaggable")), happens(enable, gets(0))],
    again(),
  ],
  [
    "enabled-tags-are-zero",
    "page 0 is not flagged as tagged",
    [untagged(0)],
    happens(enable, gets(0, { tagged: false })),
  ],
  [
    "enabling-again-keeps-tags",
    "page 0 is not flagged as tagged",
    page,
    happens(enable, gets(0, { tagged: false })),
  ],
  [
    "a-copy-carries-the-tags",
    "the source is tagged and the copy is not",
    page,
    happens(copy, gets(1, { tagged: false })),
  ],
  [
    "a-repeated-copy-takes-the-source-again",
    "page 1 shows no tags and the bytes 7 instead of the tags 5 0 and the bytes 7",
    [...page, copied],
    again({ tagged: false }),
  ],
  [
    "a-copy-never-overwrites-newer-tags",
    "page 1 shows the tags 5 0 and the bytes 7 instead of the tags 5 0 and the bytes 9",
    [...page, copied, store(1, 9)],
    again({ bytes: 7 }),
  ],
  [
    "a-slot-is-given-once",
    "slot 1 is in use",
    [...page, tagged(1)],
    happens({ kind: "swap-out", handles: [0, 1] }, { kind: "swapped", slots: [1, 1] }),
  ],
  [
    "a-slot-lives-until-its-last-user",
    "its last user left and the slot, with its tags, was not freed",
    [...page, swapOut(0, 0)],
    happens({ kind: "free-slot", slot: 0 }, { kind: "slot", freed: false }),
  ],
  [
    "tags-survive-swap",
    "the tags 5 0 went out, none came",
    [...page, swapOut(0, 0)],
    happens(swapIn(0), gets(0, { tagged: false })),
  ],
  [
    "reads-return-the-newest-bytes",
    "the newest bytes are 0 or 7, 6 were read",
    [writeFile(7), writeBack({ kind: "failed" }), evict],
    readFile(6),
  ],
  ["no-dirty-data-is-dropped", "a page is dirty", [writeFile(7)], unmount],
  ["only-clean-newest-bytes-are-put", "the dirty page holds 7", [writeFile(7)], put(7)],
  ["only-clean-newest-bytes-are-put", "the page is not resident", [...clean, evict], put(7)],
];

test.each(others)("%s: %s", (rule, cause, history, wrong) => {
  const memory = replay(contract, history);
  expect(judge(contract, memory, wrong)).toEqual({ kind: "refused", rule, cause });
});

test("no-more-pages-than-memory: a page moves out of storage only into a page that is free", () => {
  const tight = contractOf({ taggablePages: 1 });
  const full = replay(tight, [untagged(0, "untaggable"), tagged(1)]);
  expect(judge(tight, full, happens(migrate, gets(0)))).toEqual({
    kind: "refused",
    rule: "no-more-pages-than-memory",
    cause: "no taggable page was free",
  });
});

test("no-page-is-given-twice: the first of the pages in use is named", () => {
  const order = allocate({ order: 1 });
  const wrong = happens(order, { kind: "pages", handles: [1, 0], seen: [] });
  const memory = replay(contract, [tagged(0)]);
  expect(judge(contract, memory, wrong)).toMatchObject({ cause: "page 0 is in use" });
});
