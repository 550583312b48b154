/**
 * The frame of every page: one self-contained document. Style, script and data lie in it, and its
 * own policy keeps a browser from fetching anything.
 */
import { Html, html, jsonForScript } from "./html.ts";

/** The files beside this one, as text. */
export type PageAssets = {
  /** style.css */
  readonly style: string;
  /** view.js */
  readonly script: string;
};

const policy =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** An asset is ours; one that could end its element would be a mistake of ours. */
const within = (element: "style" | "script", text: string): Html => {
  if (new RegExp(`</${element}`, "i").test(text))
    throw new Error(`the ${element} ends its element`);
  return new Html(text);
};

/** The comment at a script's top is for whoever reads the source. */
const withoutHead = (script: string): string => script.replace(/^\/\*\*[\s\S]*?\*\/\s*/, "");

/** @param data for the script; null: the page needs none, and has no script */
export const documentOf = (
  { style, script }: PageAssets,
  title: string,
  body: Html,
  data: unknown = null,
): string => {
  const live =
    data === null
      ? null
      : html`<script type="application/json" id="data">${jsonForScript(data)}</script>
<script type="module">${within("script", withoutHead(script))}</script>
`;
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${within("style", style)}</style>
</head>
<body>
${body}
${live}</body>
</html>
`.text;
};
