/**
 * The part of docs/designs.md that says what becomes of verdicts when others ask for tags: a table
 * for each profile, held against ordinary processes in scopes of the same size.
 */
import { wrapped } from "../counterexamples/index.ts";
import {
  defaultMachine,
  type Expected,
  type ExpectedCell,
  type ExpectedMachine,
  expectedKey,
  type Profile,
  profiles,
  rows,
} from "../properties/index.ts";
import { blockOf, withBlock } from "./designs-page.ts";

const titles: { readonly [profile in Profile]: string } = {
  processes: "Processes",
  "hw-kasan": "HW KASAN: every page of the kernel is tagged",
  "mte-guest": "An MTE guest: all of its memory is tagged",
};

const words: { readonly [kind in ExpectedCell["kind"]]: string } = {
  holds: "holds",
  broken: "broken",
  never: "never",
  "not-applicable": "does not apply",
  "premise-unreachable": "no case",
  inconclusive: "undecided",
};

/** The same change in several designs. */
type Change = { readonly row: string; readonly from: string; readonly to: string };

const wordsOf = ({ kind, steps }: ExpectedCell): string =>
  kind === "broken" && steps !== undefined ? `broken in ${steps}` : words[kind];

const changesOf = (
  processes: ExpectedMachine,
  others: ExpectedMachine,
): readonly (Change & { readonly designs: readonly string[] })[] =>
  rows.flatMap(({ id: row }) => {
    const found = new Map<string, Change & { readonly designs: string[] }>();
    for (const design of Object.keys(others)) {
      const from = processes[design]?.rows[row];
      const to = others[design]?.rows[row];
      if (!from || !to || wordsOf(from) === wordsOf(to)) continue;
      const change = { row, from: wordsOf(from), to: wordsOf(to) };
      const name = `${change.from}, ${change.to}`;
      const known = found.get(name) ?? { ...change, designs: [] };
      known.designs.push(design);
      found.set(name, known);
    }
    return [...found.values()];
  });

const statesOf = (machine: ExpectedMachine): number =>
  Object.values(machine)
    .flatMap(({ slices }) => Object.values(slices))
    .reduce((sum, { states }) => sum + states, 0);

/** The question of the discussion: who can serve kernel tags, and who says no. */
const atomic = "atomic-tagged-allocation";

const atomicLines = (machine: ExpectedMachine): readonly string[] => {
  const kindOf = (design: string): ExpectedCell["kind"] =>
    machine[design]?.rows[atomic]?.kind ?? "inconclusive";
  const all = Object.keys(machine);
  return [...new Set(all.map(kindOf))].flatMap((kind) => {
    const said = kind === "not-applicable" ? "refused by configuration" : words[kind];
    const found = all.filter((design) => kindOf(design) === kind);
    return wrapped(`- \`${atomic}\`, ${said}: ${found.join(", ")}.`, 0).map((line, index) =>
      index === 0 ? line : `  ${line.trimStart()}`,
    );
  });
};

const tableOf = (
  profile: Profile,
  processes: ExpectedMachine,
  others: ExpectedMachine,
): readonly string[] => {
  const changes = changesOf(processes, others);
  return [
    `### ${titles[profile]}`,
    "",
    `\`--profile ${profile}\`: ${Object.keys(others).length} designs, ` +
      `${statesOf(others).toLocaleString("en")} states in all.`,
    "",
    ...atomicLines(others),
    "",
    ...(changes.length === 0
      ? ["No verdict changes, and nothing breaks sooner or later."]
      : [`| row | processes | ${profile} | in |`, "| --- | --- | --- | --- |"]),
    ...changes.map(
      ({ row, from, to, designs }) => `| \`${row}\` | ${from} | ${to} | ${designs.join(", ")} |`,
    ),
    "",
  ];
};

/** The page with the tables of all profiles of which something is expected. */
export const withProfiles = (
  text: string,
  expectedUnder: (profile: Profile) => Expected,
): string => {
  const machineOf = (profile: Profile): ExpectedMachine | undefined =>
    expectedUnder(profile).machines[expectedKey(defaultMachine, 4096, "smaller", profile)];
  const processes = machineOf("processes") ?? {};
  const lines = profiles.flatMap((profile) => {
    const others = profile === "processes" ? undefined : machineOf(profile);
    return others ? tableOf(profile, processes, others) : [];
  });
  return withBlock(text, "profiles", blockOf("profiles", lines.slice(0, -1)));
};
