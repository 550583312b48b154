/** The second vocabulary, whole: programs on a kernel, for whoever drives an adapter. */
import type { Dialect } from "../drive/session.ts";
import type { Vocabulary } from "../drive/vocabulary.ts";
import { toldRules } from "../scenarios/rules.ts";
import type { Processes } from "./drive-words.ts";
import { vocabularyName } from "./entry.ts";
import { machineOf, type ProcessMachine } from "./machine.ts";
import { readProcessReply } from "./messages.ts";
import { minimizeProcessRun } from "./minimize.ts";
import { observedSchema } from "./observed.ts";
import { proposable } from "./propose.ts";
import { generateProcessRun, redoProcessRun } from "./run.ts";
import type { ProcessOp } from "./step.ts";
import { askedWords, sawWords } from "./words.ts";

const dialect: Dialect<Processes> = {
  read: readProcessReply,
  begin: (_machine, id) => ({ type: "reset", id }),
};

const opening = ({ kernel, cpu, reclaim }: ProcessMachine): string => {
  const pace = reclaim === "asked" ? ", which moves pages when asked only" : "";
  return `a program on Linux ${kernel}${pace}, CPU ${cpu}`;
};

/** Possible only where something rare came about before. */
const seldom: ReadonlySet<ProcessOp> = new Set(["pfneq", "sysread", "syswrite"]);

export const processes: Vocabulary<Processes> = {
  name: vocabularyName,
  dialect,
  generate: generateProcessRun,
  redo: redoProcessRun,
  minimize: minimizeProcessRun,
  setupOf: ({ machine }) => machine,
  beginnings: (capabilities) => [machineOf(capabilities), machineOf(capabilities)],
  kindOf: ({ op }) => op,
  expected: ({ operations }) =>
    operations.filter((op) => proposable.includes(op) && !seldom.has(op)),
  tell: {
    opening: ({ machine }) => opening(machine),
    asked: ({ step }) => askedWords({ operation: step.written }),
    answered: ({ outcome }) => sawWords(observedSchema.parse(outcome)),
    allowed: (words) => words,
    sentence: (rule) => toldRules([rule])[0]?.sentence ?? rule,
  },
};
