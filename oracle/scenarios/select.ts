/** Which rows are asked for: by family, by id, or by a pattern with `*` and `?`. */
import type { Line } from "./read.ts";

const special = /[.+^${}()|[\]\\]/g;

const matcher = (pattern: string): ((id: string) => boolean) => {
  const text = pattern.replace(special, "\\$&").replaceAll("*", ".*").replaceAll("?", ".");
  // The whole id, or a family: what stands before the first hyphen.
  const form = new RegExp(`^${text}(?:${/[*?]/.test(pattern) ? "" : "(?:-.*)?"})$`, "u");
  return (id) => form.test(id);
};

const idOf = (line: Line): string | null => (line.kind === "row" ? line.row.envelope.id : line.id);

/** The lines that `only` names and `skip` does not; what has no id is always kept. */
export const selected = (
  lines: readonly Line[],
  only: readonly string[],
  skip: readonly string[],
): readonly Line[] => {
  const wanted = only.map(matcher);
  const unwanted = skip.map(matcher);
  return lines.filter((line) => {
    const id = idOf(line);
    if (id === null) return true;
    const named = wanted.length === 0 || wanted.some((matches) => matches(id));
    return named && !unwanted.some((matches) => matches(id));
  });
};
