/**
 * What runs the steps of a counterexample: the design's own scripts, or the implementation, with
 * bugs planted in it or with none.
 */
import { bugNamed, bugs } from "../impl/index.ts";
import { type Design, Machinery, type MachineryOptions } from "../model/index.ts";
import { machineryWith } from "../properties/bugs/planted.ts";
import type { Counterexample } from "./format.ts";
import { oneOfThese, type Problem } from "./run.ts";

/** Bugs that do not exist are left out: {@link implementationProblem} refuses them. */
export const machineryOf = (
  { implementation, scope }: Pick<Counterexample, "implementation" | "scope">,
  design: Design,
  options: MachineryOptions = {},
): Machinery => {
  if (implementation === undefined) return new Machinery(design, scope, options);
  const planted = implementation.bugs.flatMap((id) => bugNamed(id) ?? []);
  return machineryWith(planted, design, scope, options);
};

/** The first bug that there is not, or that the design cannot have. */
export const implementationProblem = (
  ids: readonly string[],
  design: Design,
  path: Problem["path"],
): Problem | null => {
  for (const [index, id] of ids.entries()) {
    const place = [...path, index];
    const found = `"${id}"`;
    const bug = bugNamed(id);
    if (bug === undefined) {
      const expected = `a planted bug (${oneOfThese(bugs.map((each) => each.id))})`;
      return { path: place, expected, found };
    }
    if (ids.indexOf(id) < index)
      return { path: place, expected: "each bug once", found: `${found} again` };
    if (!bug.designs.includes(design.name))
      return { path: place, expected: `a bug that ${design.name} can have`, found };
  }
  return null;
};
