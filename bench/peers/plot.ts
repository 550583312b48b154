/**
 * The measurements as a picture: seconds of the search over the number of states, both in powers of
 * ten, one line for each way of searching. What lies lower is faster; a slope of one is linear.
 */
import type { InstanceResults, Result } from "./measure.ts";

const width = 720;
const height = 420;
const left = 60;
const right = 220;
const top = 20;
const bottom = 50;

/** Which contenders are shown, and how. Names, so that no reader has to know colours. */
const lines: readonly { readonly name: string; readonly colour: string }[] = [
  { name: "ours", colour: "#0b6e4f" },
  { name: "ours, symmetry", colour: "#08a045" },
  { name: "Spin, no reduction", colour: "#b33951" },
  { name: "rumur, threads 1", colour: "#5e4b8b" },
  { name: "rumur, symmetry heuristic, threads 2", colour: "#8a79af" },
  { name: "C, same search", colour: "#6b6b6b" },
];

type Point = { readonly states: number; readonly seconds: number };

/** Under symmetry as over all states: what was decided is the same. */
const pointsOf = (measured: readonly InstanceResults[], name: string): readonly Point[] =>
  measured.flatMap(({ instance, results }) =>
    results
      .filter((result: Result) => result.name === name)
      .map(({ search }) => ({ states: instance.states, seconds: search.median })),
  );

const scale = (values: readonly number[], from: number, to: number) => {
  const least = Math.floor(Math.log10(Math.min(...values)));
  const most = Math.max(least + 1, Math.ceil(Math.log10(Math.max(...values))));
  const at = (value: number): number =>
    from + ((Math.log10(value) - least) / (most - least)) * (to - from);
  const ticks = Array.from({ length: most - least + 1 }, (_, index) => 10 ** (least + index));
  return { at, ticks };
};

const text = (x: number, y: number, content: string, more = ""): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${content}</text>`;

const stroke = (points: readonly string[], colour: string, more = ""): string =>
  `<polyline fill="none" stroke="${colour}" ${more} points="${points.join(" ")}"/>`;

export const plotOf = (measured: readonly InstanceResults[]): string => {
  const shown = lines
    .map((line) => ({ ...line, points: pointsOf(measured, line.name) }))
    .filter(({ points }) => points.length > 0);
  const all = shown.flatMap(({ points }) => points);
  const x = scale(
    all.map(({ states }) => states),
    left,
    width - right,
  );
  const y = scale(
    all.map(({ seconds }) => seconds),
    height - bottom,
    top,
  );
  const place = ({ states, seconds }: Point): string =>
    `${x.at(states).toFixed(1)},${y.at(seconds).toFixed(1)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}"`,
    `  font-family="sans-serif" font-size="12">`,
    "<title>Seconds of an exhaustive search by reachable states, of each program</title>",
    `<rect width="${width}" height="${height}" fill="white"/>`,
    ...x.ticks.flatMap((tick) => [
      stroke([`${x.at(tick)},${top}`, `${x.at(tick)},${height - bottom}`], "#ddd"),
      text(x.at(tick), height - bottom + 16, tick.toLocaleString("en"), 'text-anchor="middle"'),
    ]),
    ...y.ticks.flatMap((tick) => [
      stroke([`${left},${y.at(tick)}`, `${width - right},${y.at(tick)}`], "#ddd"),
      text(left - 6, y.at(tick) + 4, `${tick}`, 'text-anchor="end"'),
    ]),
    text((left + width - right) / 2, height - 12, "reachable states", 'text-anchor="middle"'),
    text(8, top - 6, "seconds of the search"),
    ...shown.flatMap(({ name, colour, points }, index) => [
      stroke(points.map(place), colour, 'stroke-width="2"'),
      ...points.map((point) => {
        const [cx, cy] = place(point).split(",");
        return `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`;
      }),
      text(width - right + 12, top + 16 + 18 * index, name, `fill="${colour}"`),
    ]),
    "</svg>",
    "",
  ].join("\n");
};
