/**
 * The verbs in the order of the help. A verb's module, and all that it needs, is loaded when that
 * verb is asked for: a start takes a fraction of the time that loading everything does.
 */
import type { Command } from "commander";
import type { ExitCode } from "./exit.ts";

/** Adds a verb to the program; `ended` hears the code that it ends with. */
export type AddVerb = (program: Command, ended: (code: ExitCode) => void) => void;

const verbs: Readonly<Record<string, () => Promise<AddVerb>>> = {
  check: async () => (await import("./check.ts")).addCheck,
  deep: async () => (await import("./deep.ts")).addDeep,
  compare: async () => (await import("./compare.ts")).addCompare,
  replay: async () => (await import("./replay.ts")).addReplay,
  itf: async () => (await import("./itf.ts")).addItf,
  show: async () => (await import("./show.ts")).addShow,
  try: async () => (await import("./try.ts")).addTry,
  explain: async () => (await import("./explain.ts")).addExplain,
  minimize: async () => (await import("./minimize.ts")).addMinimize,
  rules: async () => (await import("./rules.ts")).addRules,
  bugs: async () => (await import("./bugs.ts")).addBugs,
  suite: async () => (await import("./suite.ts")).addSuite,
  scenario: async () => (await import("./scenario.ts")).addScenario,
  judge: async () => (await import("./judge.ts")).addJudge,
  soak: async () => (await import("./soak.ts")).addSoak,
  test: async () => (await import("./test.ts")).addTest,
};

/** The one verb that the arguments ask for; all of them where they name none. */
export const verbsFor = async (given: readonly string[]): Promise<readonly AddVerb[]> => {
  const [first = ""] = given;
  const asked = Object.hasOwn(verbs, first) ? verbs[first] : undefined;
  if (asked) return [await asked()];
  const all: AddVerb[] = [];
  for (const load of Object.values(verbs)) all.push(await load());
  return all;
};
