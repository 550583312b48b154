/** The vocabulary of the memory room: operations on the pages of whoever keeps the tags. */
import { describeOperation, describeOutcome, type Limits, rulebook } from "../../model/index.ts";
import type { SizeName } from "../protocol/capabilities.ts";
import {
  type Capabilities,
  type ReadReply,
  type Request,
  readingsOf,
  readReply,
} from "../protocol/index.ts";
import { minimize } from "./minimize.ts";
import { fits } from "./planner.ts";
import { generateRun, redo } from "./run.ts";
import type { Dialect } from "./session.ts";
import type { Vocabulary } from "./vocabulary.ts";
import type { Pages } from "./words.ts";

const dialect: Dialect<Pages> = {
  read: (line): ReadReply => readReply(line),
  begin: (limits, id, again): Request & { type: string } =>
    again ? { type: "reset", id } : { type: "configure", id, limits },
};

const extreme = ({ sizes, getForm }: Capabilities, which: "least" | "most"): Limits => {
  const size = (name: SizeName): number => sizes[name][which];
  const taggablePages = Math.min(size("taggablePages"), sizes.handles.most);
  return {
    granulesPerPage: size("granulesPerPage"),
    handles: Math.max(size("handles"), taggablePages),
    taggablePages,
    slots: size("slots"),
    files: size("files"),
    pagesPerFile: size("pagesPerFile"),
    getForm,
  };
};

const beginnings = (capabilities: Capabilities): readonly Limits[] => {
  const least = extreme(capabilities, "least");
  const most = extreme(capabilities, "most");
  return [...[least, most].filter((limits) => fits(limits, capabilities)), least];
};

/** Possible only where something rare came about before. */
const isSeldom = (kind: Capabilities["operations"][number]): boolean =>
  kind === "copy-again" || kind === "restore-again" || kind === "swapoff";

const counted = (count: number, thing: string): string =>
  `${count} ${thing}${count === 1 ? "" : "s"}`;

const limitsText = (limits: Limits): string => {
  const { taggablePages, handles, granulesPerPage, slots, files, pagesPerFile } = limits;
  const more = handles > taggablePages ? `, and ${handles - taggablePages} without tags` : "";
  const pages = `${counted(taggablePages, "taggable page")} of ${counted(granulesPerPage, "granule")}`;
  const inFiles = `${counted(files, "file")} of ${counted(pagesPerFile, "page")}`;
  return `${pages}${more}, ${counted(slots, "slot")}, ${inFiles}`;
};

export const memory: Vocabulary<Pages> = {
  name: "memory",
  dialect,
  generate: generateRun,
  redo,
  minimize,
  setupOf: ({ limits }) => limits,
  beginnings,
  kindOf: ({ kind }) => kind,
  expected: ({ operations }) => operations.filter((kind) => !isSeldom(kind)),
  tell: {
    opening: ({ limits }) => `with ${limitsText(limits)}`,
    asked: ({ step, operation }) => {
      const who = step.by === "tester" ? "the page cache" : "somebody";
      return `${who} ${describeOperation(operation)}${step.wrong ? ", which nobody may" : ""}`;
    },
    answered: ({ outcome }) => {
      const [reading] = readingsOf(outcome);
      return reading ? `the caller ${describeOutcome(reading)}` : "the caller sees nothing";
    },
    allowed: (words) => `the caller ${words}`,
    sentence: (rule) => rulebook[rule].sentence,
  },
};
