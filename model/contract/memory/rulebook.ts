/**
 * The rulebook: what an implementation may not do. Every refusal of the contract cites one of
 * these. docs/rules.md is generated from this table, and a test turns each rule off in turn and
 * sees an outcome accepted that this rule alone refuses.
 */
import type { Operation } from "./operations.ts";

export type Rule = {
  readonly sentence: string;
  readonly source: string;
  readonly governs: readonly Operation["kind"][];
};

const mteDoc = "Documentation/arch/arm64/memory-tagging-extension.rst";
const cleancacheDoc = "Documentation/vm/cleancache.rst (v5.10)";
const rfc = (version: number, patch: string) => `tag storage RFC v${version}, ${patch}`;
const commit = (id: string, what: string) => `Linux ${id} (${what})`;

export const rulebook = {
  "no-page-is-given-twice": {
    sentence: "A handle that an operation returns named no live page before.",
    source: "page allocator; the premise of every ownership rule",
    governs: ["allocate", "copy", "swap-in"],
  },
  "an-allocation-is-whole": {
    sentence: "An allocation of order n returns 2^n pages, or nothing.",
    source: "page allocator, alloc_pages()",
    governs: ["allocate"],
  },
  "no-more-pages-than-memory": {
    sentence: "Live pages in taggable memory never outnumber the pages of that memory.",
    source: "conservation of memory",
    governs: ["allocate", "copy", "swap-in", "migrate"],
  },
  "storage-is-never-tagged": {
    sentence: "A tagged page lies in memory that can carry tags, never in tag storage.",
    source: `${rfc(2, "cover")}; google/sanitizers mte-dynamic-carveout/spec.md`,
    governs: ["allocate", "enable-tags", "copy", "copy-again", "swap-in", "migrate"],
  },
  "fresh-tags-are-zero": {
    sentence: "A page newly allocated as tagged has tag 0 in every granule.",
    source: mteDoc,
    governs: ["allocate"],
  },
  "fresh-bytes-are-zero": {
    sentence: "A page allocated zeroed shows zeroes, whether or not its tags were cleared too.",
    source: commit("5bebe8de1926", "huge zero folio data left uncleared"),
    governs: ["allocate"],
  },
  "no-tags-unasked": {
    sentence: "A page that was allocated untagged is not flagged as tagged.",
    source: commit("a8e5e5146ad0", "PG_mte_tagged set though no tags were initialised"),
    governs: ["allocate"],
  },
  "an-atomic-tagged-page-is-ready": {
    sentence: "A tagged page given in atomic context can store its tags when it is returned.",
    source: "LKML 2024-02-20, alternatives to MIGRATE_CMA; kernel MTE has no fault to repair it",
    governs: ["allocate"],
  },
  "an-atomic-tagged-allocation-succeeds": {
    sentence:
      "An order-0 atomic tagged allocation fails only if no taggable page was on a free list.",
    source: "LKML 2024-02-20, alternatives to MIGRATE_CMA",
    governs: ["allocate"],
  },
  "no-memory-only-when-short": {
    sentence:
      "An order-0 request that may sleep, or that wants no tags, is told 'no memory' only when" +
      " memory is short.",
    source: `${rfc(1, "19/37")}: out of memory when every path is exhausted`,
    governs: ["allocate", "enable-tags", "copy", "swap-in"],
  },
  "migration-keeps-tags": {
    sentence: "Migration moves a page with its tags, and with its being tagged or not.",
    source: commit("b98c94eed4a9", "copy_highpage() in migration"),
    governs: ["migrate"],
  },
  "migration-keeps-bytes": {
    sentence: "Migration moves a page with its bytes.",
    source: "mm/migrate.c",
    governs: ["migrate"],
  },
  "enabled-tags-are-zero": {
    sentence: "PROT_MTE makes an untagged page tagged, with tag 0 in every granule.",
    source: mteDoc,
    governs: ["enable-tags"],
  },
  "enabling-again-keeps-tags": {
    sentence: "PROT_MTE on a page that is tagged already changes none of its tags.",
    source: commit("d77e59a8fccd", "lock a page for tag initialisation"),
    governs: ["enable-tags"],
  },
  "enabling-keeps-bytes": {
    sentence: "PROT_MTE changes no byte of the page.",
    source: mteDoc,
    governs: ["enable-tags"],
  },
  "a-tag-read-returns-the-last-write": {
    sentence: "A tag read returns what was last written to that granule of that page.",
    source: "Arm ARM, allocation tag access",
    governs: ["read-tag"],
  },
  "a-byte-read-returns-the-last-write": {
    sentence: "A data read returns what was last written to that page.",
    source: rfc(3, "30/35: a tag write to storage in use as data overwrites that data"),
    governs: ["read-bytes"],
  },
  "a-copy-carries-the-tags": {
    sentence: "The copy of a tagged page is tagged, with the tags of its source.",
    source: `${mteDoc}: tags are preserved across copy-on-write`,
    governs: ["copy"],
  },
  "a-copy-carries-the-bytes": {
    sentence: "The copy of a page has the bytes of its source.",
    source: "copy_highpage()",
    governs: ["copy"],
  },
  "an-untagged-source-gives-no-tags": {
    sentence: "The copy of an untagged page is not flagged as tagged.",
    source: commit("2efbafb91e12", "copy_highpage() of a page that is not PG_mte_tagged"),
    governs: ["copy"],
  },
  "a-repeated-copy-takes-the-source-again": {
    sentence: "A copy made again onto an unused copy carries the source as it is now.",
    source: commit("b98c94eed4a9", "the target may be flagged when migration is tried again"),
    governs: ["copy-again"],
  },
  "a-copy-never-overwrites-newer-tags": {
    sentence: "A copy made again onto a page that was used since leaves its newer tags and bytes.",
    source: commit("e059853d14ca", "semantics of PG_mte_tagged"),
    governs: ["copy-again"],
  },
  "a-slot-is-given-once": {
    sentence: "A page is swapped out to a slot that nobody uses.",
    source: "mm/swapfile.c, slot allocation",
    governs: ["swap-out"],
  },
  "a-folio-is-swapped-whole": {
    sentence: "A folio that is swapped out has a slot for each of its pages.",
    source: commit("f238b8c33c67", "THP_SWAP with MTE"),
    governs: ["swap-out"],
  },
  "a-failed-save-leaves-no-trace": {
    sentence: "When saving tags fails, no tag of the attempt can be found under any slot.",
    source: commit("f238b8c33c67", "partial save of a folio is withdrawn"),
    governs: ["swap-out"],
  },
  "tags-survive-swap": {
    sentence: "A tagged page that was swapped out comes back by a fault with its tags.",
    source: commit("6dca4ac6fc91", "arch_swap_restore() from do_swap_page()"),
    governs: ["swap-in"],
  },
  "tags-survive-swapoff": {
    sentence: "A tagged page that swapoff brings back has its tags.",
    source: commit("b53e24c4f6bc", "arch_swap_restore() from unuse_pte()"),
    governs: ["swap-in"],
  },
  "tags-survive-shmem-swap": {
    sentence: "A tagged page of shared memory comes back from swap with its tags.",
    source: commit("8a84802e2a2b", "hooks for saving and restoring tags, shmem path"),
    governs: ["swap-in"],
  },
  "tags-come-back-whatever-the-mapping": {
    sentence: "Saved tags are restored even if the mapping that asks has no PROT_MTE.",
    source: commit("69e3b846d8a7", "sync tags where the PTE is untagged"),
    governs: ["swap-in"],
  },
  "only-saved-tags-are-restored": {
    sentence: "A page that was not tagged when it was swapped out is not tagged when it is back.",
    source: commit("f238b8c33c67", "a left-over entry would be restored to an unrelated page"),
    governs: ["swap-in"],
  },
  "bytes-survive-swap": {
    sentence: "A page that was swapped out comes back with its bytes.",
    source: "mm/page_io.c",
    governs: ["swap-in"],
  },
  "restoring-again-changes-nothing": {
    sentence: "Tags restored a second time leave the page as it is, newer tags included.",
    source: "swap tag restoration series v4 (May 2023), cover: restore must be idempotent",
    governs: ["restore-again"],
  },
  "a-slot-lives-until-its-last-user": {
    sentence: "A slot, with its saved tags, is freed by its last user and not before.",
    source: "arch/arm64/mm/mteswap.c, mte_invalidate_tags()",
    governs: ["free-slot"],
  },
  "swapoff-leaves-no-slot": {
    sentence: "Swapoff returns only when every slot was brought back or freed.",
    source: "mm/swapfile.c, try_to_unuse(); mte_invalidate_tags_area()",
    governs: ["swapoff"],
  },
  "reads-return-the-newest-bytes": {
    sentence:
      "A file read returns the newest bytes (after a failed write-back: the old or the new).",
    source: `${cleancacheDoc}; the same reads with the cache on and off`,
    governs: ["read-file"],
  },
  "no-dirty-data-is-dropped": {
    sentence: "A dirty page never leaves the page cache.",
    source: "mm/vmscan.c, __remove_mapping()",
    governs: ["evict", "unmount"],
  },
  "only-clean-newest-bytes-are-put": {
    sentence: "What is put is the content of a resident, clean page.",
    source: `${cleancacheDoc}: clean, up to date, locked`,
    governs: ["put"],
  },
  "nothing-is-stored-without-a-pool": {
    sentence: "An operation on a file system that has no pool stores nothing.",
    source: `${cleancacheDoc}: a negative pool id makes every operation do nothing`,
    governs: ["put"],
  },
  "a-hit-returns-the-last-put": {
    sentence: "A hit returns the bytes of the last put of that key, whole.",
    source: cleancacheDoc,
    governs: ["get"],
  },
  "a-hit-is-the-newest": {
    sentence: "A hit on a page that is not resident returns what the disk holds.",
    source: "cleancache coherence by shadowing; Documentation/vm/cleancache.rst",
    governs: ["get"],
  },
  "a-miss-leaves-the-page-alone": {
    sentence: "A get that misses leaves the caller's page untouched.",
    source: "mm/cleancache.c (v5.10), __cleancache_get_page()",
    governs: ["get"],
  },
  "no-hit-without-a-put": {
    sentence: "A key that was never put, or that the back end dropped, does not hit.",
    source: cleancacheDoc,
    governs: ["get"],
  },
  "no-hit-after-a-dropped-put": {
    sentence: "After a put that was refused or failed, nothing older is reachable under the key.",
    source: commit("fb993fa1a2f6", "expired data after a failed duplicate store; ca56489c2f1d"),
    governs: ["get"],
  },
  "a-miss-stays-a-miss": {
    sentence: "A key that missed does not hit until it is put again.",
    source: cleancacheDoc,
    governs: ["get"],
  },
  "a-consuming-get-empties-the-key": {
    sentence: "Where gets consume, a key that was hit does not hit until it is put again.",
    source: `${cleancacheDoc}: private pools`,
    governs: ["get"],
  },
  "no-hit-after-an-invalidate": {
    sentence: "After an invalidation of the page, its object or its pool, the key does not hit.",
    source: cleancacheDoc,
    governs: ["get"],
  },
  "no-hit-after-a-direct-write": {
    sentence: "After a write past the page cache the key does not hit.",
    source: "fs: data invalidation in the cleancache during direct I/O (April 2017)",
    governs: ["get"],
  },
  "no-hit-after-a-truncate": {
    sentence: "After a page was cut off its key does not hit.",
    source: "mm/truncate.c, truncate_inode_pages_range()",
    governs: ["get"],
  },
  "no-hit-after-an-unlink": {
    sentence: "Nothing stored for a file is reachable by a later file of the same identity.",
    source: "CVE-2018-16862, missed inode invalidation",
    governs: ["get"],
  },
  "no-hit-after-an-unmount": {
    sentence: "Nothing stored before an unmount is reachable after it, whoever gets the pool id.",
    source: `${cleancacheDoc}: invalidate_fs`,
    governs: ["get"],
  },
} as const satisfies Record<string, Rule>;

export type RuleId = keyof typeof rulebook;

const known: ReadonlyMap<string, Rule> = new Map(Object.entries(rulebook));
export const isRuleId = (text: string): text is RuleId => known.has(text);
export const ruleIds: readonly RuleId[] = Object.keys(rulebook).filter(isRuleId);
