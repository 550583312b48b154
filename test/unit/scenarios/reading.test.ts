/** Rows that are wrong, and rows that ask for more than there is: one line each. */
import { describe, expect, test } from "vitest";
import { describeInputError } from "../../../model/index.ts";
import { readScenarios } from "../../../oracle/scenarios/read.ts";
import { lineOf, rowOf, type Written } from "./rows.ts";

const load: Written = { op: "load", addr: "0x1000", size: 8 };
const row = (step: Written, expected: Written = { val: 0 }, rest: Written = {}): Written =>
  rowOf([[step, expected]], rest);

const complaint = (text: string): string => {
  const [line] = readScenarios(text, "rows.jsonl");
  if (line?.kind !== "malformed") throw new Error(`read as ${line?.kind}`);
  return describeInputError(line.error);
};

describe("what is malformed is told in one line", () => {
  test.each<[string, string]>([
    ['{"id": "a', 'rows.jsonl:1: JSON: expected a string that ends on its line, found "a'],
    ["hello", "rows.jsonl:1: JSON: expected a value, found hello"],
    ["[]", "rows.jsonl:1: file: expected an object, found []"],
    ['{"kind": "os"}', "rows.jsonl:1: id: expected a string, found nothing"],
  ])("%s", (text, told) => {
    expect(complaint(text)).toBe(told);
  });

  test.each<[Written, string]>([
    [
      row({ ...load, addr: 5.5 }),
      'steps[0].addr: expected an address: "name+n@tag!nibble" or a number, found 5.5',
    ],
    [
      row({ ...load, addr: "a@17" }),
      'steps[0].addr: expected an address: "name+n@tag!nibble" or a number, found "a@17"',
    ],
    [
      row({ op: "load" }),
      'steps[0].addr: expected an address: "name+n@tag!nibble" or a number, found nothing',
    ],
    [
      row({ ...load, size: "many" }),
      'steps[0].size: expected a whole number, 0 or more, below 2^53, found "many"',
    ],
    [row({ op: 7 }), "steps[0].op: expected the name of an operation, found 7"],
    [row({}), "steps[0].op: expected the name of an operation, found nothing"],
    [
      row({ ...load, addr: "nobody" }),
      "steps[0]: expected a name that a step before it binds, found nobody",
    ],
    [row({ ...load, proc: "c" }), "steps[0]: expected a name that a step before it binds, found c"],
    [
      row({ op: "settags", addr: "0", len: 16, tag: 16 }),
      "steps[0].tag: expected a tag, 0 to 15, found 16",
    ],
    [
      row({ op: "mmap", as: "a", len: 1, prot: "rr", flags: [] }),
      'steps[0].prot: expected letters out of r w x m, each once, found "rr"',
    ],
    [row(load, { val: "seven" }), 'expect[0].val: expected a number, found "seven"'],
    [row(load, { tagIn: 3 }), "expect[0].tagIn: expected a list of values, found 3"],
    [
      row(load, { addrIn: ["a"] }),
      'expect[0].addrIn: expected two addresses, the lowest and the highest, found ["a"]',
    ],
    [
      row(load, { orErrno: "EFAULT" }),
      'expect[0].orErrno: expected the name of an error, beside ret or retLe, found "EFAULT"',
    ],
    [
      { ...row(load), expect: [{ step: 1, val: 0 }] },
      "expect[0].step: expected a step, 0 to 0, found 1",
    ],
    [{ ...row(load), steps: [] }, "steps: expected a list of at least 1, found []"],
    [
      row(load, { val: 0 }, { blockSize: "x" }),
      'blockSize: expected a whole number, 0 or more, below 2^53, found "x"',
    ],
  ])("%j", (written, told) => {
    expect(complaint(JSON.stringify(written))).toBe(`rows.jsonl:1: ${told}`);
  });

  test("lines are counted, blank ones too, and the other rows are read", () => {
    const text = `\n${JSON.stringify(row(load))}\n\n{"id": 3}\n${JSON.stringify(row(load))}\n`;
    const lines = readScenarios(text, "rows.jsonl");
    expect(lines.map(({ kind }) => kind)).toEqual(["row", "malformed", "row"]);
    const [, wrong] = lines;
    expect(wrong?.kind === "malformed" && wrong.error.line).toBe(4);
  });
});

const reason = (written: Written): string => {
  const line = lineOf(written);
  return line.kind === "refused" ? line.why : line.kind;
};

describe("what the model does not know is refused, with the reason", () => {
  test.each<[Written, string]>([
    [row({ op: "teleport" }), "steps[0].op: the operation teleport is not known"],
    [row({ ...load, speed: 3 }), 'steps[0].speed: expected no such field, found "speed"'],
    [row(load, { colour: 1 }), "expect[0].colour: nothing by this name can be observed"],
    [row(load, { valPrime: 1 }), "expect[0].valPrime: nothing by this name can be observed"],
    [
      row(load, { val: 0 }, { pageSize: 16384 }),
      'pageSize: expected no such field, found "pageSize"',
    ],
    [
      row(load, { val: 0 }, { linux: "recent" }),
      'linux: expected conditions such as ">=6.13", found recent',
    ],
    [
      row({ op: "tcfpref", v: "fast" }),
      'steps[0].v: expected one of "sync", "async", "asymm", found "fast"',
    ],
  ])("%j", (written, why) => {
    expect(reason(written)).toBe(why);
  });

  test("what is wrong comes before what is unknown", () => {
    expect(lineOf(row({ ...load, addr: true, speed: 3 })).kind).toBe("malformed");
  });
});
