/** docs/rules.md, written from the rulebook so that the two cannot differ. */
import type { Operation } from "./operations.ts";
import { type RuleId, rulebook, ruleIds } from "./rulebook.ts";

/** The families of operations in reading order; a rule stands under the first that it governs. */
const families = {
  "Pages: allocation, free, migration": ["allocate", "free", "migrate"],
  "Access: tags, bytes, PROT_MTE": [
    "enable-tags",
    "write-tag",
    "read-tag",
    "write-bytes",
    "read-bytes",
  ],
  Copies: ["copy", "copy-again"],
  Swap: ["swap-out", "swap-in", "restore-again", "share-slot", "free-slot", "swapoff"],
  "Files and the page cache": [
    "read-file",
    "write-file",
    "write-back",
    "direct-write",
    "truncate",
    "evict",
    "unlink",
    "create",
    "unmount",
    "mount",
  ],
  Cleancache: ["put", "get", "invalidate-page", "invalidate-object", "invalidate-pool", "drop"],
} satisfies Record<string, readonly Operation["kind"][]>;

const preamble = `# Rules

The contract says what software may rely on when memory carries MTE tags, whatever the design below
it. Each rule forbids something that a caller could see, and every refusal cites one by its name in
the first column. The second column says what holds, the third where that comes from, the fourth
which operations can break it: an operation that is not named there never does. Pages are named by
handle, so a migration is nothing a caller can see; what the rules leave open, an implementation may
choose. This page is written from \`model/contract/memory/rulebook.ts\`; do not edit it.
`;

const row = (id: RuleId): string => {
  const { sentence, source, governs } = rulebook[id];
  const kinds = governs.map((kind) => `\`${kind}\``).join(", ");
  return `| \`${id}\` | ${sentence} | ${source} | ${kinds} |`;
};

const section = (title: string, kinds: readonly string[]): string => {
  const rows = ruleIds.filter((id) => kinds.includes(rulebook[id].governs[0])).map(row);
  return [
    `## ${title}`,
    "",
    "| rule | what holds | source | operations |",
    "| --- | --- | --- | --- |",
  ]
    .concat(rows, "")
    .join("\n");
};

/** The rulebook as a page: the same bytes every time. */
export const rulebookAsMarkdown = (): string =>
  [preamble, ...Object.entries(families).map(([title, kinds]) => section(title, kinds))].join("\n");
