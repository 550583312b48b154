/** Where the expected verdicts lie: read from the package, rewritten in a checkout. */
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Counterexample,
  manifestOf,
  parseCounterexample,
  parseMended,
  writeManifest,
} from "../counterexamples/index.ts";
import { designs } from "../model/index.ts";
import {
  type Column,
  defaultMachine,
  type Expected,
  type ExpectedMachine,
  expectedKey,
  expectedOf,
  type Profile,
  parseExpected,
  reductionsOf,
  writeExpected,
} from "../properties/index.ts";
import { designsPage } from "./designs-page.ts";
import { CommandError, exitCodes } from "./exit.ts";
import { writeIfChanged } from "./files.ts";
import { withProfiles } from "./profiles-page.ts";
import { readmeTable } from "./table.ts";

const inPackage = (name: string): string =>
  fileURLToPath(new URL(`../properties/${name}`, import.meta.url));

/** What is expected under demands other than those of processes lies apart: few runs need it. */
const nameOf = (profile: Profile): string =>
  profile === "processes" ? "expected.json" : "profiles.expected.json";

export const readExpected = (profile: Profile = "processes"): Expected =>
  parseExpected(fs.readFileSync(inPackage(nameOf(profile)), "utf8"));

/** The root of the checkout that this program was built in. */
export const checkout = (what: string): string => {
  const root = path.resolve(path.dirname(inPackage("expected.json")), "../..");
  if (fs.existsSync(path.join(root, "properties/expected.json"))) return root;
  throw new CommandError(exitCodes.usage, `${what} works in a checkout only`);
};

/** The files of a folder of kept counterexamples; those that cannot be read are for a test to tell. */
const keptIn = (root: string, name: string, parse: typeof parseCounterexample) => {
  const folder = path.join(root, "counterexamples", name);
  if (!fs.existsSync(folder)) return new Map<string, Counterexample>();
  const files = fs.readdirSync(folder).filter((file) => file.endsWith(".json"));
  return new Map(
    files.flatMap((file) => {
      const parsed = parse(fs.readFileSync(path.join(folder, file), "utf8"), file);
      return parsed.ok ? [[file, parsed.value] as const] : [];
    }),
  );
};

const writeCorpusManifest = (root: string): void => {
  const corpus = keptIn(root, "corpus", parseCounterexample);
  const manifest = writeManifest(manifestOf(corpus, keptIn(root, "mended", parseMended)));
  writeIfChanged(path.join(root, "counterexamples/manifest.json"), manifest);
};

const readmeBlock = /(?<=<!-- table -->)[\s\S]*?(?=<!-- \/table -->)/;

/** The README shows the table of the default machine as it is. */
const writeReadme = (root: string, columns: readonly Column[]): void => {
  const file = path.join(root, "README.md");
  const text = fs.readFileSync(file, "utf8");
  writeIfChanged(
    file,
    text.replace(readmeBlock, () => readmeTable(columns)),
  );
};

/** docs/designs.md tells what is expected of each design, and how it breaks first. */
const writeDesigns = (root: string, expected: ExpectedMachine): void => {
  const file = path.join(root, "docs/designs.md");
  const corpus = keptIn(root, "corpus", parseCounterexample);
  writeIfChanged(file, designsPage(fs.readFileSync(file, "utf8"), { expected, corpus }));
};

/** And which of its verdicts others change who ask for tags. */
const writeProfiles = (root: string): void => {
  const file = path.join(root, "docs/designs.md");
  writeIfChanged(file, withProfiles(fs.readFileSync(file, "utf8"), readExpected));
};

/**
 * Makes what was found what is expected, for these designs on this machine, and lists the corpus
 * anew. The package's own copy is written too, so that it need not be built again to agree.
 */
export const updateExpected = (
  key: string,
  columns: readonly Column[],
  profile: Profile = "processes",
): void => {
  const root = checkout("--update-expected");
  const file = path.join(root, "properties", nameOf(profile));
  const expected = parseExpected(fs.readFileSync(file, "utf8"));
  const known = expected.machines[key];
  const found = { ...known, ...expectedOf(columns, known) };
  /** In the order of the table, and without designs that are gone. */
  const machine = Object.fromEntries(
    designs.flatMap(({ name }) => {
      const design = found[name];
      return design ? [[name, design]] : [];
    }),
  );
  const text = writeExpected({ ...expected, machines: { ...expected.machines, [key]: machine } });
  for (const each of new Set([file, inPackage(nameOf(profile))])) writeIfChanged(each, text);
  writeProfiles(root);
  if (profile !== "processes") return;
  writeCorpusManifest(root);
  const isReduced = columns.some(({ reports }) =>
    reports.some(({ strategy }) => reductionsOf(strategy).length > 0),
  );
  if (key !== expectedKey(defaultMachine, 4096) || isReduced) return;
  writeDesigns(root, machine);
  if (columns.length === designs.length) writeReadme(root, columns);
};
