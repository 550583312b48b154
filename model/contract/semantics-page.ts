/** docs/semantics.md, written from the rulebooks of the architecture and the process room. */
import { architectureRulebook } from "./architecture/rulebook.ts";
import { processRulebook } from "./process/rulebook.ts";

type Rule = {
  readonly sentence: string;
  readonly source: string;
  readonly governs: readonly string[];
};

const columns = 100;

/** Words in lines of at most 100 columns, those after the first indented. */
const wrapped = (text: string): string => {
  const lines: string[] = [];
  let line = "-";
  for (const word of text.split(" ")) {
    if (line.length + 1 + word.length > columns) {
      lines.push(line);
      line = ` ${word}`.padStart(word.length + 2);
    } else line = `${line} ${word}`;
  }
  return [...lines, line].join("\n");
};

const item = ([id, { sentence, source, governs }]: [string, Rule]): string =>
  wrapped(`**\`${id}\`** ${sentence} (${source}. Operations: ${governs.join(", ")}.)`);

const section = (title: string, rules: Readonly<Record<string, Rule>>): string =>
  [`## ${title}`, "", ...Object.entries(rules).map(item), ""].join("\n");

const preamble = `# Semantics

What a program sees of memory tags: first what the CPU does with an instruction, then what Linux
does with a process. Each rule is a sentence with its source and the operations that it governs;
every outcome that the model allows cites the rules that made it so, and what the sources leave open
is several outcomes, not one. Kernel versions are a parameter where they differ. This page is
written from \`model/contract/architecture/rulebook.ts\` and \`model/contract/process/rulebook.ts\`; do
not edit it. What the sources do not say is in \`docs/assumptions.md\`.
`;

/** Both rulebooks as a page: the same bytes every time. */
export const semanticsAsMarkdown = (): string =>
  [
    preamble,
    section("The CPU", architectureRulebook),
    section("The process", processRulebook),
  ].join("\n");
