/** Measures what kills a bug: every suite from one seed, and the checker. */
import { type Bug, isPacked } from "../../impl/index.ts";
import { ruleIds } from "../../model/index.ts";
import { defaultLength, fixedSeed, runSuite, type Theme, themes } from "../lockstep/index.ts";
import { designsOf, flagIn, hunt, type Kill, type Known, killIn } from "./hunt.ts";
import type { BugKills, CheckerKill, Kills, SuiteKill } from "./kills.ts";
import { underWith } from "./planted.ts";

/** Enough for every bug to be killed by some suite, and little enough to be done for every bug. */
export const budget: Omit<Kills, "format" | "version" | "bugs"> = {
  seed: fixedSeed,
  runs: 60,
  moreRuns: 600,
  length: defaultLength,
  harmlessRuns: 300,
  harmlessStates: 10_000,
};

/** Suites with a design that can have the bug. */
export const suitesFor = ({ designs }: Bug): readonly Theme[] =>
  themes.filter((theme) => theme.designs.some(({ name }) => designs.includes(name)));

/** Runs a suite with the bug planted until the first mismatch. */
export const suiteKill = (bug: Bug, theme: Theme, runs: number): SuiteKill | null => {
  const { designs } = bug;
  const { seed, length } = budget;
  const under = underWith([bug]);
  const result = runSuite(theme, { seed, runs, length, designs, under, asFound: true });
  if (result.failure === null) return null;
  const { action, part } = result.failure.first;
  return { operations: result.operations, action, part };
};

/** A reason that cites the contract begins with the rule. */
const ruleIn = (reason: string): string | null => {
  const [first = ""] = reason.split(":");
  return ruleIds.find((id) => id === first) ?? null;
};

const checkerKillOf = (kill: Kill): CheckerKill => {
  const { report, finding, operations, switches, actions } = kill;
  const rule = ruleIn(finding.result.reason);
  return { slice: report.slice, row: finding.row, rule, operations, switches, actions };
};

/** What a worker finds: the row of the matrix, and the shortest run with all that a file needs. */
export type Measured = { readonly kills: BugKills; readonly kill: Kill | null };

const suiteKills = (bug: Bug, runs: number): BugKills["suites"] =>
  Object.fromEntries(suitesFor(bug).map((theme) => [theme.name, suiteKill(bug, theme, runs)]));

/** What the suites need, or null where none of them kills the bug in a few runs. */
const killedSoon = (bug: Bug): BugKills["suites"] | null => {
  const suites = suiteKills(bug, budget.runs);
  return Object.values(suites).some((kill) => kill !== null) ? suites : null;
};

/** The checker in the other designs of a bug, where each runs scripts of its own. */
const othersOf = (bug: Bug, known: Known): NonNullable<BugKills["others"]> =>
  Object.fromEntries(
    designsOf(bug)
      .slice(1)
      .filter((design) => !isPacked(design))
      .map((design) => {
        const kill = killIn(bug, design, known);
        return [design.name, kill && checkerKillOf(kill)];
      }),
  );

/** @throws Error when the bug names no design */
export const measure = (bug: Bug, known: Known): Measured => {
  const [design] = designsOf(bug);
  if (!design) throw new Error(`${bug.id} names no design`);
  const harmless = bug.harmless === true;
  const suites = harmless
    ? suiteKills(bug, budget.harmlessRuns)
    : (killedSoon(bug) ?? suiteKills(bug, budget.moreRuns));
  const kill = harmless
    ? flagIn(bug, design, known, budget.harmlessStates)
    : hunt(bug, design, known);
  const checker = kill && checkerKillOf(kill);
  const story = bug.story.length;
  const others = harmless ? {} : othersOf(bug, known);
  const further = Object.keys(others).length > 0 ? { others } : {};
  return { kills: { harmless, design: design.name, story, suites, checker, ...further }, kill };
};
