/** The committed matrix, and the bugs it speaks of, for the tests beside this file. */
import { type Bug, bugs } from "../../impl/index.ts";
import { type BugKills, type Kills, parseKills } from "../../properties/bugs/kills.ts";
import { read } from "../house/tree.ts";

export const kills: Kills = parseKills(read("properties/bugs/kills.json"));

export const killsOfBug = ({ id }: Bug): BugKills => {
  const row = kills.bugs[id];
  if (!row) throw new Error(`${id} was not measured: npm run kills`);
  return row;
};

export const realBugs = bugs.filter(({ harmless }) => !harmless);
export const harmlessBugs = bugs.filter(({ harmless }) => harmless);

/** For `test.each`: the name first. */
export const byId = (list: readonly Bug[]): readonly (readonly [string, Bug])[] =>
  list.map((bug) => [bug.id, bug]);
