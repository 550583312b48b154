/** `mte-oracle bugs`: the list, a story, and what is refused. */
import { describe, expect, test } from "vitest";
import { bugs } from "../../impl/index.ts";
import { mteOracle } from "./command.ts";

const oneLine = /^mte-oracle: [^\n]+\n$/;

test("it lists every bug, with who kills it", () => {
  const { code, out, err } = mteOracle("bugs");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  for (const { id } of bugs) expect(out).toContain(`\n  ${id}\n`);
  expect(out).toMatch(/killed by: suite [a-z-]+ after \d+ operations?; row [a-z-]+ in /);
  expect(out).not.toContain("not measured");
});

test("--json prints one document", () => {
  const document: { bugs: unknown[] } = JSON.parse(mteOracle("bugs", "--json").out);
  expect(document).toMatchObject({ schema: "mte-oracle/bugs/1" });
  expect(document.bugs).toHaveLength(bugs.length);
});

describe("run", () => {
  test("tells the story like a replay", async () => {
    const { code, out } = mteOracle("bugs", "run", "slot-given-twice");
    expect(code, out).toBe(0);
    await expect(out).toMatchFileSnapshot("../golden/replay/bug--slot-given-twice.txt");
  });

  test("--json names what was planted", () => {
    const { out } = mteOracle("bugs", "run", "slot-given-twice", "--json");
    expect(JSON.parse(out)).toMatchObject({
      schema: "mte-oracle/replay/1",
      implementation: { bugs: ["slot-given-twice"] },
      verdict: { kind: "reproduced" },
    });
  });

  test("--design searches the story in another design", () => {
    const args = ["slot-given-twice", "--design", "cleancache-page", "--quiet"];
    const { code, out, err } = mteOracle("bugs", "run", ...args);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^cleancache-page: swap-slots-stay-apart: broken\n/);
  });

  const refused: readonly (readonly string[])[] = [
    ["bugs", "nosuch"],
    ["bugs", "run"],
    ["bugs", "run", "nosuch"],
    ["bugs", "run", "tags-cleared-twice"],
    ["bugs", "run", "slot-given-twice", "--design", "cma-hw-kasan"],
    ["bugs", "run", "slot-given-twice", "--until", "two"],
    ["bugs", "kills", "nosuch"],
  ];
  test.each(refused.map((args) => [args.join(" "), args] as const))("%s", (_name, args) => {
    const { code, out, err } = mteOracle(...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(oneLine);
  });
});
