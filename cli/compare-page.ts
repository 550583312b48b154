/** The comparison as one self-contained page: a chart for each measure, the tables, the hooks. */
import { documentOf, type PageAssets } from "../counterexamples/page/document.ts";
import { type Html, html } from "../counterexamples/page/html.ts";
import {
  type Compared,
  type Costs,
  comparedSizes,
  measures,
} from "../properties/comparison/index.ts";

const chart = { name: 220, bar: 420, value: 90, line: 22 } as const;

type Bar = { readonly name: string; readonly text: string; readonly value: number };

/** "1,234" and "12.5%" as numbers again: the text is what the table says. */
const numberIn = (text: string): number => Number.parseFloat(text.replaceAll(",", ""));

const barOf = ({ name, text, value }: Bar, index: number, most: number): Html => {
  const y = index * chart.line;
  const length = most === 0 ? 0 : Math.round((chart.bar * value) / most);
  return html`<text x="${chart.name - 8}" y="${y + 15}" text-anchor="end">${name}</text>
<rect x="${chart.name}" y="${y + 4}" width="${length}" height="${chart.line - 8}"></rect>
<text x="${chart.name + length + 6}" y="${y + 15}">${text}</text>
`;
};

const chartOf = (title: string, bars: readonly Bar[]): Html => {
  const most = Math.max(...bars.map(({ value }) => value));
  const wide = chart.name + chart.bar + chart.value;
  const high = bars.length * chart.line;
  return html`<figure>
<figcaption>${title}</figcaption>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${wide} ${high}" width="${wide}" height="${high}" role="img" aria-label="${title}" font-size="13" fill="currentColor">
${bars.map((bar, index) => barOf(bar, index, most))}</svg>
</figure>
`;
};

const chartsOf = (
  compared: readonly Compared[],
  costsOf: (one: Compared) => Costs | null,
): readonly Html[] =>
  measures.map(({ sentence, of }) =>
    chartOf(
      sentence,
      compared.flatMap((one) => {
        const costs = costsOf(one);
        if (!costs) return [];
        if (costs.givenUp > 0) return [{ name: one.design, text: "stuck", value: 0 }];
        const text = of(costs, one);
        return [{ name: one.design, text, value: numberIn(text) }];
      }),
    ),
  );

const tableOf = (
  compared: readonly Compared[],
  costsOf: (one: Compared) => Costs | null,
): Html => html`<table>
<thead><tr><th></th>${measures.map(({ short, sentence }) => html`<th scope="col">${short}<div class="about">${sentence}</div></th>`)}</tr></thead>
<tbody>
${compared.flatMap((one) => {
  const costs = costsOf(one);
  return costs
    ? [
        html`<tr><th scope="row">${one.design}<div class="about">${one.title}</div></th>${measures.map(({ of }) => html`<td>${costs.givenUp > 0 ? "stuck" : of(costs, one)}</td>`)}</tr>
`,
      ]
    : [];
})}</tbody>
</table>
`;

/** The whole document; it has no script. */
export const comparePage = (
  compared: readonly Compared[],
  seed: number,
  assets: PageAssets,
): string => {
  const sections = [
    { title: comparedSizes.small, costsOf: ({ small }: Compared) => small },
    { title: comparedSizes.real, costsOf: ({ real }: Compared) => real },
  ];
  const title = "mte-oracle: what the same work costs each design";
  const body = html`<header>
<h1>${title}</h1>
<p>One seeded workload (seed ${seed}) for every design: processes with MTE and without start, fork and exit; files are read and changed; memory runs short, and pages of both kinds are swapped out; data larger than the page cache is read again and again.</p>
</header>
${sections.map(
  ({ title: heading, costsOf }) => html`<h2>${heading}</h2>
${tableOf(compared, costsOf)}${chartsOf(compared, costsOf)}`,
)}
<h2>Functions of the kernel in which a design has to be called</h2>
<ul class="notes">${compared.map(({ design, hooks }) => html`<li><strong>${design}</strong>: ${hooks.length === 0 ? "none" : hooks.join(", ")}</li>`)}</ul>`;
  return documentOf(assets, title, body);
};
