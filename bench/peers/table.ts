/** The measurements as text: first how they compare, then what each took. */
import type { Spread } from "../throughput/statistics.ts";
import type { InstanceResults, Result } from "./measure.ts";
import { ratiosOf } from "./ratios.ts";

const number = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

const spread = ({ median, min, max }: Spread): string =>
  `${number(median)} (${number(min)}-${number(max)})`;

const row = (name: string, cells: readonly string[]): string =>
  name.padEnd(40) + cells.map((cell) => cell.padStart(20)).join("");

const heads = [
  "states",
  "thousand states/s",
  "search s",
  "process s",
  "processor s",
  "bytes/state",
];

const cellsOf = ({ states, search, wall, processor, bytes }: Result): readonly string[] => [
  states.toLocaleString("en"),
  (states / search.median / 1e3).toFixed(0),
  spread(search),
  spread(wall),
  spread(processor),
  number(bytes / states),
];

export const tableOf = (measured: readonly InstanceResults[]): string =>
  measured
    .flatMap((each) => [
      `instance ${each.instance.name}: ${Object.entries(each.instance.size).flat().join(" ")}`,
      row("", ["by wall time", "by processor time", "aim"]),
      ...ratiosOf(each).map(({ what, aim, wall, processor }) =>
        row(what.padEnd(56), [number(wall), number(processor), `${aim}`]).replace(/ {16}/, ""),
      ),
      "",
      row("", heads),
      ...each.results.map((result) => row(result.name, cellsOf(result))),
      "",
    ])
    .join("\n");
