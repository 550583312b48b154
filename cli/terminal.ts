/** What goes to a terminal: colour only where it is wanted, progress only where it helps. */
import type { SliceProgress } from "../properties/index.ts";

export type Paint = (colour: "red" | "green" | "yellow" | "bold", text: string) => string;

const codes = { red: 31, green: 32, yellow: 33, bold: 1 } as const;

/** Colours, unless stdout is no terminal, or NO_COLOR (not empty), TERM=dumb or the user say no. */
export const painter = (
  wanted: boolean,
  isTerminal: boolean = process.stdout.isTTY === true,
  { NO_COLOR = "", TERM = "" }: NodeJS.ProcessEnv = process.env,
): Paint => {
  const on = wanted && isTerminal && NO_COLOR === "" && TERM !== "dumb";
  return (colour, text) => (on ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text);
};

/** 1234567 as 1,234,567, whatever the locale. */
export const grouped = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");

export const counted = (count: number, thing: string): string =>
  `${grouped(count)} ${thing}${count === 1 ? "" : "s"}`;

export type ProgressLine = {
  readonly show: (progress: SliceProgress) => void;
  readonly clear: () => void;
};

/** On a terminal one line that is written over; elsewhere a line for each slice that is finished. */
export const progressLine = (quiet: boolean): ProgressLine => {
  const { stderr } = process;
  if (quiet) return { show: () => undefined, clear: () => undefined };
  const inPlace = stderr.isTTY === true;
  let states = 0;
  return {
    show: ({ kind, design, slice, progress, finished, total }) => {
      if (kind === "finished") states += progress.states;
      const here = `${design} ${slice}: ${grouped(progress.states)} states`;
      const more = kind === "running" ? `, queue ${grouped(progress.queue)}` : "";
      const depth = `${grouped(progress.transitions)} transitions, depth ${progress.depth}`;
      const all = `[${finished}/${total}, ${grouped(states)} states]`;
      const line = `${all} ${here}, ${depth}${more}`;
      if (inPlace) stderr.write(`\r\u001b[K${line.slice(0, Math.max(20, stderr.columns - 1))}`);
      else if (kind === "finished") stderr.write(`${line}\n`);
    },
    clear: () => {
      if (inPlace) stderr.write("\r\u001b[K");
    },
  };
};
