/** Invariants of cleancache as the carrier of tag storage. */
import { entry, type Invariant } from "./entry.ts";

const hit = "a-hit-is-the-newest-or-a-miss";
const older = "nothing-older-than-the-last-put";

/** Of cleancache as the carrier of tag storage; its variants on other memory come with them. */
export const cleancache: readonly Invariant[] = [
  entry("I1", "A hit returns the bytes of the last put; a miss leaves the page as it was.", {
    rules: ["a-hit-returns-the-last-put", "a-miss-leaves-the-page-alone"],
    rows: [hit],
  }),
  entry(
    "I2",
    "After an invalidation of page, object or pool no key of it hits before the next put.",
    { rules: ["no-hit-after-an-invalidate"], rows: [hit, older], assumptions: ["A17"] },
    "In a design objects and pools are invalidated key by key; the whole operation is the contract's.",
  ),
  entry("I3", "After a put, however it ended, no older bytes can be reached under its key.", {
    rules: ["no-hit-after-a-dropped-put", "a-hit-returns-the-last-put"],
    rows: [older],
  }),
  entry("I4", "A key that misses goes on missing until it is put again.", {
    rules: ["a-miss-stays-a-miss", "no-hit-without-a-put"],
    rows: [hit],
  }),
  entry(
    "I5",
    "Every file read returns the newest bytes, whatever is claimed or dropped meanwhile.",
    {
      rules: ["reads-return-the-newest-bytes"],
      rows: ["reads-do-not-tell-the-cache"],
      assumptions: ["A5", "A8"],
    },
    "After a failed write-back the old bytes and the new are both allowed.",
  ),
  entry("I6", "What is cached of a page that is not resident equals what the disk holds.", {
    rules: ["a-hit-is-the-newest"],
    rows: [hit, older],
  }),
  entry(
    "I7",
    "A change beneath the page cache empties the keys it covers, resident pages or none.",
    {
      rules: ["no-hit-after-a-direct-write", "no-hit-after-a-truncate"],
      rows: [hit, older],
      assumptions: ["A5", "A24"],
    },
    "A hole punch is a truncation, a block-device write a direct write; parts of pages are left out.",
  ),
  entry("I8", "Nothing stored for a file can be reached once its identity has ended.", {
    rules: ["no-hit-after-an-unlink", "no-hit-after-an-unmount"],
    rows: [hit, older],
  }),
  entry(
    "I9",
    "Only pages that are clean, up to date, locked and mapped to disk are put.",
    {
      rules: ["only-clean-newest-bytes-are-put", "no-dirty-data-is-dropped"],
      rows: ["no-dirty-data-is-dropped"],
      assumptions: ["A5", "A23"],
    },
    "The folio lock and the place on disk are assumed.",
  ),
  entry(
    "I10",
    "An operation on a pool that does not exist changes nothing.",
    { rules: ["nothing-is-stored-without-a-pool"], assumptions: ["A23"] },
    "There is one pool, so the only wrong id is that of a file system that is not mounted.",
  ),
  entry(
    "I11",
    "A pool id is used again only when nothing of the old pool can be reached.",
    { rules: ["no-hit-after-an-unmount"], rows: [hit], assumptions: ["A23"] },
    "Late registration, and one pool for each superblock, are assumed.",
  ),
  entry(
    "I12",
    "A get that consumes empties its key; one that keeps leaves the entry whole.",
    { rules: ["a-consuming-get-empties-the-key", "a-hit-returns-the-last-put"], rows: [hit] },
    "A back end may forget at any time, so an entry that is gone after a keeping get is allowed.",
  ),
  entry("I13", "A cached page is under exactly one key, and its back pointer names that key.", {
    rows: [older],
  }),
  entry("I14", "A get that overlaps a claim returns all the bytes or misses, never a mixture.", {
    rules: ["a-hit-returns-the-last-put"],
    rows: [hit],
    assumptions: ["A25"],
  }),
  entry("I15", "A page that is being filled is neither claimed nor on a free list.", {
    rows: ["tags-and-data-never-share-storage", older],
    assumptions: ["A25"],
  }),
  entry(
    "I16",
    "A storage page has exactly one owner: free list, filler, index, tags or host.",
    { rows: ["tags-and-data-never-share-storage", "nothing-is-left-behind"], assumptions: ["A23"] },
    "In the state each storage page has one use; the rows hold that use against pages and counts.",
  ),
  entry("I17", "A folio is up to date only when each of its pages was restored or read.", {
    rules: ["reads-return-the-newest-bytes"],
    rows: ["reads-do-not-tell-the-cache"],
    assumptions: ["A21"],
  }),
  entry(
    "I18",
    "What changes or forgets a large folio without storing it empties all of its keys.",
    {
      rules: [
        "no-hit-after-a-dropped-put",
        "no-hit-after-a-truncate",
        "no-hit-after-a-direct-write",
      ],
      rows: [older, hit],
      assumptions: ["A21", "A24", "A27"],
    },
    "The contract speaks of each key. With folios, direct writes and truncations are explored apart.",
  ),
  entry(
    "I19",
    "Dropping one page takes one key, dropping a folio takes its keys, and neither takes more.",
    { rows: [older], assumptions: ["A21"] },
    "A drop of too much is a voluntary drop and allowed; a drop of too little is what the row sees.",
  ),
  entry("I20", "A claim succeeds on every storage page that does not hold tags already.", {
    rules: ["an-atomic-tagged-page-is-ready"],
    rows: ["atomic-tagged-allocation", "a-tagged-page-has-its-storage"],
  }),
  entry(
    "I21",
    "A claim allocates nothing, never sleeps, does no I/O and ends after a bounded number of steps.",
    { rows: ["a-claim-is-bounded", "nothing-sleeps-in-atomic-context"] },
    "A design may promise no bound. What allocates or does I/O in a script is declared as sleeping.",
  ),
  entry("I22", "From the moment a claim takes a page, no copy in or out of it takes effect.", {
    rules: ["a-hit-returns-the-last-put", "a-tag-read-returns-the-last-write"],
    rows: [hit, "tags-belong-to-their-page", "tags-and-data-never-share-storage"],
  }),
  entry(
    "I23",
    "A claim is legal under the page-table lock, and with interrupts off for kernel tags.",
    {
      rows: ["nothing-sleeps-in-atomic-context", "no-deadlock"],
      assumptions: ["A14"],
    },
    "Enabling tags, copies and swap-ins claim under it, interrupts on top of what they interrupted.",
  ),
  entry("I24", "Locks are taken in an order without cycles, claims by allocation included.", {
    rows: ["no-deadlock"],
    assumptions: ["A14"],
  }),
  entry("I25", "A page is mapped tagged only while its block holds tags and counts it.", {
    rows: ["a-tagged-page-has-its-storage"],
    assumptions: ["A2"],
  }),
  entry(
    "I26",
    "The count of a block is that of the live tagged pages it serves; at 0 it is free.",
    {
      rows: ["the-count-equals-the-claims"],
      assumptions: ["A2"],
    },
  ),
  entry(
    "I27",
    "At the first tag store no data line of the page is dirty; at the first data store no tag line.",
    { rows: ["maintenance-before-use-changes"], assumptions: ["A3", "A4"] },
  ),
  entry("I28", "Tags read as last written whatever files do, and files whatever tags do.", {
    rules: [
      "a-tag-read-returns-the-last-write",
      "a-byte-read-returns-the-last-write",
      "reads-return-the-newest-bytes",
    ],
    rows: [
      "tags-belong-to-their-page",
      "bytes-belong-to-their-page",
      "reads-do-not-tell-the-cache",
    ],
  }),
  entry("I29", "No tag operation is for a storage page, and no tagged page lies in storage.", {
    rules: ["storage-is-never-tagged"],
    rows: ["storage-is-never-tagged"],
  }),
  entry(
    "I30",
    "Pages are conserved, and what was stored is accounted for by what became of it.",
    {
      rules: ["no-more-pages-than-memory"],
      rows: ["no-page-is-given-twice", "nothing-is-left-behind"],
      assumptions: ["A23"],
    },
    "Pages only; nothing counts operations, so the equation of statistics cannot be asked.",
  ),
  entry(
    "I31",
    "Only the donor of a page takes it back.",
    { assumptions: ["A23"] },
    "There is one donor, the design itself.",
  ),
  entry(
    "I32",
    "While the cache is off, every put empties its key.",
    { rules: ["no-hit-after-a-dropped-put"], rows: [older], assumptions: ["A18"] },
    "Being off is refusing each put, and a put may be refused at any time.",
  ),
  entry(
    "I33",
    "Copies lie in plugged blocks alone, nobody is at another; the size that is asked for is reached.",
    {
      rows: ["nothing-unplugged-is-touched", "the-requested-size-is-reached"],
      assumptions: ["A33"],
    },
    "That a region which is too large never grows is the device's doing: it refuses.",
  ),
  entry(
    "I34",
    "A page that a host discarded, or half of it, is no hit; what describes it is not volatile.",
    {
      rules: ["a-hit-returns-the-last-put"],
      rows: ["what-the-host-took-is-missed", "a-hit-is-the-newest-or-a-miss"],
      assumptions: ["A33"],
    },
  ),
  entry(
    "I35",
    "Bytes that are nowhere else are never dropped; only who cannot turn back any more takes them.",
    { rows: ["a-swapped-page-is-never-lost"], assumptions: ["A7", "A34"] },
  ),
  entry(
    "I36",
    "Storage is touched or cleaned only while it is mapped; a claim that has to map it may sleep.",
    { rows: ["touched-only-while-mapped", "nothing-sleeps-in-atomic-context"] },
    "A design whose mapping allocates breaks the second row, which is what the sentence says of it.",
  ),
];
