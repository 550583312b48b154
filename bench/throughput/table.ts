/** The numbers as text: what holds on every machine first, this machine's times last. */
import type { Comparison } from "./against-model.ts";
import type { AtSize } from "./at-size.ts";
import type { Collections } from "./garbage.ts";
import type { Spread } from "./statistics.ts";
import { counted } from "./workload.ts";

type OfDesign = {
  readonly name: string;
  readonly model: Comparison;
  readonly hot: AtSize;
  readonly spread: AtSize;
};

export type Results = {
  readonly designs: readonly OfDesign[];
  readonly garbage: Collections & {
    readonly operations: number;
    readonly scavengesOfLitter: number;
  };
};

const rowOf = (name: string, cells: readonly string[]): string =>
  name.padEnd(34) + cells.map((cell) => cell.padStart(20)).join("");

const millions = (perSecond: number): string => (perSecond / 1e6).toFixed(2);

const spreadCell = ({ median, min, max }: Spread): string =>
  `${millions(median)} (${millions(min)}-${millions(max)})`;

export const tableOf = ({ designs, garbage }: Results): string => {
  const row = (name: string, cell: (design: OfDesign) => string): string =>
    rowOf(name, designs.map(cell));
  const sizes = ["hot", "spread"] as const;
  return [
    row("", ({ name }) => name),
    row("manager : model", ({ model }) => `${model.ratio.toFixed(0)} : 1`),
    row("bytes a page, metadata", ({ hot }) => hot.bytesOfPage.metadata.toFixed(1)),
    row("bytes a page, all", ({ hot }) => hot.bytesOfPage.all.toFixed(1)),
    ...sizes.flatMap((size) => [
      "",
      `${size}: shares in % of operations`,
      ...counted.slice(1).map((name) => row(name, (of) => (of[size].shares[name] ?? 0).toFixed(2))),
    ]),
    "",
    "times of this machine",
    row("model, thousand op/s", ({ model }) => (model.modelPerSecond.median / 1e3).toFixed(1)),
    row("manager, same work, million op/s", ({ model }) => spreadCell(model.managerPerSecond)),
    ...sizes.flatMap((size) => [
      row(`${size}, million op/s`, (of) => spreadCell(of[size].perSecond)),
      row(`${size}, by processor time`, (of) => spreadCell(of[size].perProcessorSecond)),
      row(`${size}, ns of one: median, p99`, (of) => {
        const { median, p99 } = of[size].nanoseconds;
        return `${median.toFixed(0)}, ${p99.toFixed(0)}`;
      }),
    ]),
    "",
    `garbage: ${garbage.scavenges} scavenges and ${garbage.others} other collections in ` +
      `${garbage.operations.toLocaleString("en")} operations (seen while littering: ` +
      `${garbage.scavengesOfLitter})`,
  ].join("\n");
};
