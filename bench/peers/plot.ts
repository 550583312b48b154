/**
 * The measurements as a picture: seconds of the search over the number of states, one line for each
 * way of searching. What lies lower is faster; a slope of one is linear.
 */
import { draw, type Line, type Point } from "./drawing.ts";
import type { InstanceResults, Result } from "./measure.ts";

/** Which contenders are shown, and how. */
const shown: readonly Omit<Line, "points">[] = [
  { name: "ours", colour: "#0b6e4f" },
  { name: "ours, symmetry", colour: "#08a045" },
  { name: "Spin, no reduction", colour: "#b33951" },
  { name: "rumur, threads 1", colour: "#5e4b8b" },
  { name: "rumur, symmetry heuristic, threads 2", colour: "#8a79af" },
  { name: "C, same search", colour: "#6b6b6b" },
];

/** Under symmetry as over all states: what was decided is the same. */
const pointsOf = (measured: readonly InstanceResults[], name: string): readonly Point[] =>
  measured.flatMap(({ instance, results }) =>
    results
      .filter((result: Result) => result.name === name)
      .map(({ search }) => ({ x: instance.states, y: search.median })),
  );

export const plotOf = (measured: readonly InstanceResults[]): string =>
  draw({
    title: "Seconds of an exhaustive search by reachable states, of each program",
    across: "reachable states",
    upwards: "seconds of the search",
    lines: shown
      .map((line) => ({ ...line, points: pointsOf(measured, line.name) }))
      .filter(({ points }) => points.length > 0),
  });
