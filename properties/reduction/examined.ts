/**
 * Are the two relations behind the reductions what they are taken for, in one slice of one design?
 * Asked of so many of its states, with the properties of all rows that look at the slice.
 */
import { type Examined, examineOrder, examineSymmetry } from "../../checker/index.ts";
import { type Design, Machinery, type Move } from "../../model/index.ts";
import { rows } from "../rows/index.ts";
import type { Slice } from "../slices.ts";
import { Canonical } from "./canonical.ts";
import { type Interchangeable, interchangeable, type Kept } from "./interchangeable.ts";
import { type Commuting, pendingIn } from "./urgent.ts";

/** What the rows look at in one slice; with or without those that look at whole runs. */
const asked = (machinery: Machinery, slice: string, wholeRuns: boolean) => {
  const wanted = rows.filter(
    (row) => (row.slices?.includes(slice) ?? true) && !row.appliesNot?.(machinery),
  );
  const properties = wanted.flatMap((row) => row.build(machinery, slice));
  return {
    properties: wholeRuns ? properties : properties.filter(({ kind }) => kind !== "leadsTo"),
    keepsPlaces: wanted.some(({ namesPlaces }) => namesPlaces),
  };
};

/** Environments are nobody's thread: they act whenever they like. */
const threadOf = (move: Move): number => (move.kind === "act" ? move.actor : -1);

/** Of a symmetry other than the real one tests see that it is found out. */
type Alike = (machinery: Machinery, kept: Kept) => Interchangeable;

/** `wholeRuns`: as it is used where rows look at whole runs, and every actor stays who he is. */
export const symmetryIn = (
  { name, scope }: Pick<Slice, "name" | "scope">,
  design: Design,
  mostStates: number,
  { wholeRuns = true, alike = interchangeable }: { wholeRuns?: boolean; alike?: Alike } = {},
): Examined => {
  const machinery = new Machinery(design, scope);
  const { properties, keepsPlaces } = asked(machinery, name, wholeRuns);
  const form = new Canonical(
    machinery,
    alike(machinery, { places: keepsPlaces, actors: wholeRuns }),
  );
  const symmetry = { canonical: form.of.bind(form), keepsFairness: wholeRuns };
  return examineSymmetry(machinery, properties, symmetry, mostStates);
};

export const orderIn = (
  { name, scope }: Pick<Slice, "name" | "scope">,
  design: Design,
  mostStates: number,
  by?: Commuting,
): Examined => {
  const machinery = new Machinery(design, scope);
  const { properties } = asked(machinery, name, true);
  return examineOrder(
    machinery,
    properties,
    { pending: pendingIn(machinery, by), threadOf },
    mostStates,
  );
};
