/**
 * Reads a story: one thing on each line, `#` begins a comment. First what the story is about and
 * who acts, then what they do. The first line that is wrong is told with its number.
 */
import { bugNamed } from "../../impl/index.ts";
import { type Attempt, attempt, refuse } from "../../model/index.ts";
import { kebab, largest } from "../format.ts";
import { shortened } from "../json.ts";
import { actorIn, type Found, sentenceIn } from "./grammar.ts";
import { type OperandName, operandsOf, type Sentence } from "./sentences.ts";
import { settingNames, settingOf } from "./settings.ts";
import type { Operand, Story, StoryActor, StoryLine, StorySettings } from "./story.ts";

/** A story is told by hand: longer ones are refused. */
export const largestStoryBytes = 64 * 1024;
const mostLines = 200;
const mostCpus = 64;

const keywords: readonly string[] = [
  "title",
  "about",
  "source",
  "plant",
  "actor",
  "set",
  "together",
];
const asks = ({ actor, sentence }: StoryLine, index: number): boolean =>
  actor === index && sentence.kind === "operation";

const isNumber = (text: string): boolean => /^[0-9]+$/.test(text);

class Reader {
  readonly #file: string;
  readonly #words = new Map<"title" | "about" | "source", string[]>();
  readonly #plants: string[] = [];
  readonly #actors: StoryActor[] = [];
  readonly #named = new Set<string>();
  readonly #groups: StoryLine[][] = [];
  #settings: Partial<StorySettings> = {};
  #line = 0;
  #together: StoryLine[] | null = null;

  constructor(file: string) {
    this.#file = file;
  }

  read(text: string, storyName: string): Story {
    for (const raw of text.split("\n")) {
      this.#line += 1;
      const code = raw.replace(/#.*$/, "").trimEnd();
      if (/\P{ASCII}|[^\t\x20-\x7e]/u.test(code))
        this.#refuse("line", "plain ASCII", "other letters");
      if (code.trim() !== "")
        this.#oneLine(code.trim().replace(/[ \t]+/g, " "), /^[ \t]/.test(code));
    }
    const lines = this.#groups.flat();
    if (lines.length === 0) this.#refuse("file", "at least one line of what an actor does", "none");
    const idle = this.#actors.find((_, index) => !lines.some((line) => asks(line, index)));
    if (idle)
      this.#refuse("actor", "something that each actor asks for", `nothing for "${idle.name}"`);
    const said = (word: "title" | "about" | "source") => (this.#words.get(word) ?? []).join(" ");
    return {
      name: storyName,
      title: said("title") || storyName,
      about: said("about"),
      source: said("source"),
      plants: this.#plants,
      actors: this.#actors,
      settings: { ...defaults, ...this.#settings },
      groups: this.#groups.filter((group) => group.length > 0),
    };
  }

  #oneLine(text: string, isIndented: boolean): void {
    const [word = "", ...rest] = text.split(" ");
    const after = rest.join(" ");
    if (!isIndented) this.#together = null;
    if (word === "title" || word === "about" || word === "source") {
      this.#words.set(word, [...(this.#words.get(word) ?? []), after]);
    } else if (word === "plant") this.#plant(after);
    else if (word === "actor") this.#actor(after);
    else if (word === "set") this.#set(after);
    else if (text === "together") {
      this.#together = [];
      this.#groups.push(this.#together);
    } else this.#does(word.replace(/:$/, ""), after, text);
  }

  #plant(id: string): void {
    if (bugNamed(id) === undefined)
      this.#refuse("plant", "a bug that mte-oracle bugs lists", `"${shortened(id)}"`);
    if (this.#plants.length >= largest.bugs)
      this.#refuse("plant", `at most ${largest.bugs} bugs`, "one more");
    if (!this.#plants.includes(id)) this.#plants.push(id);
  }

  #actor(text: string): void {
    const found =
      actorIn(text) ??
      this.#refuse(
        "actor",
        '"NAME is a process", "an interrupt", "a kernel thread" or "a thread of NAME", ' +
          'then "on CPU N" if it matters',
        `"${shortened(text)}"`,
      );
    const { name: own, is, process, cpu } = found;
    if (!kebab.safeParse(own).success) this.#refuse("actor", "a name in small letters", `"${own}"`);
    const taken = [...keywords, ...this.#actors.map((each) => each.name)];
    if (taken.includes(own)) this.#refuse("actor", "a name of its own", `"${own}"`);
    if (this.#actors.length >= largest.actors)
      this.#refuse("actor", `at most ${largest.actors} actors`, "one more");
    const other = process === null ? null : this.#actorNamed(process, "actor");
    if (other !== null && this.#actors[other]?.is !== "process")
      this.#refuse("actor", "a thread of a process", `"${process}", which is none`);
    const tasks = this.#actors.filter((each) => each.is !== "interrupt").length;
    const placed = cpu ?? (is === "interrupt" ? 0 : tasks);
    if (placed >= mostCpus) this.#refuse("actor", `a CPU below ${mostCpus}`, String(placed));
    this.#actors.push({ name: own, is, of: other, cpu: placed });
  }

  #set(text: string): void {
    const [setting = "", value = "", ...more] = text.split(" ");
    const known =
      settingOf(setting) ??
      this.#refuse("set", `one of ${settingNames.join(", ")}`, `"${shortened(setting)}"`);
    const read =
      (more.length > 0 ? null : known.read(value)) ??
      this.#refuse(setting, known.expected, `"${shortened([value, ...more].join(" "))}"`);
    this.#settings = { ...this.#settings, ...read };
  }

  #does(actorName: string, words: string, text: string): void {
    const actor = this.#actorNamed(actorName, "line");
    const { sentence, found } =
      sentenceIn(words) ??
      this.#refuse(
        actorName,
        "one of the sentences that mte-oracle try --words lists",
        `"${shortened(words)}"`,
      );
    this.#add(actor, sentence, found, text);
  }

  #add(actor: number, sentence: Sentence, found: Found, text: string): void {
    const operands = new Map<OperandName, Operand>();
    for (const place of operandsOf(sentence)) {
      const value = found[place] ?? "";
      if (isNumber(value))
        operands.set(place, { kind: "number", number: this.#bounded(place, value) });
      else if (this.#named.has(value)) operands.set(place, { kind: "name", name: value });
      else this.#refuse(place, `a number, or a name that an earlier line gave`, `"${value}"`);
    }
    this.#refusePinning(actor, sentence);
    const as = found["as"] ?? null;
    if (as !== null) this.#named.add(as);
    if (this.#groups.flat().length >= mostLines)
      this.#refuse("file", `at most ${mostLines} lines of what actors do`, "one more");
    const line = { line: this.#line, text, actor, sentence, operands, as };
    if (this.#together) this.#together.push(line);
    else this.#groups.push([line]);
  }

  /** The scope has one adversary: the pages that can be pinned are those of one process. */
  #refusePinning(actor: number, { kind }: Sentence): void {
    if (kind !== "environment") return;
    const { is, name: own } = this.#actors[actor] ?? { is: "thread", name: "" };
    if (is !== "process") this.#refuse(own, "a process as the one that pins", is);
    const other = this.#groups
      .flat()
      .find((line) => line.sentence.kind === "environment" && line.actor !== actor);
    if (other) this.#refuse(own, "one process that pins", "a second one");
  }

  #bounded(place: OperandName, text: string): number {
    const most = {
      page: largest.pages + largest.storagePages - 1,
      slot: largest.slots - 1,
      tag: largest.tagValues - 1,
      granule: largest.granulesPerPage - 1,
      bytes: largest.byteValues - 1,
      index: largest.pagesPerFile - 1,
      file: largest.files - 1,
    }[place];
    const value = Number(text);
    if (value > most) this.#refuse(place, `a number from 0 to ${most}`, text);
    return value;
  }

  #actorNamed(own: string, field: string): number {
    const index = this.#actors.findIndex((actor) => actor.name === own);
    if (index >= 0) return index;
    const known = [...keywords, ...this.#actors.map((actor) => actor.name)];
    return this.#refuse(field, `one of ${known.join(", ")}`, `"${shortened(own)}"`);
  }

  #refuse(field: string, expected: string, found: string): never {
    return refuse({ file: this.#file, line: this.#line, field }, expected, found);
  }
}

const defaults: StorySettings = {
  storagePages: 1,
  pagesPerStoragePage: 2,
  storagePagesPerBlock: 1,
  granulesPerPage: 1,
  cmaPages: 0,
  slots: 0,
  failures: false,
  dirtyLines: false,
  gets: "consuming",
};

/**
 * Reads the text of a story.
 *
 * @param name of the story, kebab-case
 * @param fileName for messages only; nothing is opened
 */
export const readStory = (text: string, name: string, fileName: string): Attempt<Story> =>
  attempt(() => {
    if (text.length > largestStoryBytes) {
      const place = { file: fileName, line: 1, field: "file" };
      refuse(place, `at most ${largestStoryBytes} bytes`, "more");
    }
    return new Reader(fileName).read(text, name);
  });
