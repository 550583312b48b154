/** docs/rules.md, written from the rulebook so that the two cannot differ. */
import { type OperationFamily, operationFamilies } from "./families.ts";
import { type RuleId, rulebook, ruleIds } from "./rulebook.ts";

/** A rule stands under the first family that it governs. */
const titles: readonly (readonly [OperationFamily, string])[] = [
  ["pages", "Pages: allocation, free, migration"],
  ["access", "Access: tags, bytes, PROT_MTE"],
  ["copies", "Copies"],
  ["swap", "Swap"],
  ["files", "Files and the page cache"],
  ["cleancache", "Cleancache"],
];

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

const section = ([family, title]: readonly [OperationFamily, string]): string => {
  const kinds: readonly string[] = operationFamilies[family];
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
export const rulebookAsMarkdown = (): string => [preamble, ...titles.map(section)].join("\n");
