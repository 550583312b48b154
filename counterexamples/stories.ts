/** The shortest story of each planted bug as a counterexample: the files in `counterexamples/bugs`. */
import type { Bug } from "../impl/index.ts";
import type { Kill } from "../properties/bugs/hunt.ts";
import type { Counterexample } from "./format.ts";
import { makeCounterexample } from "./make.ts";

const foundHow = "breadth-first in growing parts of every slice: the fewest operations";

/** @throws Error when the kill is none of this program's */
export const storyOf = ({ id }: Bug, { report, finding }: Kill): Counterexample => {
  const made = makeCounterexample(report, finding, [id]);
  if (made === null) throw new Error(`${id}: nothing is broken`);
  return { ...made, found: foundHow };
};

export const storyFileOf = (id: string): string => `${id}.json`;
