/** `test --vocabulary process` and `replay`: what is found, kept and told, and whose vocabulary it is. */
import * as path from "node:path";
import { expect, test } from "vitest";
import { read, root } from "../house/tree.ts";
import { mteOracle } from "./command.ts";

const adapter = (file: string, more = ""): string =>
  `node ${path.join(root, "dist/oracle/adapters/own", file)}${more}`;
const story = (text: string): string => text.slice(text.indexOf("mte-oracle kernel"));
const test1 = ["test", "--no-conformance", "--runs", "1", "--quiet"] as const;

test("a mistake is found and kept, and the page shows how it is told", () => {
  const wrong = adapter("process.js", " --mistake copies-are-unchecked");
  const { out, code } = mteOracle(...test1, "--vocabulary", "process", "--adapter", wrong);
  expect(code, out).toBe(1);
  const file = /^ {2}(\S+\.json)$/m.exec(out)?.[1] ?? "";
  const shown = /FOUND in run 0[\s\S]*?allowed: errno EFAULT\n/.exec(
    read("docs/processes.md"),
  )?.[0];
  expect(out).toContain(shown);

  const again = mteOracle("replay", file);
  expect(again.code, again.err).toBe(0);
  expect(story(again.out)).toContain("REPRODUCED by the answers in the file");
});

test("an adapter speaks the vocabulary that is asked for", () => {
  const { err, out, code } = mteOracle(...test1, "--adapter", adapter("process.js"));
  expect(code, out).toBe(4);
  expect(out + err).toContain("vocabulary: expected none, that of pages");
});
