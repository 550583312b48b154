/**
 * State that only one design has, under other names. A design says of each of its fields what its
 * entries belong to and what its numbers name; where it does not, nothing in it may be exchanged.
 */
import {
  at,
  type Design,
  type Extra,
  type ExtraField,
  type Named,
  type World,
} from "../../model/index.ts";

/** Old names in the order of the new ones, for each kind of thing. */
export type Orders = { readonly [kind in Named]: readonly number[] };

/** Is it known of all fields what they are about? */
export const saysWhatFieldsName = ({ extra = [] }: Pick<Design, "extra">): boolean =>
  extra.every(({ about }) => about !== null);

/** Does the order of these things count for something in the design? */
export const keepsOrderOf = ({ extra = [] }: Pick<Design, "extra">, kind: Named): boolean =>
  extra.some(({ about }) => about?.inOrder === kind);

const renamedField = ({ about }: ExtraField, numbers: readonly number[], orders: Orders) => {
  if (about === null) return numbers;
  const { by, names } = about;
  const [rows, columns] = by;
  const list = (from: readonly number[], kind: Named): number[] =>
    orders[kind].map((old) => at(from, old));
  const width = columns ? orders[columns].length : 0;
  const moved =
    rows === undefined
      ? numbers
      : columns === undefined
        ? list(numbers, rows)
        : orders[rows].flatMap((old) => list(numbers.slice(old * width), columns));
  return names === undefined
    ? moved
    : moved.map((number) => (number > 0 ? orders[names].indexOf(number - 1) + 1 : number));
};

export const renamedExtra = (extra: Extra, fields: readonly ExtraField[], orders: Orders): Extra =>
  fields.length === 0
    ? extra
    : Object.fromEntries(
        fields.map((field) => [field.name, [...renamedField(field, field.of({ extra }), orders)]]),
      );

/**
 * What the fields say of each thing of one kind: the numbers that belong to it, and which numbers name
 * it. By that, too, it differs from others of its kind.
 */
export const fieldSigns = (
  world: World,
  fields: readonly ExtraField[],
  kind: Named,
  count: number,
): readonly string[] => {
  const signs = new Array<string>(count).fill("");
  for (const [nth, field] of fields.entries()) {
    const { about } = field;
    if (about === null) continue;
    const numbers = field.of(world);
    const [rows, columns] = about.by;
    if (columns === kind || (columns === undefined && rows === kind))
      for (const [index, number] of numbers.entries()) signs[index % count] += `/${number}`;
    if (about.names === kind)
      for (const [index, number] of numbers.entries())
        if (number > 0) signs[number - 1] += `!${nth}.${index}`;
  }
  return signs;
};
