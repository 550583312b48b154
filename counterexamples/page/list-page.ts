/** A page of many runs as a table: each cell says how it stands, and links to the page of its run. */
import { documentOf, type PageAssets } from "./document.ts";
import { type Html, html } from "./html.ts";

export type ListCell = {
  readonly text: string;
  readonly standing: "holds" | "broken" | "other";
  /** The page of the run, relative to this one; null where there is none. */
  readonly href: string | null;
};

type ListRow = {
  readonly name: string;
  /** One sentence, in full. */
  readonly about: string;
  readonly cells: readonly ListCell[];
};

export type ListPage = {
  readonly title: string;
  /** Paragraphs before the table. */
  readonly intro: readonly string[];
  /** What is wrong, each in a sentence, before the whole table. */
  readonly wrong: readonly { readonly text: string; readonly href: string }[];
  readonly heads: readonly { readonly name: string; readonly about: string }[];
  readonly sections: readonly { readonly title: string; readonly rows: readonly ListRow[] }[];
  /** Lines behind it: what the cells mean. */
  readonly notes: readonly string[];
};

const cellOf = ({ text, standing, href }: ListCell): Html =>
  html`<td class="${standing}">${href === null ? text : html`<a href="${href}">${text}</a>`}</td>`;

const rowOf = ({ name, about, cells }: ListRow): Html =>
  html`<tr><th scope="row">${name}<div class="about">${about}</div></th>${cells.map(cellOf)}</tr>
`;

/** The whole document; it has no script. */
export const listPageOf = (
  { title, intro, wrong, heads, sections, notes }: ListPage,
  assets: PageAssets,
): string => {
  const width = heads.length + 1;
  const body = html`<header>
<h1>${title}</h1>
${intro.map((text) => html`<p>${text}</p>`)}
<ul class="wrong">${wrong.map(({ text, href }) => html`<li><a href="${href}">${text}</a></li>`)}</ul>
</header>
<table>
<thead><tr><th></th>${heads.map((head) => html`<th scope="col">${head.name}<div class="about">${head.about}</div></th>`)}</tr></thead>
<tbody>
${sections.map(
  (section) => html`<tr><th colspan="${width}" class="section">${section.title}</th></tr>
${section.rows.map(rowOf)}`,
)}</tbody>
</table>
<ul class="notes">${notes.map((note) => html`<li>${note}</li>`)}</ul>`;
  return documentOf(assets, title, body);
};
