/**
 * No expectation of the corpus is idle: each key of each row is changed in turn, and the row fails.
 * What passes because nothing is looked at would show here.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { type Kernel, kernels, readScenarios, runRow } from "../../oracle/index.ts";
import { root } from "../house/tree.ts";

type Row = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly expect: readonly Readonly<Record<string, unknown>>[];
};

const folders = ["oracle/scenarios/corpus", "oracle/scenarios/corpus/own"];
const rows = folders
  .map((folder) => path.join(root, folder))
  .flatMap((folder) =>
    fs
      .readdirSync(folder)
      .filter((file) => file.endsWith(".jsonl"))
      .sort()
      .flatMap((file) => fs.readFileSync(path.join(folder, file), "utf8").trimEnd().split("\n")),
  )
  .map((text): Row => JSON.parse(text));

const isNumeral = (text: string): boolean => /^(?:0x[\da-f]+|\d+)$/.test(text);
const nibbles = 16;

/** Another value, of the same sort, that cannot hold where the first one does. */
const other = (key: string, value: unknown): unknown => {
  if (typeof value === "boolean") return !value;
  if (key === "tag" || key === "top") return (Number(value) + 1) % nibbles;
  if (key === "tagNot") return Array.from({ length: nibbles }, (_, tag) => tag);
  if (key === "tagIn" || key === "tagsOneOf") return [];
  if (key === "hitOneOf") return [false];
  if (key === "seenSubset") return 0;
  if (key === "retLe") return -1;
  if (key === "retGe") return "0x100000000";
  if (key === "errno" || key === "orErrno") return "EXDEV";
  if (key === "fault") return "SIGSEGV";
  if (key === "addrIn" && Array.isArray(value)) return value.map((each) => `${each}+64`);
  if (key === "addr" || key === "addrEq") return `${value}+16`;
  if (typeof value === "number") return value === 0 ? 1 : value - 1;
  if (typeof value !== "string") throw new Error(`no other value for ${key}`);
  if (key === "nzcv") return value === "0" ? "1" : "0";
  if (["tags", "data", "bytes", "dataIfHit"].includes(key))
    return `${value.startsWith("0") ? "1" : "0"}${value.slice(1)}`;
  if (isNumeral(value)) return String(BigInt(value) + 1n);
  throw new Error(`no other value for ${key}`);
};

/** Keys that bind only together with another are changed with it. */
const partner: Readonly<Record<string, string>> = { retLe: "orErrno" };

const changed = (row: Row, at: number, key: string): Row => ({
  ...row,
  expect: row.expect.map((each, index) => {
    const also = partner[key];
    return index !== at
      ? each
      : {
          ...each,
          [key]: other(key, each[key]),
          ...(also !== undefined && also in each && { [also]: other(also, each[also]) }),
        };
  }),
});

/** The newest kernel that a row speaks of. */
const kernelOf = (row: Row): Kernel | undefined => {
  const [line] = readScenarios(JSON.stringify(row), row.id);
  if (line?.kind !== "row") throw new Error(`${row.id} is ${line?.kind}`);
  return kernels.findLast((each) => runRow(line.row, each).kind !== "not-applicable");
};

const newest = new Map(rows.map((row) => [row.id, kernelOf(row)]));

const fails = (row: Row): boolean => {
  const [line] = readScenarios(JSON.stringify(row), row.id);
  const kernel = newest.get(row.id);
  return line?.kind === "row" && kernel !== undefined && runRow(line.row, kernel).kind === "fail";
};

const keysOf = (expected: Row["expect"][number]): readonly string[] =>
  "cond" in expected
    ? ["scReachable", "scAlways"]
    : Object.keys(expected).filter((key) => key !== "step" && key !== "orErrno");

test("every key of every row is looked at", () => {
  const cases = rows.flatMap((row) =>
    row.expect.flatMap((expected, at) => keysOf(expected).map((key) => ({ row, at, key }))),
  );
  expect(cases.length).toBeGreaterThan(4500);
  const idle = cases.filter(({ row, at, key }) => !fails(changed(row, at, key)));
  expect(idle.map(({ row, at, key }) => `${row.id} ${at} ${key}`)).toEqual([]);
});
