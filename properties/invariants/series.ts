/** Invariants of the tag storage series: RFC v1 to v3 and the kernel they stand on. */
import { entry, type Invariant } from "./entry.ts";

export const series: readonly Invariant[] = [
  entry("S1", "A tagged page has reserved its block, and the block holds tags.", {
    rows: ["a-tagged-page-has-its-storage"],
    assumptions: ["A2"],
  }),
  entry("S2", "A block counts exactly the pages that reserved it, and holds tags while any did.", {
    rows: ["the-count-equals-the-claims"],
    assumptions: ["A2"],
  }),
  entry("S3", "A block holds tags or data, never both, and is not free while it holds either.", {
    rows: ["tags-and-data-never-share-storage", "nothing-is-left-behind"],
    assumptions: ["A2"],
  }),
  entry("S4", "No storage page is tagged, or mapped as tagged.", {
    rules: ["storage-is-never-tagged"],
    rows: ["storage-is-never-tagged"],
  }),
  entry("S5", "A tagged mapping that can be used has a tagged page, with its tags initialised.", {
    rules: ["fresh-tags-are-zero", "enabled-tags-are-zero"],
    rows: ["published-only-when-initialised", "fresh-tags-read-zero"],
    assumptions: ["A1", "A13"],
  }),
  entry("S6", "No dirty data line lies over a block of tags, no dirty tag line over one of data.", {
    rows: ["maintenance-before-use-changes"],
    assumptions: ["A3", "A4"],
  }),
  entry(
    "S7",
    "Tags survive copy, migration, swap and hibernation; new ones are 0; none are another's.",
    {
      rules: [
        "fresh-tags-are-zero",
        "enabled-tags-are-zero",
        "a-copy-carries-the-tags",
        "migration-keeps-tags",
        "tags-survive-swap",
        "tags-survive-swapoff",
        "tags-survive-shmem-swap",
        "only-saved-tags-are-restored",
      ],
      rows: [
        "fresh-tags-read-zero",
        "tags-belong-to-their-page",
        "tags-survive-copy",
        "tags-survive-migration",
        "tags-survive-swap",
        "tags-survive-swapoff",
      ],
      assumptions: ["A13", "A15"],
    },
    "Hibernation is not modelled.",
  ),
  entry(
    "S8",
    "One of page, stash and swap entry at most is the authority for the tags of a page.",
    {
      rules: [
        "a-tag-read-returns-the-last-write",
        "a-copy-never-overwrites-newer-tags",
        "restoring-again-changes-nothing",
      ],
      rows: ["tags-belong-to-their-page", "published-only-when-initialised"],
      assumptions: ["A16"],
    },
    "Seen by its effect: a second authority that differs makes a read return the wrong tag.",
  ),
  entry(
    "S9",
    "Tags are restored before the slot is freed, and a second restore changes nothing.",
    {
      rules: ["tags-survive-swap", "restoring-again-changes-nothing"],
      rows: ["tags-survive-swap", "tags-survive-swapoff", "swap-slots-stay-apart"],
      assumptions: ["A7"],
    },
    "A slot that is freed loses its tags at once, so a late restore has none; the second restore is in the contract alone.",
  ),
  entry("S10", "A reservation that fails leaves counts and blocks as they were.", {
    rows: ["nothing-is-left-behind", "the-count-equals-the-claims"],
  }),
  entry(
    "S11",
    "Nothing sleeps or migrates in atomic context, and a page copy cannot fail.",
    {
      rules: ["a-copy-carries-the-tags"],
      rows: ["nothing-sleeps-in-atomic-context", "tags-survive-copy"],
    },
    "The copy has no outcome for failing once it has its page; one that loses its tags is refused.",
  ),
  entry("S12", "A cleancache get returns the present content, or misses.", {
    rules: ["a-hit-returns-the-last-put", "a-hit-is-the-newest"],
    rows: ["a-hit-is-the-newest-or-a-miss"],
  }),
  entry(
    "S13",
    "Without pins a tagged access comes about in the end; pins that stop it are named.",
    {
      rows: ["every-operation-ends", "pins-stop-no-tagged-access"],
      assumptions: ["A10", "A11"],
    },
  ),
];
