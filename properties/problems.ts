/**
 * What the discussion is about, problem by problem, each with the rows that show it: who breaks them
 * and who keeps them. docs/designs.md lists all of it with links.
 */

/** A row, and designs whose verdicts on it are the point. */
type Shown = { readonly row: string; readonly designs: readonly string[] };

export type Problem = {
  /** A few words. */
  readonly title: string;
  readonly paraphrase: string;
  readonly shown: readonly Shown[];
  /** Heads of the table of costs that tell more. */
  readonly measures?: readonly string[];
};

export type Discussion = { readonly source: string; readonly problems: readonly Problem[] };

const shown = (row: string, ...designs: readonly string[]): Shown => ({ row, designs });

export const discussions: readonly Discussion[] = [
  {
    source: "The review of RFC v1 (August 2023)",
    problems: [
      {
        title: "Why involve the page allocator",
        paraphrase:
          "Special memory that the allocator hands out and takes back by allocating its range looks " +
          "like the wrong place: could it not stay out of the allocator altogether?",
        shown: [
          shown("the-three-hooks-suffice", "metadata", "cleancache-page"),
          shown("unused-storage-serves-data", "carveout", "cleancache-page"),
        ],
        measures: ["hooks"],
      },
      {
        title: "Changes all over core memory management",
        paraphrase: "The changes outside the architecture are many, and nobody likes them.",
        shown: [shown("the-three-hooks-suffice", "metadata", "cleancache-page")],
        measures: ["hooks"],
      },
    ],
  },
  {
    source: "The request for alternatives and its answers (February 2024)",
    problems: [
      {
        title: "Kernel tags",
        paraphrase:
          "The kernel allocates where it may not sleep, and data cannot be migrated there. With " +
          "tags for the kernel itself, every such allocation may need storage.",
        shown: [
          shown("atomic-tagged-allocation", "cma-hw-kasan", "cleancache-page"),
          shown("no-deadlock", "cma-hw-kasan", "cleancache-page"),
        ],
      },
      {
        title: "Allocating in atomic context",
        paraphrase:
          "The series itself allocates where it must not: tags without a place are put aside while " +
          "a page is copied under a page-table lock.",
        shown: [shown("nothing-sleeps-in-atomic-context", "cma", "cleancache-page")],
      },
      {
        title: "CMA memory is never tagged",
        paraphrase:
          "Storage cannot be tagged itself, and so no CMA memory can, although most of it is no " +
          "storage at all.",
        shown: [shown("every-page-can-be-tagged", "cma", "cleancache-page")],
        measures: ["untagged"],
      },
      {
        title: "Migration costs time",
        paraphrase:
          "A process with MTE waits while data moves away from the storage that it needs. That can " +
          "be made rarer, and never be avoided.",
        shown: [shown("a-claim-is-bounded", "cma", "cleancache-page")],
        measures: ["moves", "a claim", "a fault"],
      },
      {
        title: "A pinned storage page",
        paraphrase:
          "Whoever keeps a page of storage from being migrated keeps others from their tags, in the " +
          "worst case for ever.",
        shown: [shown("pins-stop-no-tagged-access", "metadata", "cma", "cleancache-page")],
      },
      {
        title: "Storage that holds clean copies can be taken at once",
        paraphrase:
          "A copy of a clean file page can be dropped anywhere, and the next look for it is a miss. " +
          "Is what it finds always right?",
        shown: [
          shown("a-hit-is-the-newest-or-a-miss", "cleancache-page", "cleancache-folio"),
          shown("nothing-older-than-the-last-put", "cleancache-page", "cleancache-folio"),
          shown("reads-do-not-tell-the-cache", "cleancache-page", "cleancache-folio"),
        ],
      },
      {
        title: "Three hooks would be enough",
        paraphrase:
          "Storage could be claimed in set_ptes, copy_highpage and arch_swap_restore alone, without " +
          "any change to memory management.",
        shown: [shown("the-three-hooks-suffice", "cleancache-page", "cleancache-folio")],
        measures: ["hooks"],
      },
      {
        title: "Large folios",
        paraphrase:
          "Which storage page tags will need is not the cache's choice. If it is part of a folio, " +
          "the easiest is to drop all of the folio, and good copies with it.",
        shown: [
          shown(
            "reads-do-not-tell-the-cache",
            "cleancache-folio",
            "cleancache-folio-holes",
            "cleancache-folio-single",
          ),
          shown("a-claim-is-bounded", "cleancache-folio"),
        ],
        measures: ["drops"],
      },
      {
        title: "Cache maintenance needs a mapping",
        paraphrase:
          "Memory that changes between data and tags has to be cleaned from the caches, so the " +
          "kernel must be able to address it.",
        shown: [shown("maintenance-before-use-changes", "cma", "cleancache-page")],
        measures: ["maint."],
      },
      {
        title: "Data larger than memory, read again and again",
        paraphrase:
          "Spare memory could hold clean pages of data that is read repeatedly and does not fit.",
        shown: [shown("unused-storage-serves-data", "carveout", "cleancache-page")],
        measures: ["refetch", "serves"],
      },
      {
        title: "Taking it back cannot hurt",
        paraphrase:
          "Giving up such memory costs speed and nothing else: whatever is lost can be read again.",
        shown: [
          shown("no-dirty-data-is-dropped", "cleancache-page", "virtio-tmem", "volatile"),
          shown("reads-do-not-tell-the-cache", "virtio-tmem", "volatile"),
        ],
      },
      {
        title: "A host that wants memory back",
        paraphrase:
          "A region whose size the host changes as it likes: clean pages are dropped and the memory " +
          "handed back, whatever the guest holds on to.",
        shown: [
          shown("the-requested-size-is-reached", "virtio-tmem", "virtio-mem"),
          shown("nothing-unplugged-is-touched", "virtio-tmem"),
        ],
      },
      {
        title: "Keeping swapped pages there instead",
        paraphrase:
          "Something like zswap could use the same memory. What it holds exists nowhere else, so it " +
          "has to be written before it can go.",
        shown: [
          shown("atomic-tagged-allocation", "zswap", "zswap-write-through"),
          shown("no-memory-only-when-short", "zswap", "zswap-write-through"),
          shown("a-swapped-page-is-never-lost", "zswap", "zswap-write-through"),
        ],
      },
      {
        title: "Claiming while claiming",
        paraphrase:
          "With tags for the kernel, what the cache allocates for itself needs storage too, maybe " +
          "under the very lock that a claim takes.",
        shown: [
          shown(
            "no-deadlock",
            "cleancache-node-inside",
            "cleancache-page",
            "cleancache-node-preloaded",
            "cleancache-node-untagged",
          ),
        ],
      },
      {
        title: "Memory that may vanish at any moment",
        paraphrase:
          "A host that discards without asking, and a guest that is told, or finds out by itself.",
        shown: [shown("what-the-host-took-is-missed", "volatile")],
      },
    ],
  },
];
