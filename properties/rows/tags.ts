/** Whose tags, whose bytes: what the contract says of pages, copies and swap. */
import { type Row, rulesRow } from "../row.ts";

export const tagRows: readonly Row[] = [
  rulesRow(
    {
      id: "fresh-tags-read-zero",
      sentence: "A page that is new to tags has tag 0 everywhere, and only one that asked has any.",
      source: "Documentation/arch/arm64/memory-tagging-extension.rst; I7 of the series' invariants",
      assumptions: ["A1"],
    },
    [
      "fresh-tags-are-zero",
      "enabled-tags-are-zero",
      "enabling-again-keeps-tags",
      "no-tags-unasked",
    ],
    ({ kind }, outcome) =>
      (kind === "allocate" && outcome === "pages") ||
      (kind === "enable-tags" && outcome === "page"),
  ),
  rulesRow(
    {
      id: "tags-belong-to-their-page",
      sentence: "A tag read returns what was written there last, whatever else went on.",
      source: "Arm ARM; file traffic never changes tags and tags never change file bytes",
      assumptions: ["A1"],
    },
    ["a-tag-read-returns-the-last-write"],
    ({ kind }) => kind === "read-tag",
  ),
  rulesRow(
    {
      id: "bytes-belong-to-their-page",
      sentence: "The bytes of a page are those last written to it, also where tags lie nearby.",
      source: "RFC v3 30/35: a tag written to storage in use as data overwrites that data",
      assumptions: ["A1"],
    },
    [
      "a-byte-read-returns-the-last-write",
      "fresh-bytes-are-zero",
      "a-copy-carries-the-bytes",
      "migration-keeps-bytes",
      "enabling-keeps-bytes",
      "bytes-survive-swap",
    ],
    ({ kind }) => kind === "read-bytes",
  ),
  rulesRow(
    {
      id: "tags-survive-copy",
      sentence: "A copy has the tags of its source, and none if the source has none.",
      source: "Linux copy_highpage(); memory-tagging-extension.rst (copy-on-write)",
      assumptions: ["A1", "A6"],
    },
    ["a-copy-carries-the-tags", "an-untagged-source-gives-no-tags"],
    ({ kind }, outcome) => kind === "copy" && outcome === "page",
  ),
  rulesRow(
    {
      id: "tags-survive-migration",
      sentence: "A page that is moved keeps its tags and its bytes.",
      source: "Linux migrate_pages(), copy_highpage()",
      assumptions: ["A1"],
    },
    ["migration-keeps-tags", "migration-keeps-bytes"],
    ({ kind }) => kind === "migrate",
  ),
  rulesRow(
    {
      id: "tags-survive-swap",
      sentence: "A page comes back from swap with its tags, whatever the mapping that asks.",
      source: "Linux 6dca4ac6fc91, 69e3b846d8a7",
      assumptions: ["A1", "A7"],
    },
    ["tags-survive-swap", "tags-come-back-whatever-the-mapping", "only-saved-tags-are-restored"],
    (operation, outcome) =>
      operation.kind === "swap-in" && operation.path === "fault" && outcome === "page",
  ),
  rulesRow(
    {
      id: "tags-survive-swapoff",
      sentence: "Swapoff and shared memory bring a page back with its tags too.",
      source: "Linux b53e24c4f6bc, 8a84802e2a2b",
      assumptions: ["A1", "A7"],
      slices: ["swapoff"],
    },
    ["tags-survive-swapoff", "tags-survive-shmem-swap", "only-saved-tags-are-restored"],
    (operation, outcome) =>
      operation.kind === "swap-in" && operation.path !== "fault" && outcome === "page",
  ),
  rulesRow(
    {
      id: "swap-slots-stay-apart",
      sentence: "A slot holds one page until its last user; a failed save leaves nothing in it.",
      source: "Linux mte_invalidate_tags(); f238b8c33c67",
      assumptions: ["A7"],
    },
    ["a-slot-is-given-once", "a-failed-save-leaves-no-trace", "a-slot-lives-until-its-last-user"],
    ({ kind }, outcome) => kind === "swap-out" || (kind === "free-slot" && outcome === "slot"),
  ),
  rulesRow(
    {
      id: "no-page-is-given-twice",
      sentence: "No page is handed out while somebody has it, and no more pages than there are.",
      source: "the page allocator",
      assumptions: [],
    },
    ["no-page-is-given-twice", "no-more-pages-than-memory", "an-allocation-is-whole"],
    (_operation, outcome) => outcome === "page" || outcome === "pages",
  ),
  rulesRow(
    {
      id: "storage-is-never-tagged",
      sentence: "No tagged page lies in tag storage.",
      source: "RFC v2 cover; mte-dynamic-carveout spec.md",
      assumptions: ["A2"],
    },
    ["storage-is-never-tagged"],
    (operation) =>
      operation.kind === "enable-tags" || (operation.kind === "allocate" && operation.tagged),
  ),
];
