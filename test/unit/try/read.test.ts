/** The language of stories: what each sentence stands for, and how a wrong line is refused. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readStory, sentences } from "../../../counterexamples/index.ts";
import { describeInputError, describeOperation } from "../../../model/index.ts";
import { shippedNames, shippedText, storyOf } from "./shipped.ts";

const actor = "actor user is a process\n";

describe("every sentence", () => {
  /** A replay adds for whom and in which context, which a story takes from the actor. */
  const rest =
    /, (?:un)?zeroed, for owner \d+ in \w+ context| for owner \d+(?: in \w+ context)?|, for a tagged mapping/;

  test.each(sentences.map((sentence) => [sentence.words, sentence] as const))(
    "%s",
    (words, sentence) => {
      const numbered = words.replace(/\{\w+\}/g, "1");
      const story = storyOf(`${actor}user unlinks file 0\nuser ${numbered}\n`);
      const line = story.groups[1]?.[0];
      expect(line?.sentence.words).toBe(words);
      const operand = () => 1;
      if (sentence.kind === "environment")
        expect(sentence.makes(operand)).toMatchObject({ handle: 1 });
      else {
        const spec = { name: "user", kind: "task", cpu: 0, owner: 0, everyones: false, may: [] };
        const operation = sentence.makes(operand, { ...spec, kind: "task" });
        expect(describeOperation(operation).replace(rest, "")).toBe(numbered);
      }
    },
  );
});

describe("a wrong story is refused in one line", () => {
  const wrong: readonly (readonly [string, string, string])[] = [
    [
      "nothing",
      "",
      "story.txt:1: file: expected at least one line of what an actor does, found none",
    ],
    ["an unknown first word", "user reads", "story.txt:1: line: expected one of title, about"],
    [
      "an unknown sentence",
      `${actor}user flies`,
      "story.txt:2: user: expected one of the sentences",
    ],
    [
      "an unknown setting",
      `${actor}set speed 3`,
      "story.txt:2: set: expected one of storage-pages",
    ],
    [
      "a setting out of bounds",
      `${actor}set slots 99`,
      "story.txt:2: slots: expected a whole number",
    ],
    [
      "an unknown bug",
      "plant nosuch",
      "story.txt:1: plant: expected a bug that mte-oracle bugs lists",
    ],
    ["an actor that is nothing", "actor user is a ghost", 'story.txt:1: actor: expected "NAME is'],
    ["an actor twice", `${actor}${actor}`, "story.txt:2: actor: expected a name of its own"],
    ["an actor named like a word", "actor set is a process", "story.txt:1: actor: expected a name"],
    ["a thread of nobody", "actor a is a thread of b", "story.txt:1: actor: expected one of title"],
    [
      "a name that nobody gave",
      `${actor}user frees page P`,
      "story.txt:2: page: expected a number",
    ],
    ["a tag out of bounds", `${actor}user writes tag 9 to page 0`, "story.txt:2: tag: expected"],
    [
      "an actor without a line",
      `${actor}actor b is a process\nuser unlinks file 0`,
      "story.txt:3:",
    ],
    ["a kernel thread that pins", "actor k is a kernel thread\nk pins page 0", "story.txt:2: k:"],
    [
      "a second one who pins",
      `${actor}actor b is a process\nuser pins page 0\nb pins page 0`,
      ":4: b:",
    ],
    [
      "letters that are not ASCII",
      `${actor}user fr\u00eaes page 0`,
      "story.txt:2: line: expected plain",
    ],
    [
      "a huge file",
      "#".repeat(70_000),
      "story.txt:1: file: expected at most 65536 bytes, found more",
    ],
  ];
  test.each(wrong)("%s", (_what, text, message) => {
    const read = readStory(text, "story", "story.txt");
    expect(read.ok ? "read" : describeInputError(read.error)).toContain(message);
  });

  test("and so is whatever is left of a good one that was damaged", () => {
    const texts = shippedNames.map(shippedText);
    const damaged = fc
      .tuple(fc.constantFrom(...texts), fc.nat(4000), fc.nat(60), fc.string({ unit: "binary" }))
      .map(([text, at, length, put]) => text.slice(0, at) + put + text.slice(at + length));
    fc.assert(
      fc.property(fc.oneof(damaged, fc.string({ unit: "binary" })), (text) => {
        const read = readStory(text, "story", "story.txt");
        if (!read.ok) expect(describeInputError(read.error)).toMatch(/^story\.txt:\d+: [^\n]+$/);
      }),
      { numRuns: 3000, seed: 5 },
    );
  });
});

test("comments, blanks and a colon behind the actor do not matter", () => {
  const plain = storyOf(`${actor}user unlinks file 0\n`);
  const loose = storyOf(`# a story\n\n${actor}user:   unlinks  file 0  # now\n`);
  expect(loose.groups.map((group) => group.map(({ sentence }) => sentence))).toEqual(
    plain.groups.map((group) => group.map(({ sentence }) => sentence)),
  );
});
