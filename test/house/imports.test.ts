import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { filesUnder, read, topFolders } from "./tree.ts";

const engine = ["model", "impl", "checker", "properties", "counterexamples", "oracle"];

/** Which folders a folder may import from, besides itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  model: [],
  checker: [],
  impl: ["model"],
  properties: ["model", "impl", "checker"],
  counterexamples: ["model", "impl", "checker", "properties"],
  oracle: ["model", "impl", "checker", "properties", "counterexamples"],
  "index.ts": engine,
  cli: engine,
  bench: [...engine, "cli"],
  test: [...engine, "cli", "bench", "index.ts"],
};

/** The relative targets of `import`, `export ... from`, `import(...)` and `new URL(...)`. */
function relativeImports(source: string): string[] {
  const pattern = /(?:\bfrom|\bimport|\bnew URL)\s*\(?\s*["'](\.[^"']*)["']/g;
  return [...source.matchAll(pattern)].map((match) => match[1] ?? "");
}

/** The room a path from the root lies in: its top folder, or the file itself at the top. */
function roomOf(place: string): string {
  return place.split("/")[0] ?? place;
}

/** Each import of a file that leaves its room in a direction the table does not allow. */
function breaches(file: string, source: string): string[] {
  const from = roomOf(file);
  return relativeImports(source)
    .map((target) => path.posix.join(path.posix.dirname(file), target))
    .filter((place) => roomOf(place) !== from && !allowed[from]?.includes(roomOf(place)))
    .map((place) => `${file} imports ${place}`);
}

/** The rows of the table `folder | imports` in docs/architecture.md. */
function documented(): Record<string, string[]> {
  const table = read("docs/architecture.md").split(/^\| folder \| imports \|$/m)[1] ?? "";
  const rows: Record<string, string[]> = {};
  for (const line of table.trimStart().split("\n")) {
    if (!line.startsWith("|")) break;
    const [folder = "", imports = ""] = line.split("|").slice(1);
    const names = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");
    for (const name of names(folder)) rows[name] = names(imports);
  }
  return rows;
}

describe("imports run one way", () => {
  const files = ["index.ts", ...topFolders().flatMap(filesUnder)].filter((file) =>
    file.endsWith(".ts"),
  );

  test("every import follows the table", () => {
    expect(files.length).toBeGreaterThan(1);
    expect(files.flatMap((file) => breaches(file, read(file)))).toEqual([]);
  });

  test("an import against the direction is seen in each of its forms", () => {
    const forms = [
      'import { a } from "../cli/a.ts";',
      'import "../cli/a.ts";',
      'export * from "../cli/a.ts";',
      'const a = await import("../cli/a.ts");',
      'type A = import("../cli/a.ts").A;',
      'new URL("../cli/a.ts", import.meta.url);',
      'import {\n  a,\n  b,\n} from "../cli/a.ts";',
    ];
    for (const form of forms) {
      expect(breaches("model/x.ts", form), form).toEqual(["model/x.ts imports cli/a.ts"]);
      expect(breaches("test/x.ts", form), form).toEqual([]);
    }
  });

  test("no two rooms may import each other, not even through others", () => {
    const reach = (room: string, seen = new Set<string>()): Set<string> => {
      for (const next of allowed[room] ?? []) {
        if (!seen.has(next)) reach(next, seen.add(next));
      }
      return seen;
    };
    for (const room of Object.keys(allowed)) expect(reach(room).has(room), room).toBe(false);
  });

  test("docs/architecture.md states the same table", () => {
    expect(documented()).toEqual(allowed);
  });
});
