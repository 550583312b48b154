/** What came of a story, as text: its lines once, then what each design makes of them. */
import { at, type Machinery, type Move } from "../../model/index.ts";
import { wrapped } from "../lines.ts";
import { replay, tellRun } from "../replay.ts";
import type { Run } from "../run.ts";
import { replayAsText, stepLines } from "../text.ts";
import type { Story } from "./story.ts";
import { type LineAnswer, machineryOfTeller, type Teller, type Tried } from "./try.ts";

const mostRows = 4;

const orJoined = (clauses: readonly string[]): string => clauses.join(", or ");

/** One line's answer: what the caller sees, and what the cache makes of it. */
const answerWords = ({ seen, cache, passedOver }: LineAnswer): string => {
  const inCache = cache.length === 0 ? "" : ` (cache: ${orJoined(cache)})`;
  const seenWords = seen.length === 0 ? [] : [`${orJoined(seen)}${inCache}`];
  const passed = passedOver ? [seen.length === 0 ? "cannot be asked here" : "cannot be asked"] : [];
  const all = [...seenWords, ...passed];
  return all.length === 0 ? "does not come to that" : orJoined(all);
};

const brokenWords = ({ broken }: Tried): readonly string[] => [
  ...broken.slice(0, mostRows).map(({ row, steps, counterexample: { reason } }) => {
    const count = `${steps} ${steps === 1 ? "step" : "steps"}`;
    return `BROKEN in ${count}: ${row}: ${reason}`;
  }),
  ...(broken.length > mostRows ? [`and ${broken.length - mostRows} more rows are broken`] : []),
];

const nameOf = ({ design, bug }: Tried): string => (bug ? `${design} with ${bug}` : design);

/** Those who make the same of every line, and break the same, are told of together. */
const groupsOf = (tried: readonly Tried[]): readonly (readonly Tried[])[] => {
  const groups = new Map<string, Tried[]>();
  for (const each of tried) {
    const key = JSON.stringify([each.lines.map(answerWords), brokenWords(each), each.cutAt]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()];
};

const statesWords = (group: readonly Tried[]): string => {
  const counts = [...new Set(group.map(({ states }) => states))];
  return `${counts.join(" or ")} ${counts.length === 1 && counts[0] === 1 ? "state" : "states"}`;
};

const verdictLine = (group: readonly Tried[]): readonly string[] => {
  const first = at(group, 0);
  const names = group.map(nameOf).join(", ");
  const states = statesWords(group);
  if (first.cutAt !== null) return wrapped(`${names}: cut at ${first.cutAt} states`, 0);
  if (first.broken.length > 0) return wrapped(`${names}: BROKEN (${states})`, 0);
  return wrapped(`${names}: nothing is broken in any run (${states})`, 0);
};

const heading = ({ name, title, about, source }: Story): readonly string[] => [
  ...wrapped(title, 0),
  ...(about === "" ? [] : wrapped(about, 0).map((line) => line.trimStart())),
  ...wrapped(`story   ${name}`, 0),
  ...(source === "" ? [] : wrapped(`source  ${source}`, 0)),
  "",
];

/** A text behind a number, its further lines as far in. */
const behind = (lead: string, text: string): readonly string[] => {
  const [first = "", ...rest] = wrapped(text, lead.length);
  return [lead + first.slice(lead.length), ...rest];
};

/** The whole report. Lines have at most 100 columns unless one word has more. */
export const triedAsText = (story: Story, tried: readonly Tried[]): string => {
  const lines = story.groups.flat();
  const groups = groupsOf(tried);
  const answers = (index: number) =>
    groups.map((group) => answerWords(at(at(group, 0).lines, index)));
  const differs = (index: number): boolean => new Set(answers(index)).size > 1;
  const widest = Math.max(...story.actors.map(({ name }) => name.length));
  const together = new Set(story.groups.filter((group) => group.length > 1).flat());
  const told = lines.flatMap((line, index) => {
    const { name } = at(story.actors, line.actor);
    const words = line.text.slice(line.text.indexOf(" ") + 1);
    const number = `${String(index + 1).padStart(3)}${together.has(line) ? "|" : " "}`;
    const same = differs(index) ? "" : ` -> ${answers(index)[0]}`;
    return behind(`${number} `, `${name.padEnd(widest)} ${words}${same}`);
  });
  const apart = lines.flatMap((_, index) => (differs(index) ? [index] : []));
  const blocks = groups.flatMap((group) => [
    "",
    ...verdictLine(group),
    ...apart.flatMap((index) =>
      behind(`${String(index + 1).padStart(3)}  -> `, answerWords(at(at(group, 0).lines, index))),
    ),
    ...brokenWords(at(group, 0)).flatMap((broken) => wrapped(broken, 4)),
  ]);
  const note =
    together.size === 0 ? [] : ["", "lines with | are told at the same time, in every order"];
  return `${[...heading(story), ...told, ...note, ...blocks].join("\n")}\n`;
};

const runOf = (machinery: Machinery, moves: readonly Move[]): Run => {
  const worlds = [machinery.initial];
  const events: Run["events"][number][] = [];
  for (const move of moves) {
    const done = machinery.step(at(worlds, worlds.length - 1), move);
    worlds.push(done.next);
    events.push(done.events);
  }
  return { machinery, worlds, moves, events };
};

/** One run step by step: the shortest that breaks something, else a shortest whole one. */
export const stepsAsText = (story: Story, teller: Teller, tried: Tried): string => {
  const [first] = tried.broken;
  if (first) return replayAsText(replay(first.counterexample));
  const head = `${nameOf(tried)}: nothing is broken in any run`;
  if (tried.whole === null) return `${head}, and none tells the whole story\n`;
  const run = runOf(machineryOfTeller(story, teller), tried.whole.moves);
  const steps = tellRun(run).map((step) => `${[...stepLines(step), ""].join("\n")}\n`);
  return `${head}; a shortest one that tells it all:\n\n${steps.join("")}`;
};
