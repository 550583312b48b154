/** Lines over two axes in powers of ten, as SVG: the same bytes for the same numbers. */

const width = 720;
const height = 420;
const left = 60;
const right = 220;
const top = 20;
const bottom = 50;

export type Point = { readonly x: number; readonly y: number };

/** Named in the picture, so that no reader has to know colours. */
export type Line = {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly Point[];
};

type Drawing = {
  readonly title: string;
  readonly across: string;
  readonly upwards: string;
  readonly lines: readonly Line[];
};

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

/** Every line has a point, and all numbers are above 0. */
export const draw = ({ title, across, upwards, lines }: Drawing): string => {
  const all = lines.flatMap(({ points }) => points);
  const horizontal = scale(
    all.map(({ x }) => x),
    left,
    width - right,
  );
  const vertical = scale(
    all.map(({ y }) => y),
    height - bottom,
    top,
  );
  const place = ({ x, y }: Point): string =>
    `${horizontal.at(x).toFixed(1)},${vertical.at(y).toFixed(1)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}"`,
    `  font-family="sans-serif" font-size="12">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    ...horizontal.ticks.flatMap((tick) => [
      stroke(
        [`${horizontal.at(tick)},${top}`, `${horizontal.at(tick)},${height - bottom}`],
        "#ddd",
      ),
      text(
        horizontal.at(tick),
        height - bottom + 16,
        tick.toLocaleString("en"),
        'text-anchor="middle"',
      ),
    ]),
    ...vertical.ticks.flatMap((tick) => [
      stroke([`${left},${vertical.at(tick)}`, `${width - right},${vertical.at(tick)}`], "#ddd"),
      text(left - 6, vertical.at(tick) + 4, `${tick}`, 'text-anchor="end"'),
    ]),
    text((left + width - right) / 2, height - 12, across, 'text-anchor="middle"'),
    text(8, top - 6, upwards),
    ...lines.flatMap(({ name, colour, points }, index) => [
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
