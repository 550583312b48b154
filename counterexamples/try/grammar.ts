/** The two kinds of line that have a form: who an actor is, and what it does. */
import { type Sentence, sentences } from "./sentences.ts";
import type { StoryActor } from "./story.ts";

const actorKinds: readonly StoryActor["is"][] = [
  // The longer one first: it begins like the next.
  "process that shares every page",
  "process",
  "interrupt",
  "kernel thread",
];
const name = "[A-Za-z][A-Za-z0-9-]{0,29}";
const number = "[0-9]{1,6}";

const actorPattern = new RegExp(
  `^(?<name>${name}) is (?:a |an )?(?:(?<is>${actorKinds.join("|")})|thread of (?<of>${name}))` +
    `(?: on CPU (?<cpu>${number}))?$`,
);

export type FoundActor = Pick<StoryActor, "name" | "is"> & {
  /** Of a thread: the name of its process. */
  readonly process: string | null;
  readonly cpu: number | null;
};

/** "NAME is a process on CPU 0"; null for anything else. */
export const actorIn = (text: string): FoundActor | null => {
  const found = actorPattern.exec(text)?.groups;
  if (found === undefined) return null;
  const { name: own = "", is, of: process = null, cpu } = found;
  return {
    name: own,
    is: actorKinds.find((each) => each === is) ?? "thread",
    process,
    cpu: cpu === undefined ? null : Number(cpu),
  };
};

type Pattern = { readonly sentence: Sentence; readonly pattern: RegExp };

/** Pages and slots take a number or a name; the other places take numbers. */
const patternOf = (sentence: Sentence): Pattern => {
  const body = sentence.words.replace(/\{(\w+)\}/g, (_, place: string) =>
    place === "page" || place === "slot"
      ? `(?<${place}>${number}|${name})`
      : `(?<${place}>${number})`,
  );
  const as = sentence.kind === "operation" && sentence.gives ? `(?: as (?<as>${name}))?` : "";
  return { sentence, pattern: new RegExp(`^${body}${as}$`) };
};

const patterns: readonly Pattern[] = sentences.map(patternOf);

/** Words that say the default: the first granule of a page. */
const spelled = (text: string): string =>
  text.replace(/^(writes tag \d+ to|reads the tag of) page /, "$1 granule 0 of page ");

/** By place, and "as": what stands there. */
export type Found = Readonly<Record<string, string | undefined>>;

/** The sentence that the words are, and what stands at its places; null where they are none. */
export const sentenceIn = (
  words: string,
): { readonly sentence: Sentence; readonly found: Found } | null => {
  const asked = spelled(words);
  for (const { sentence, pattern } of patterns) {
    const match = pattern.exec(asked);
    if (match) return { sentence, found: match.groups ?? {} };
  }
  return null;
};
