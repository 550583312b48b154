/** The forms in which an explanation can be read, by name. */
import type { Explanation } from "../explanation.ts";
import { explanationAsMarkdown } from "./markdown.ts";
import { explanationAsMermaid } from "./mermaid.ts";
import { explanationAsTable } from "./table.ts";
import { explanationAsText } from "./text.ts";
import { explanationAsVitest } from "./vitest.ts";

export const explanationForms = ["text", "table", "markdown", "mermaid", "vitest"] as const;
export type ExplanationForm = (typeof explanationForms)[number];

const writers: { readonly [form in ExplanationForm]: (explanation: Explanation) => string } = {
  text: explanationAsText,
  table: explanationAsTable,
  markdown: explanationAsMarkdown,
  mermaid: explanationAsMermaid,
  vitest: explanationAsVitest,
};

/** An explanation in one form: the same explanation gives the same bytes. */
export const explanationAs = (form: ExplanationForm, explanation: Explanation): string =>
  writers[form](explanation);
