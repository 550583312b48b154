/** From an explanation to what the script of its page is given. */
import { storagePageOf, totalPages } from "../../model/index.ts";
import type { Explanation } from "../explain/explanation.ts";
import { labelOf } from "../labels.ts";
import type { PageData } from "./page-data.ts";

/** Pages by handle that a sentence names; "page 0 of file 0" is none of them. */
const pagesIn = (sentence: string): readonly number[] =>
  [...sentence.matchAll(/\bpage (\d+)\b(?! of file)/g)]
    .filter(({ index }) => !/storage $/.test(sentence.slice(0, index)))
    .map(([, handle]) => Number(handle));

export const pageDataOf = (explanation: Explanation): PageData => {
  const { portraits, steps, actors, loop, counterexample, operations } = explanation;
  const [first = []] = portraits;
  const indexOf = new Map(first.map(({ name }, index) => [name, index]));
  const { geometry } = counterexample.scope;
  return {
    actors: actors.map(({ name }) => name),
    parts: first.map((part) => ({
      kind: part.kind,
      subject: part.subject,
      label: labelOf(part),
    })),
    initial: first.map(({ value }) => value),
    steps: steps.map(({ deed, does, changes }) => {
      const operation = deed.by === "actor" ? operations[deed.operation] : undefined;
      return {
        actor: deed.by === "actor" ? deed.actor : null,
        pages: [...new Set(pagesIn(`${does} ${operation?.does ?? ""}`))],
        changes: changes.flatMap(({ name, before, after }) => {
          const part = indexOf.get(name);
          return part === undefined ? [] : [[part, before, after] as const];
        }),
      };
    }),
    loop,
    storageOf: Array.from({ length: totalPages(geometry) }, (_, page) =>
      storagePageOf(geometry, page),
    ),
  };
};
