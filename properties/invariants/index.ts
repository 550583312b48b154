/**
 * Where each invariant that was written down for this subject has its home: in a rule of the
 * contract, in a row of the table, or in an assumption that says why it cannot be asked here.
 * docs/invariants.md is generated from these tables.
 */
import { cleancache } from "./cleancache.ts";
import type { Invariant } from "./entry.ts";
import { series } from "./series.ts";

export const invariants: readonly Invariant[] = [...series, ...cleancache];

const preamble = `# Invariants

Two lists of invariants came before this project: S1 to S13 were drawn from the tag storage series,
I1 to I36 from cleancache as the carrier of tag storage (the rows' sources call both "I"). This
page says where each has its home: in rules of the contract (\`docs/rules.md\`), in rows of the table
(\`mte-oracle check\`), or in an assumption (\`docs/assumptions.md\`) that limits it or stands in for it.
It is written from \`properties/invariants\`; do not edit it.
`;

const ids = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(", ");

const line = ({ id, statement, rules, rows, assumptions, note }: Invariant): string => {
  const said = note === undefined ? statement : `${statement} *${note}*`;
  return `| ${id} | ${said} | ${ids(rules)} | ${ids(rows)} | ${assumptions.join(", ")} |`;
};

const section = (title: string, entries: readonly Invariant[]): string =>
  [
    `## ${title}`,
    "",
    "| id | invariant | rules | rows | assumptions |",
    "| --- | --- | --- | --- | --- |",
    ...entries.map(line),
    "",
  ].join("\n");

/** The table as a page: the same bytes every time. */
export const invariantsAsMarkdown = (): string =>
  [preamble, section("Tag storage", series), section("Cleancache", cleancache)].join("\n");
