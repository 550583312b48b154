/**
 * The examples of README.md and docs/library.md: each TypeScript block is checked against the
 * sources as if `mte-oracle` were installed, then run, and prints the text block that follows it.
 * And what the pages quote or name: the answer, files, slices and rows.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import * as checker from "../../checker/index.ts";
import { answer } from "../../cli/answer.ts";
import * as counterexamples from "../../counterexamples/index.ts";
import * as model from "../../model/index.ts";
import * as oracle from "../../oracle/index.ts";
import { expectedKey, parseExpected } from "../../properties/expected.ts";
import * as properties from "../../properties/index.ts";
import { rowNamed } from "../../properties/rows/index.ts";
import { slicesOf } from "../../properties/slices.ts";
import type { Cell, Column } from "../../properties/table.ts";
import { phone } from "../machines.ts";
import { read, root } from "./tree.ts";

const rooms: Readonly<Record<string, unknown>> = {
  "mte-oracle/model": model,
  "mte-oracle/checker": checker,
  "mte-oracle/properties": properties,
  "mte-oracle/counterexamples": counterexamples,
  "mte-oracle/oracle": oracle,
};

type Example = { readonly place: string; readonly source: string; readonly prints: string };

const pages = ["README.md", "docs/library.md"];

const examplesOf = (page: string): readonly Example[] => {
  const blocks = [...read(page).matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(
    ([, language = "", text = ""]) => ({ language, text }),
  );
  return blocks.flatMap(({ language, text }, index) =>
    language === "ts"
      ? [
          {
            place: `${page}, block ${index + 1}`,
            source: text,
            prints: blocks[index + 1]?.language === "text" ? (blocks[index + 1]?.text ?? "") : "",
          },
        ]
      : [],
  );
};

const examples = pages.flatMap(examplesOf);

/** What the compiler says of all examples, as modules at the root that never touch the disk. */
const complaints = (): readonly string[] => {
  const { config } = ts.readConfigFile(path.join(root, "tsconfig.json"), (file) =>
    fs.readFileSync(file, "utf8"),
  );
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, root);
  options.paths = Object.fromEntries(
    Object.keys(rooms).map((name) => [name, [`./${name.split("/")[1]}/index.ts`]]),
  );
  const sources = new Map(
    examples.map(({ source }, index) => [path.join(root, `example-${index}.ts`), source]),
  );
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (file) => sources.has(path.normalize(file)) || fileExists(file);
  host.getSourceFile = (file, version, ...rest) => {
    const source = sources.get(path.normalize(file));
    return source === undefined
      ? getSourceFile(file, version, ...rest)
      : ts.createSourceFile(file, source, version, true);
  };
  const program = ts.createProgram([...sources.keys()], options, host);
  return [...sources.keys()].flatMap((file, index) => {
    const source = program.getSourceFile(file);
    const found = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ];
    return found.map(({ messageText, start = 0 }) => {
      const line = source ? source.getLineAndCharacterOfPosition(start).line + 1 : 0;
      const text = ts.flattenDiagnosticMessageText(messageText, " ");
      return `${examples[index]?.place}, line ${line}: ${text}`;
    });
  });
};

/** Runs an example with the rooms in place of its imports; returns what it printed. */
const run = ({ source }: Example): string => {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS },
  });
  const printed: string[] = [];
  const console = { log: (...values: readonly unknown[]) => printed.push(`${values.join(" ")}\n`) };
  const room = (name: string): unknown => rooms[name];
  new Function("require", "exports", "console", outputText)(room, {}, console);
  return printed.join("");
};

describe("the examples of the documentation", () => {
  test("there are some on each page", () => {
    for (const page of pages) expect(examplesOf(page).length, page).toBeGreaterThan(0);
  });

  test("compile against the sources", () => {
    expect(complaints()).toEqual([]);
  });

  test.each(examples)("print what the page says: $place", (example) => {
    expect(run(example)).toBe(example.prints);
  });

  test("import nothing but the rooms", () => {
    for (const { place, source } of examples)
      for (const [, name = ""] of source.matchAll(/from "([^"]+)"/g))
        expect(Object.keys(rooms), place).toContain(name);
  });
});

const exists = (name: string): boolean => fs.existsSync(path.join(root, name));
const slicesOfPhone = (design: model.Design) => slicesOf(phone(), design);

/** The table that is expected of the default machine, with as much in its cells as the answer asks. */
const expectedColumns = (): readonly Column[] => {
  const { machines } = parseExpected(read("properties/expected.json"));
  const expected = machines[expectedKey("phone-16g", 4096)] ?? {};
  const nowhere = { slice: "", property: "", states: 0, pins: 0, reason: "" };
  const witness = { moves: [], loopFrom: null };
  return model.designs.map((design) => {
    const scope = slicesOfPhone(design)[0]?.scope;
    if (!scope) throw new Error(`${design.name} has no slice`);
    const machinery = new model.Machinery(design, scope);
    const cells = Object.entries(expected[design.name]?.rows ?? {}).map(
      ([row, { kind }]): [string, Cell] => {
        const why = rowNamed(row)?.appliesNot?.(machinery) ?? "";
        const cut = { by: "states" } as const;
        return [row, { ...nowhere, witness, why, kind, cut } as Cell];
      },
    );
    const nothing = { reports: [], reached: [], unreached: [] };
    return {
      design: design.name,
      title: design.title,
      variantOf: design.variantOf ?? null,
      cells: new Map(cells),
      ...nothing,
    };
  });
};

describe("the pages", () => {
  const documents = [
    ...pages,
    "CONTRIBUTING.md",
    "docs/architecture.md",
    "docs/assumptions.md",
    "docs/counterexamples.md",
    "docs/designs.md",
  ];

  test("keep to 100 columns, tables aside", () => {
    const long = documents.flatMap((page) =>
      read(page)
        /** The table that the command prints is as wide as the command makes it. */
        .replace(/(?<=<!-- table -->)[\s\S]*(?=<!-- \/table -->)/, "")
        .split("\n")
        .flatMap((line, at) =>
          /** A link to a file is as long as its name. */
          line.length > 100 && !/^[|]|^ +\[the run\]/.test(line) ? [`${page}:${at + 1}`] : [],
        ),
    );
    expect(long).toEqual([]);
  });

  test("README.md has a place for the table", () => {
    expect(read("README.md")).toMatch(/^<!-- table -->\n[\s\S]+\n<!-- \/table -->$/m);
  });

  test("README.md quotes the answer as `npm start` prints it", () => {
    const quoted = [...read("README.md").matchAll(/^> (.*)$/gm)].map(([, line]) => line).join(" ");
    expect(quoted).toBe(answer(expectedColumns().map((column) => ({ column, whole: true }))));
  });

  test("name files and folders that exist", () => {
    const later = /^## Where the later floors go[\s\S]*?(?=^## )/m;
    const place =
      /(?<![\w/])(?:model|checker|properties|counterexamples|cli|test|docs)\/[\w./-]*\w/g;
    const gone = documents.flatMap((page) =>
      [...read(page).replace(later, "").matchAll(place)]
        .map(([name]) => name)
        .filter((name) => !["", ".ts", ".test.ts"].some((end) => exists(`${name}${end}`)))
        .map((name) => `${page}: ${name}`),
    );
    expect(gone).toEqual([]);
  });

  test("name slices and rows of the table by their names", () => {
    const slices = new Set(model.designs.flatMap(slicesOfPhone).map(({ name }) => name));
    const wrong = documents.flatMap((page) =>
      [...read(page).matchAll(/\b(slice|row)s? `([a-z-]+)`/gi)]
        .filter(([, what, name = ""]) =>
          what?.toLowerCase() === "slice" ? !slices.has(name) : !rowNamed(name),
        )
        .map(([text]) => `${page}: ${text}`),
    );
    expect(wrong).toEqual([]);
  });
});
