/**
 * State that only one design has (plugged blocks, generation words, a compressed pool): named lists
 * of small numbers beside the world that all designs share. A design without them has none, and its
 * states stay as they are.
 */
import { listOf, recordOf, wholeNumber } from "../layout.ts";
import type { Scope } from "./scope.ts";

/** By the names of their fields. */
export type Extra = { [field: string]: number[] };

type Holder = { readonly extra: Extra };

/** What has a number in a world: a list of things of one kind. */
export type Named = "actor" | "frame" | "storage" | "block" | "slot" | "key";

/** What the numbers of a field have to do with things that have numbers themselves. */
export type About = {
  /** Whose entries they are: of nothing in particular, of each thing, of each pair (by the first). */
  readonly by: readonly [] | readonly [Named] | readonly [Named, Named];
  /** A number above 0 names one of these, plus one. Left out: it names nothing. */
  readonly names?: Named;
  /** The order of these things counts for something: the first so many of them, or each in turn. */
  readonly inOrder?: Named;
};

/** What a field is: how many numbers, their bounds, and what each is at first. */
type Shape = {
  readonly length: (scope: Scope) => number;
  readonly least: number;
  readonly most: number | ((scope: Scope) => number);
  readonly initially: number | ((index: number, scope: Scope) => number);
  /** Left out: nobody knows, and nothing in a world may be exchanged with anything else. */
  readonly about?: About;
};

export class ExtraField {
  /** camelCase */
  readonly name: string;
  readonly shape: Shape;

  constructor(name: string, shape: Shape) {
    if (!/^[a-z][A-Za-z]*$/.test(name)) throw new RangeError(`${name} is no name in camelCase`);
    this.name = name;
    this.shape = shape;
  }

  /** The numbers of a world, to be read and, in a script, written. */
  of({ extra }: Holder): number[] {
    const numbers = extra[this.name];
    if (!numbers) throw new RangeError(`the design declares no field ${this.name}`);
    return numbers;
  }

  get about(): About | null {
    return this.shape.about ?? null;
  }

  fresh(scope: Scope): number[] {
    const { length, initially } = this.shape;
    return Array.from({ length: length(scope) }, (_, index) =>
      typeof initially === "number" ? initially : initially(index, scope),
    );
  }

  layout(scope: Scope) {
    const { length, least, most } = this.shape;
    const highest = typeof most === "number" ? most : most(scope);
    return listOf(wholeNumber(least, highest), length(scope));
  }
}

export const freshExtra = (fields: readonly ExtraField[], scope: Scope): Extra =>
  Object.fromEntries(fields.map((field) => [field.name, field.fresh(scope)]));

export const extraLayout = (fields: readonly ExtraField[], scope: Scope) =>
  recordOf<Extra>(Object.fromEntries(fields.map((field) => [field.name, field.layout(scope)])));
