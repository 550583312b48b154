/** What a schema cannot say of a counterexample: that its names exist and its numbers fit. */
import {
  type Design,
  designNamed,
  designs,
  makeGeometry,
  totalPages,
  totalStoragePages,
} from "../model/index.ts";
import { type Row, rowNamed, rows } from "../properties/index.ts";
import { type Counterexample, largest } from "./format.ts";
import { implementationProblem, machineryOf } from "./machinery.ts";
import { oneOfThese, type Problem, runSteps } from "./run.ts";

const problem = (path: Problem["path"], expected: string, found: string): Problem => ({
  path,
  expected,
  found,
});

/** Refused with the first problem of the list that is one. */
const firstOf = (...checks: readonly (() => Problem | null)[]): Problem | null => {
  for (const check of checks) {
    const found = check();
    if (found !== null) return found;
  }
  return null;
};

const doubled = (names: readonly string[]): number =>
  names.findIndex((name, index) => names.indexOf(name) < index);

type Scoped = Pick<Counterexample, "scope">;

const geometryProblem = ({ scope: { geometry, otherCmaPages } }: Scoped): Problem | null => {
  const { blockPages, regions } = geometry;
  const path = ["scope", "geometry", "regions"];
  const broken = regions.findIndex(({ storagePages }) => storagePages % blockPages !== 0);
  if (broken >= 0)
    return problem(
      [...path, broken, "storagePages"],
      `a multiple of blockPages, ${blockPages}`,
      String(regions[broken]?.storagePages),
    );
  const counted = makeGeometry(
    geometry,
    regions.map(({ storagePages }) => storagePages / blockPages),
  ).regions;
  for (const [index, region] of regions.entries())
    for (const name of ["firstPage", "pages", "firstStoragePage", "storagePages"] as const)
      if (region[name] !== counted[index]?.[name])
        return problem(
          [...path, index, name],
          `${counted[index]?.[name]}, as the regions follow each other`,
          String(region[name]),
        );
  if (totalPages(geometry) > largest.pages)
    return problem(path, `at most ${largest.pages} pages`, `${totalPages(geometry)} pages`);
  if (totalStoragePages(geometry) > largest.storagePages)
    return problem(
      path,
      `at most ${largest.storagePages} storage pages`,
      `${totalStoragePages(geometry)} of them`,
    );
  if (otherCmaPages > totalPages(geometry))
    return problem(
      ["scope", "otherCmaPages"],
      `at most the ${totalPages(geometry)} pages there are`,
      String(otherCmaPages),
    );
  return null;
};

const filesProblem = ({ scope }: Scoped): Problem | null => {
  const { files, pagesPerFile, folioOrder } = scope;
  if (files > 0 && pagesPerFile === 0)
    return problem(["scope", "pagesPerFile"], "pages in the files there are", "0");
  if (pagesPerFile % 2 ** folioOrder !== 0)
    return problem(
      ["scope", "pagesPerFile"],
      `whole folios of ${2 ** folioOrder} pages`,
      String(pagesPerFile),
    );
  return null;
};

const actorsProblem = ({ scope: { actors, files } }: Scoped): Problem | null => {
  const again = doubled(actors.map(({ name }) => name));
  if (again >= 0)
    return problem(
      ["scope", "actors", again, "name"],
      "a name of its own",
      `"${actors[again]?.name}" again`,
    );
  for (const [index, { may }] of actors.entries()) {
    const offer = doubled(may);
    if (offer >= 0)
      return problem(
        ["scope", "actors", index, "may", offer],
        "each offer once",
        `"${may[offer]}" again`,
      );
    const unfit = files > 0 ? -1 : may.findIndex((each) => each === "unmount" || each === "mount");
    if (unfit >= 0)
      return problem(
        ["scope", "actors", index, "may", unfit],
        "no file system where there are no files",
        `"${may[unfit]}"`,
      );
  }
  return null;
};

/** The first thing in a scope that does not fit the rest of it. */
export const scopeProblem = (scoped: Scoped): Problem | null =>
  firstOf(
    () => geometryProblem(scoped),
    () => filesProblem(scoped),
    () => actorsProblem(scoped),
  );

const shapeProblem = (
  { verdict, kind, loopFrom, steps }: Counterexample,
  row: Row,
): Problem | null => {
  const wanted = row.kind === "leadsTo" ? "lasso" : "finite";
  if (kind !== wanted)
    return problem(["kind"], `"${wanted}", as ${row.id} is of kind ${row.kind}`, `"${kind}"`);
  if (kind === "finite" && loopFrom !== undefined)
    return problem(["loopFrom"], "it in a lasso only", String(loopFrom));
  if (kind === "lasso" && loopFrom === undefined)
    return problem(["loopFrom"], "where the loop begins", "nothing");
  if (loopFrom !== undefined && loopFrom > steps.length)
    return problem(["loopFrom"], `at most ${steps.length}, the number of steps`, String(loopFrom));
  if (verdict === "never" && row.kind !== "canAlways")
    return problem(["verdict"], `"broken", as ${row.id} is of kind ${row.kind}`, `"never"`);
  if (verdict === "never" && steps.length > 0)
    return problem(["steps"], `no step with the verdict "never"`, `${steps.length}`);
  return null;
};

/** The first thing in a counterexample that is no counterexample of this program, steps aside. */
export const staticProblem = (counterexample: Counterexample): Problem | null => {
  const { design: designName, property } = counterexample;
  const design = designNamed(designName);
  if (design === undefined)
    return problem(
      ["design"],
      `a design (${designs.map(({ name }) => name).join(", ")})`,
      `"${designName}"`,
    );
  const row = rowNamed(property.row);
  if (row === undefined)
    return problem(
      ["property", "row"],
      `a row of the table (${rows.map(({ id }) => id).join(", ")})`,
      `"${property.row}"`,
    );
  const planted = counterexample.implementation?.bugs ?? [];
  return firstOf(
    () => implementationProblem(planted, design, ["implementation", "bugs"]),
    () => scopeProblem(counterexample),
    () => shapeProblem(counterexample, row),
    () => propertyProblem(counterexample, design, row),
  );
};

const propertyProblem = (
  counterexample: Counterexample,
  design: Design,
  row: Row,
): Problem | null => {
  const { property, slice } = counterexample;
  const machinery = machineryOf(counterexample, design);
  const not = row.appliesNot?.(machinery) ?? null;
  if (not !== null)
    return problem(
      ["property", "row"],
      `a row that applies to ${design.name}`,
      `${row.id} (${not})`,
    );
  const ids = row.build(machinery, slice).map(({ id }) => id);
  return ids.includes(property.id)
    ? null
    : problem(
        ["property", "id"],
        `a property of ${row.id} (${oneOfThese(ids)})`,
        `"${property.id}"`,
      );
};

/** {@link staticProblem}, or the first step that is not possible where it stands. */
export const problemIn = (counterexample: Counterexample): Problem | null => {
  const found = staticProblem(counterexample);
  if (found !== null) return found;
  const design = designNamed(counterexample.design);
  if (design === undefined) return null;
  const result = runSteps(machineryOf(counterexample, design), counterexample);
  return result.ok ? null : result.problem;
};
