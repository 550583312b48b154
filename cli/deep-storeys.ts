/** What `mte-oracle deep` found, size by size: the verdicts that change, and the text of it all. */
import { type Design, designs } from "../model/index.ts";
import {
  type Cell,
  type Column,
  columnOf,
  type Difference,
  type Profile,
  type Reductions,
  reductions,
  rows,
  type Size,
  sizes,
} from "../properties/index.ts";
import { stateLines } from "./table.ts";

/** How each size is explored: first the way that its verdicts are taken from. */
export const waysOf: { readonly [size in Size]: readonly Reductions[] } = {
  smaller: [[], ["symmetry"], ["order"], reductions],
  usual: [[], ["symmetry"], ["order"], reductions],
  larger: [reductions],
};

/** One size of all slices, explored in one way. */
export type Storey = {
  readonly size: Size;
  readonly profile: Profile;
  readonly reduce: Reductions;
  readonly columns: readonly Column[];
  readonly differences: readonly Difference[];
  /** Designs of which nothing is expected in this size. */
  readonly unknown: readonly string[];
};

/** A cell whose verdicts are not all the same, one for each size. */
type Change = {
  readonly design: string;
  readonly row: string;
  readonly verdicts: readonly Cell["kind"][];
};

/** The storey of each size that its verdicts are taken from. */
export const mainOf = (storeys: readonly Storey[]): readonly Storey[] =>
  storeys.filter(
    ({ size, reduce, profile }) => profile === "processes" && reduce === waysOf[size][0],
  );

/** A design in each size that it was explored in, with the slices alone that all of them have. */
const sideBySide = (design: Design, storeys: readonly Storey[]): readonly Column[] => {
  const columns = storeys.flatMap((storey) =>
    storey.columns.filter((column) => column.design === design.name),
  );
  const inAll = ({ slice }: Column["reports"][number]): boolean =>
    columns.every(({ reports }) => reports.some((report) => report.slice === slice));
  return columns.flatMap(({ reports }) => {
    const common = reports.filter(inAll);
    return common.length > 0 ? [columnOf(design, common)] : [];
  });
};

export const changesIn = (storeys: readonly Storey[]): readonly Change[] =>
  designs.flatMap((design) => {
    const columns = sideBySide(design, storeys);
    return rows.flatMap(({ id: row }): Change[] => {
      const verdicts = columns.flatMap(({ cells }) => cells.get(row)?.kind ?? []);
      return new Set(verdicts).size > 1 ? [{ design: design.name, row, verdicts }] : [];
    });
  });

/** Does the verdict still change where the scopes grow beyond the usual ones? */
const changesLate = ({ verdicts }: Change): boolean =>
  verdicts.length === sizes.length && verdicts.at(-1) !== verdicts.at(-2);

export const print = (...lines: readonly string[]): void => {
  process.stdout.write(lines.map((line) => `${line}\n`).join(""));
};

export const printStoreys = (storeys: readonly Storey[], changes: readonly Change[]): void => {
  for (const { size, profile, reduce, columns, differences, unknown } of storeys)
    print(
      `${size.toUpperCase()} SCOPES${profile === "processes" ? "" : `, ${profile}`}` +
        (reduce.length > 0 ? `, reduced by ${reduce.join(" and ")} where that is sound` : ""),
      ...stateLines(columns),
      ...differences.map(
        ({ design, what, expected, found }) =>
          `NOT AS EXPECTED  ${design}, ${what}: expected ${expected}, found ${found}`,
      ),
      ...(unknown.length > 0 ? [`Nothing is expected of ${unknown.join(", ")} here.`] : []),
      "",
    );
  const asked = mainOf(storeys).map(({ size }) => size);
  if (asked.length < sizes.length) return;
  print(
    `VERDICTS THAT CHANGE WITH THE SIZE (${asked.join(", ")})`,
    ...changes.map(({ design, row, verdicts }) => `  ${design}, ${row}: ${verdicts.join(", ")}`),
    "",
  );
  const late = changes.filter(changesLate).length;
  print(
    late === 0
      ? "No verdict changes any more from the usual scopes to the larger ones."
      : `${late} verdicts still change from the usual scopes to the larger ones.`,
  );
};

export const slicesIn = (columns: readonly Column[]) =>
  columns.flatMap(({ reports }) =>
    reports.map(({ design, slice, states, transitions, depth, cut }) => ({
      ...{ design, slice, states, transitions, depth, cut },
    })),
  );
