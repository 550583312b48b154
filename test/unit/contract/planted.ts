/**
 * For every rule of the contract one outcome that this rule alone refuses: a well-formed history
 * from boot, and then the wrong step. The type demands an entry for each rule.
 */
import { type Limits, noMemory, type RuleId } from "../../../model/contract/index.ts";
import {
  allocate,
  create,
  directWrite,
  drop,
  evict,
  gets,
  getsPages,
  type Happening,
  happens,
  hit,
  miss,
  mount,
  placed,
  put,
  readFile,
  short,
  store,
  swapIn,
  swapOut,
  tag,
  tagged,
  truncate,
  unlink,
  unmount,
  untagged,
  writeBack,
  writeFile,
} from "./happenings.ts";

export type Planted = {
  readonly limits?: Partial<Limits>;
  readonly history: readonly Happening[];
  readonly wrong: Happening;
};

/** Page 0 has the tags 5 0 and the bytes 7. */
const taggedPage = [tagged(0), tag(0, 5), store(0, 7)];
/** The same page, swapped out to slot 0. */
const swappedPage = [...taggedPage, swapOut(0, 0)];
/** The same page, and page 1 a copy of it. */
const copiedPage = [...taggedPage, happens({ kind: "copy", from: 0, owner: 2 }, gets(1))];
/** Page 0 of file 0 holds 7, on the disk and in the page cache. */
const cleanFile = [writeFile(7), writeBack()];
/** The same page, put and evicted. */
const putFile = [...cleanFile, put(7), evict];

const pages = {
  "no-page-is-given-twice": {
    history: [tagged(0)],
    wrong: happens(allocate(), getsPages([0])),
  },
  "an-allocation-is-whole": {
    history: [],
    wrong: happens(allocate({ order: 1 }), getsPages([0])),
  },
  "no-more-pages-than-memory": {
    limits: { taggablePages: 1 },
    history: [tagged(0)],
    wrong: happens(allocate(), getsPages([1])),
  },
  "storage-is-never-tagged": {
    history: [],
    wrong: happens(allocate(), getsPages([0]), placed("untaggable")),
  },
  "fresh-tags-are-zero": {
    history: [],
    wrong: happens(allocate(), getsPages([0], { tags: [0, 9] })),
  },
  "fresh-bytes-are-zero": {
    history: [],
    wrong: happens(allocate(), getsPages([0], { tags: [0, 0], bytes: 9 })),
  },
  "no-tags-unasked": {
    history: [],
    wrong: happens(allocate({ tagged: false }), getsPages([0], { tagged: true })),
  },
  "an-atomic-tagged-page-is-ready": {
    history: [],
    wrong: happens(allocate({ context: "atomic" }), getsPages([0], { tagged: false })),
  },
  "an-atomic-tagged-allocation-succeeds": {
    history: [],
    wrong: happens(allocate({ context: "atomic" }), noMemory, short(3)),
  },
  "no-memory-only-when-short": {
    history: [],
    wrong: happens(allocate(), noMemory, short(3)),
  },
  "migration-keeps-tags": {
    history: taggedPage,
    wrong: happens({ kind: "migrate", handle: 0 }, gets(0, { tags: [0, 0] })),
  },
  "migration-keeps-bytes": {
    history: taggedPage,
    wrong: happens({ kind: "migrate", handle: 0 }, gets(0, { bytes: 0 })),
  },
} satisfies Partial<Record<RuleId, Planted>>;

const access = {
  "enabled-tags-are-zero": {
    history: [untagged(0)],
    wrong: happens({ kind: "enable-tags", handle: 0 }, gets(0, { tags: [3, 0] })),
  },
  "enabling-again-keeps-tags": {
    history: taggedPage,
    wrong: happens({ kind: "enable-tags", handle: 0 }, gets(0, { tags: [0, 0] })),
  },
  "enabling-keeps-bytes": {
    history: [untagged(0), store(0, 7)],
    wrong: happens({ kind: "enable-tags", handle: 0 }, gets(0, { bytes: 0 })),
  },
  "a-tag-read-returns-the-last-write": {
    history: taggedPage,
    wrong: happens({ kind: "read-tag", handle: 0, granule: 0 }, { kind: "tag", tag: 0 }),
  },
  "a-byte-read-returns-the-last-write": {
    history: taggedPage,
    wrong: happens({ kind: "read-bytes", handle: 0 }, { kind: "bytes", bytes: 0 }),
  },
} satisfies Partial<Record<RuleId, Planted>>;

const copies = {
  "a-copy-carries-the-tags": {
    history: taggedPage,
    wrong: happens({ kind: "copy", from: 0, owner: 2 }, gets(1, { tags: [0, 0] })),
  },
  "a-copy-carries-the-bytes": {
    history: taggedPage,
    wrong: happens({ kind: "copy", from: 0, owner: 2 }, gets(1, { bytes: 0 })),
  },
  "an-untagged-source-gives-no-tags": {
    history: [untagged(0)],
    wrong: happens({ kind: "copy", from: 0, owner: 2 }, gets(1, { tagged: true, tags: [0, 0] })),
  },
  "a-repeated-copy-takes-the-source-again": {
    history: [...copiedPage, tag(0, 6)],
    wrong: happens({ kind: "copy-again", from: 0, to: 1 }, gets(1, { tags: [5, 0] })),
  },
  "a-copy-never-overwrites-newer-tags": {
    history: [...copiedPage, tag(1, 6)],
    wrong: happens({ kind: "copy-again", from: 0, to: 1 }, gets(1, { tags: [5, 0] })),
  },
} satisfies Partial<Record<RuleId, Planted>>;

const swap = {
  "a-slot-is-given-once": {
    history: [...swappedPage, tagged(0)],
    wrong: swapOut(0, 0),
  },
  "a-folio-is-swapped-whole": {
    history: [tagged(0), tagged(1)],
    wrong: happens({ kind: "swap-out", handles: [0, 1] }, { kind: "swapped", slots: [0] }),
  },
  "a-failed-save-leaves-no-trace": {
    history: [tagged(0), tagged(1)],
    wrong: happens({ kind: "swap-out", handles: [0, 1] }, { kind: "save-failed", entriesLeft: 1 }),
  },
  "tags-survive-swap": {
    history: swappedPage,
    wrong: happens(swapIn(0), gets(0, { tags: [0, 0] })),
  },
  "tags-survive-swapoff": {
    history: swappedPage,
    wrong: happens(swapIn(0, "swapoff"), gets(0, { tagged: false, tags: [] })),
  },
  "tags-survive-shmem-swap": {
    history: swappedPage,
    wrong: happens(swapIn(0, "shmem"), gets(0, { tagged: false, tags: [] })),
  },
  "tags-come-back-whatever-the-mapping": {
    history: swappedPage,
    wrong: happens(swapIn(0, "fault", "untagged"), gets(0, { tagged: false, tags: [] })),
  },
  "only-saved-tags-are-restored": {
    history: [untagged(0), swapOut(0, 0)],
    wrong: happens(swapIn(0), gets(0, { tagged: true, tags: [5, 0] })),
  },
  "bytes-survive-swap": {
    history: swappedPage,
    wrong: happens(swapIn(0), gets(0, { bytes: 0 })),
  },
  "restoring-again-changes-nothing": {
    history: [
      ...swappedPage,
      happens({ kind: "share-slot", slot: 0 }),
      happens(swapIn(0), gets(0)),
      tag(0, 6),
    ],
    wrong: happens({ kind: "restore-again", slot: 0, handle: 0 }, gets(0, { tags: [5, 0] })),
  },
  "a-slot-lives-until-its-last-user": {
    history: [...swappedPage, happens({ kind: "share-slot", slot: 0 })],
    wrong: happens({ kind: "free-slot", slot: 0 }, { kind: "slot", freed: true }),
  },
  "swapoff-leaves-no-slot": {
    history: swappedPage,
    wrong: happens({ kind: "swapoff" }),
  },
} satisfies Partial<Record<RuleId, Planted>>;

const files = {
  "reads-return-the-newest-bytes": {
    history: [...cleanFile, evict],
    wrong: readFile(0),
  },
  "no-dirty-data-is-dropped": {
    history: [writeFile(7)],
    wrong: evict,
  },
} satisfies Partial<Record<RuleId, Planted>>;

const key = { file: 0, index: 0 };

const cache = {
  "only-clean-newest-bytes-are-put": {
    history: cleanFile,
    wrong: put(6),
  },
  "nothing-is-stored-without-a-pool": {
    history: [unmount],
    wrong: put(0),
  },
  "a-hit-returns-the-last-put": {
    history: [...cleanFile, put(7), writeFile(8)],
    wrong: hit(8),
  },
  "a-hit-is-the-newest": {
    history: [...cleanFile, put(7), writeFile(8), writeBack(), evict],
    wrong: hit(7),
  },
  "a-miss-leaves-the-page-alone": {
    history: putFile,
    wrong: happens({ kind: "get", ...key }, { kind: "miss", touched: true }),
  },
  "no-hit-without-a-put": {
    history: [...putFile, drop],
    wrong: hit(7),
  },
  "no-hit-after-a-dropped-put": {
    history: [...cleanFile, put(7), put(7, "dropped"), evict],
    wrong: hit(7),
  },
  "a-miss-stays-a-miss": {
    history: [...putFile, miss],
    wrong: hit(7),
  },
  "a-consuming-get-empties-the-key": {
    limits: { getForm: "consuming" },
    history: [...putFile, hit(7)],
    wrong: hit(7),
  },
  "no-hit-after-an-invalidate": {
    history: [...putFile, happens({ kind: "invalidate-object", file: 0 })],
    wrong: hit(7),
  },
  "no-hit-after-a-direct-write": {
    history: [...putFile, directWrite(7)],
    wrong: hit(7),
  },
  "no-hit-after-a-truncate": {
    history: [readFile(0), put(0), truncate],
    wrong: hit(0),
  },
  "no-hit-after-an-unlink": {
    history: [readFile(0), put(0), unlink, create],
    wrong: hit(0),
  },
  "no-hit-after-an-unmount": {
    history: [...putFile, unmount, mount],
    wrong: hit(7),
  },
} satisfies Partial<Record<RuleId, Planted>>;

export const planted: Readonly<Record<RuleId, Planted>> = {
  ...pages,
  ...access,
  ...copies,
  ...swap,
  ...files,
  ...cache,
};
