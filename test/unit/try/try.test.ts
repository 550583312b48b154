/** Telling a story: every order, every choice, and nothing that the story does not say. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  readStory,
  replay,
  scopeOf,
  tellersOf,
  tryStory,
  unfit,
} from "../../../counterexamples/index.ts";
import { designNamed, designs } from "../../../model/index.ts";
import { columns, shippedNames, shippedText, storyOf } from "./shipped.ts";

const tried = (text: string, name = "carveout", maxStates?: number) => {
  const design = designNamed(name);
  if (!design) throw new Error(`no design ${name}`);
  return tryStory(storyOf(text), { design, bug: null }, maxStates);
};

/** Something harmless that each actor asks for, so that none has nothing to do. */
const idle = (actor: string): string => `${actor.split(" ")[1] ?? actor} unlinks file 7`;

const two = "actor a is a process\nactor b is a process that shares every page\n";

test("lines follow each other", () => {
  const { lines } = tried(
    `${two}a allocates a tagged page as P\na writes tag 1 to page P\nb reads the tag of page P\n`,
  );
  expect(lines.map(({ seen }) => seen)).toEqual([
    ["gets page 0: tag 0, bytes 0"],
    ["sees it done"],
    ["reads tag 1"],
  ]);
});

test("a line begins when the one before it is over", () => {
  const { lines } = tried(`${two}a allocates a tagged page\nb allocates a tagged page\n`);
  expect(lines.map(({ seen }) => seen)).toEqual([
    ["gets page 0: tag 0, bytes 0"],
    ["gets page 1: tag 0, bytes 0"],
  ]);
});

test("lines that are told together come in every order", () => {
  const { lines } = tried(
    `${two}a allocates a tagged page as P\ntogether\n  a writes tag 1 to page P\n  b reads the tag of page P\n`,
  );
  expect(lines[2]?.seen).toEqual(["reads tag 0", "reads tag 1"]);
});

test("a line that nobody could ask there is passed over, and the story goes on", () => {
  const { lines, whole } = tried(`${two}a frees page 0\nb allocates a tagged page\n`);
  expect(lines[0]).toEqual({ seen: [], cache: [], passedOver: true });
  expect(lines[1]?.seen).toEqual(["gets page 0: tag 0, bytes 0"]);
  expect(whole).not.toBeNull();
});

test("a name stands for what the last line that gave it was handed", () => {
  const { lines } = tried(
    `${two}a allocates a tagged page as P\nb allocates a tagged page as P\na frees page 0\nb reads the tag of page P\n`,
  );
  expect(lines[3]).toEqual({ seen: ["reads tag 0"], cache: [], passedOver: false });
});

test("a search that is cut says so", () => {
  expect(tried(shippedText("two-initialisers"), "cma", 20).cutAt).toBe(20);
  expect(tried(shippedText("two-initialisers"), "cma").cutAt).toBeNull();
});

test("a scope too large for a replay is told", () => {
  const design = designs[0];
  if (!design) throw new Error("no design");
  const story = (settings: string) =>
    storyOf(`${two}${settings}a unlinks file 0\nb unlinks file 0\n`);
  expect(unfit(scopeOf(story(""), design))).toBeNull();
  expect(unfit(scopeOf(story("set pages-per-storage-page 1\nset cma-pages 2\n"), design))).toBe(
    "scope.otherCmaPages: expected at most the 1 pages there are, found 2",
  );
});

test("whatever can be read can be told, or is refused as too large", () => {
  const lines = shippedNames.flatMap((name) => shippedText(name).split("\n"));
  const shuffled = fc.shuffledSubarray(lines, { maxLength: 6 });
  let told = 0;
  fc.assert(
    fc.property(shuffled, fc.constantFrom(...designs), (some, design) => {
      const actors = ["user", "other", "sharer"].map((name) => `actor ${name} is a process`);
      const kernel = "actor kswapd is a kernel thread\nactor irq is an interrupt";
      const asked = some.filter((line) => !/^(?:actor|plant) /.test(line));
      const first = [...actors, kernel, ...[...actors, "kswapd", "irq"].map(idle)];
      const read = readStory([...first, ...asked].join("\n"), "story", "story.txt");
      if (!read.ok || unfit(scopeOf(read.value, design)) !== null) return;
      told += 1;
      const { lines: answers } = tryStory(read.value, { design, bug: null }, 60);
      expect(answers).toHaveLength(read.value.groups.flat().length);
    }),
    { numRuns: 150, seed: 5 },
  );
  expect(told).toBeGreaterThan(50);
});

describe("with a bug that stops everything", () => {
  const stories: readonly (readonly [string, string, string])[] = [
    ["a lock that is never free again", "release-takes-its-lock-twice", "swap-slot-freed-first"],
    ["a state that nothing was written for", "handle-given-twice", "copy-in-atomic-context"],
  ];
  test.each(stories)("%s", (_what, plant, name) => {
    const story = { ...storyOf(shippedText(name), name), plants: [plant] };
    const broken = tellersOf(story, columns).flatMap((teller) => {
      const found = tryStory(story, teller).broken;
      for (const { counterexample } of found)
        expect(replay(counterexample).verdict).toEqual({
          kind: "reproduced",
          reason: counterexample.reason,
        });
      return teller.bug ? found : [];
    });
    expect(broken.length).toBeGreaterThan(0);
  });
});

describe("the stories that come with the program", () => {
  test("are ten", () => expect(shippedNames).toHaveLength(10));

  /** What each of them is told for: who breaks in it, and on what. */
  const points: Readonly<Record<string, readonly string[]>> = {
    "atomic-allocation": ["cma-hw-kasan: atomic-tagged-allocation"],
    "cma-memory-is-never-tagged": [],
    "copy-in-atomic-context": ["cma: nothing-sleeps-in-atomic-context"],
    "cve-2018-16862": ["cleancache-page with a bug: a-hit-is-the-newest-or-a-miss"],
    "large-folio": [],
    "pinned-storage": ["cma: pins-stop-no-tagged-access"],
    "refused-second-put": ["cleancache-page with a bug: reads-do-not-tell-the-cache"],
    "stash-replayed-late": ["cma with a bug: fresh-tags-read-zero"],
    "swap-slot-freed-first": ["carveout with a bug: tags-survive-swap"],
    "two-initialisers": ["carveout with a bug: tags-belong-to-their-page"],
  };

  test.each(shippedNames)("%s", (name) => {
    const story = storyOf(shippedText(name), name);
    const broken = tellersOf(story, columns).flatMap((teller) => {
      const { cutAt, broken: found } = tryStory(story, teller);
      expect(cutAt).toBeNull();
      for (const { counterexample } of found)
        expect(replay(counterexample).verdict).toEqual({
          kind: "reproduced",
          reason: counterexample.reason,
        });
      const who = `${teller.design.name}${teller.bug ? " with a bug" : ""}`;
      return found.map(({ row }) => `${who}: ${row}`);
    });
    expect(broken).toEqual(expect.arrayContaining([...(points[name] ?? ["none is known"])]));
    expect(broken.filter((each) => /^(carveout|cleancache-\w+): /.test(each))).toEqual([]);
  });
});
