/** Lines of plain text that fit a terminal: at most 100 columns, unless one word has more. */

export const width = 100;

/** Breaks a text between words; lines after the first are indented by `further` more. */
export const wrapped = (
  text: string,
  indent: number,
  further = 2,
  columns = width,
): readonly string[] => {
  const lines: string[] = [];
  let line = " ".repeat(indent);
  let empty = true;
  for (const word of text.split(" ")) {
    if (!empty && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = " ".repeat(indent + further);
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
};

export const counted = (count: number, thing: string): string =>
  `${count} ${thing}${count === 1 ? "" : "s"}`;

/** "1", "1 and 2", "1, 2 and 3". */
export const listed = (names: readonly (string | number)[]): string =>
  names.length < 2
    ? names.join("")
    : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
