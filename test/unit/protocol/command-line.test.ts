import { expect, test } from "vitest";
import { commandLineOf } from "../../../oracle/index.ts";

const words: readonly (readonly [string, readonly string[]])[] = [
  ["./adapter", ["./adapter"]],
  ["  node  adapter.js\t--bug x ", ["node", "adapter.js", "--bug", "x"]],
  ['"./my adapter" --name \'a "b" c\'', ["./my adapter", "--name", 'a "b" c']],
  ["sh -c 'exit 1; echo $HOME | cat *'", ["sh", "-c", "exit 1; echo $HOME | cat *"]],
  ["prog '' \"\"", ["prog", "", ""]],
  ["prog $HOME `id` a;b a&&b \\n", ["prog", "$HOME", "`id`", "a;b", "a&&b", "\\n"]],
  ["prog .", ["prog", "."]],
];

test.each(words)("%s", (text, [program, ...args]) => {
  expect(commandLineOf(text)).toEqual({ kind: "words", program, args });
});

const wrong = ["", "  ", "'./adapter", 'prog "a b', "prog a'", "'' a", "a\0b"];

test.each(wrong.map((text) => [JSON.stringify(text), text]))("no command: %s", (_name, text) => {
  expect(commandLineOf(text)).toMatchObject({
    kind: "wrong",
    why: expect.stringMatching(/^expected .*, found/),
  });
});
