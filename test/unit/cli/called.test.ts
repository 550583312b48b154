/** The command as the reader of its output can run it. */
import { expect, test } from "vitest";
import { calledAs } from "../../../cli/called.ts";

test.each([
  ["/clone/dist/cli/main.js", "/clone", "node dist/cli/main.js"],
  ["/clone/dist/cli/main.js", "/elsewhere", "mte-oracle"],
  ["/usr/local/bin/mte-oracle", "/usr/local", "mte-oracle"],
  ["/app/node_modules/mte-oracle/dist/cli/main.js", "/app", "mte-oracle"],
])("%s in %s is %s", (program, folder, called) => {
  expect(calledAs(program, folder)).toBe(called);
});
