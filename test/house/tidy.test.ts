import { describe, expect, test } from "vitest";
import { filesUnder, linesMatching, read, topFolders, writtenFiles } from "./tree.ts";

const folders = [
  "model",
  "impl",
  "properties",
  "counterexamples",
  "test",
  "checker",
  "oracle",
  "cli",
  "bench",
  "docs",
];

/** A test that is left out, in any of the ways vitest and fast-check write it. */
const leftOut = /\b(?:test|it|describe|suite|bench)(?:\.\w+)*\.(?:skip|only|todo)\b/;
/** A note to do something later; the brackets keep this line from finding itself. */
const later = /\b(?:T[O]DO|F[I]XME|X[X]X)\b/;
/** A path that exists on one machine only. */
const machinePath = /(?<![\w.\-~}])\/(?:home|work|root)\//;

describe("the house is tidy", () => {
  const written = writtenFiles();
  const typescript = written.filter((file) => file.endsWith(".ts"));

  test("the top folders are exactly the rooms", () => {
    expect(topFolders()).toEqual([...folders].sort());
  });

  test("every room has code, or a short README that keeps its place", () => {
    const empty = topFolders()
      .filter((folder) => folder !== "docs")
      .filter((folder) => {
        const files = filesUnder(folder);
        const readme = `${folder}/README.md`;
        const short = files.includes(readme) && read(readme).trimEnd().split("\n").length <= 15;
        return !short && !files.some((file) => file.endsWith(".ts"));
      });
    expect(empty).toEqual([]);
  });

  test("no test is left out", () => {
    expect(typescript.flatMap((file) => linesMatching(file, leftOut))).toEqual([]);
  });

  test("nothing is put off in a comment", () => {
    expect(written.flatMap((file) => linesMatching(file, later))).toEqual([]);
  });

  test("no path of one machine", () => {
    expect(written.flatMap((file) => linesMatching(file, machinePath))).toEqual([]);
  });

  test("no source is longer than 400 lines", () => {
    const long = typescript
      .map((file) => ({ file, lines: read(file).trimEnd().split("\n").length }))
      .filter(({ lines }) => lines > 400);
    expect(long).toEqual([]);
  });

  test("the lock file names the packages of every platform", () => {
    // Without them `npm ci` refuses on machines whose registry lacks some of them.
    const lock: { packages: Record<string, { optionalDependencies?: Record<string, string> }> } =
      JSON.parse(read("package-lock.json"));
    const missing = Object.entries(lock.packages).flatMap(([place, entry]) =>
      Object.keys(entry.optionalDependencies ?? {}).filter(
        (name) =>
          !(`node_modules/${name}` in lock.packages) &&
          !(`${place}/node_modules/${name}` in lock.packages),
      ),
    );
    expect(missing).toEqual([]);
  });

  test("the patterns find what they look for", () => {
    // Put together here, so that this file holds none of them.
    const join = (...parts: string[]) => parts.join("");
    for (const call of ["test.sk|ip(", "it.on|ly(", "describe.to|do(", "test.prop.sk|ip("]) {
      expect(join(...call.split("|"))).toMatch(leftOut);
    }
    for (const note of ["// TO|DO: later", "# FIX|ME"]) {
      expect(join(...note.split("|"))).toMatch(later);
    }
    for (const path of ['"/ho|me/a/b"', "see /wo|rk/x", "(/ro|ot/.cache)"]) {
      expect(join(...path.split("|"))).toMatch(machinePath);
    }
    for (const fine of ["../wo|rk/x", "https://a.example/ho|me/x", "the.on|ly(one)"]) {
      expect(join(...fine.split("|"))).not.toMatch(machinePath);
      expect(join(...fine.split("|"))).not.toMatch(leftOut);
    }
  });
});
