/**
 * Text as HTML. A tagged template escapes everything that is put into it, so that nothing from a
 * file can become markup; only what is `Html` already stays as it is.
 */

/** Markup that is safe to put into a page. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Piece = string | number | Html | readonly Html[] | null;

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? "");

const markupOf = (piece: Piece): string => {
  if (piece === null) return "";
  if (piece instanceof Html) return piece.text;
  if (typeof piece === "string" || typeof piece === "number") return escaped(String(piece));
  return piece.map(({ text }) => text).join("");
};

export const html = (texts: TemplateStringsArray, ...pieces: readonly Piece[]): Html =>
  new Html(
    texts
      .map((text, index) => text + (index < pieces.length ? markupOf(pieces[index] ?? null) : ""))
      .join(""),
  );

/**
 * Data inside a script element: JSON in which nothing can end the element, begin a comment or, in
 * an old engine, end a line.
 */
export const jsonForScript = (value: unknown): Html =>
  new Html(
    JSON.stringify(value).replace(
      /[<>&\u2028\u2029]/g,
      (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
    ),
  );
