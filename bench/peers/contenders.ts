/** Who takes part: how each is built for an instance, and how its counts are read. */
import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import type { PeerInstance } from "./instances.ts";
import { murphi } from "./murphi.ts";
import { promela } from "./promela.ts";
import { build, type Command } from "./run.ts";
import { sameInC } from "./same-in-c.ts";
import type { Instance } from "./tagstore/model.ts";
import { tlaConfiguration } from "./tla.ts";

export type Found = {
  readonly states: number;
  readonly transitions: number;
  /** Of the search itself, by the program's own clock; null if it has none that is fine enough. */
  readonly seconds: number | null;
};

export type Contender = {
  readonly name: string;
  /** What is compared with what: like with like. */
  readonly group: "ours" | "ours, symmetry" | "spin" | "rumur" | "rumur, symmetry" | "tlc" | "c";
  readonly how: string;
  /** Programs that have to be installed, by what they are called. */
  readonly needs: readonly string[];
  /** The largest instance that does not take it very long. */
  readonly upTo: string;
  readonly prepare: (instance: PeerInstance, folder: string) => Command;
  readonly read: (output: string) => Found;
  /** What is wrong with the counts, or null. */
  readonly judge: (found: Found, instance: PeerInstance) => string | null;
};

const modelOf = ({ size }: PeerInstance): Instance => ({ ...size, bug: "none" });

const numbersOf = ({ size: { S, G, T, K, O } }: PeerInstance): readonly string[] =>
  [S, G, T, K, O].map(String);

/** The number that a pattern finds; throws if it finds none. */
const numberIn = (output: string, pattern: RegExp): number => {
  const text = pattern.exec(output)?.[1];
  if (text === undefined) throw new Error(`found no ${pattern.source} in:\n${output.slice(-2000)}`);
  return Number(text.replaceAll(",", ""));
};

const whole: Contender["judge"] = ({ states, transitions }, expected) =>
  states === expected.states && transitions === expected.transitions
    ? null
    : `${states} states and ${transitions} transitions are not ` +
      `${expected.states} and ${expected.transitions}`;

const orbits =
  (least: (instance: PeerInstance) => number, isExact: boolean): Contender["judge"] =>
  ({ states }, instance) => {
    const expected = least(instance);
    const isRight = isExact ? states === expected : states >= expected && states <= instance.states;
    return isRight ? null : `${states} states, expected ${isExact ? "" : "at least "}${expected}`;
  };

const readOurs: Contender["read"] = (output) => {
  if (!output.includes('"verdict":"holds"')) throw new Error(`no whole search: ${output}`);
  const number = (name: string) => numberIn(output, new RegExp(`"${name}":([\\d.e-]+)`));
  return {
    states: number("states"),
    transitions: number("transitions"),
    seconds: number("seconds"),
  };
};

const ours = (symmetry: boolean, hugePages: boolean): Contender => ({
  name: `ours${symmetry ? ", symmetry" : ""}${hugePages ? ", huge pages" : ""}`,
  group: symmetry ? "ours, symmetry" : "ours",
  how: `1 thread, table grows${hugePages ? ", GLIBC_TUNABLES=glibc.malloc.hugetlb=1" : ""}`,
  needs: [],
  upTo: "D",
  prepare: (instance, folder) => ({
    program: process.execPath,
    given: [
      fileURLToPath(new URL("ours.js", import.meta.url)),
      ...numbersOf(instance),
      symmetry ? "symmetry" : "plain",
    ],
    folder,
    environment: hugePages ? { GLIBC_TUNABLES: "glibc.malloc.hugetlb=1" } : {},
  }),
  read: readOurs,
  judge: symmetry ? orbits((instance) => instance.orbits, true) : whole,
});

const spin = (name: string, flags: readonly string[], upTo: string): Contender => ({
  name: `Spin, ${name}`,
  group: "spin",
  how: `1 thread, depth first, ${flags.join(" ")}`,
  needs: ["spin", "gcc"],
  upTo,
  prepare: (instance, folder) => {
    writeFileSync(path.join(folder, "m.pml"), promela(modelOf(instance)));
    build(folder, "spin", ["-a", "m.pml"]);
    build(folder, "gcc", ["-w", "-DSAFETY", "-DMEMLIM=18000", ...flags, "-o", "pan", "pan.c"]);
    const { depth, log } = instance.spin;
    return { program: "./pan", given: [`-m${depth}`, `-w${log}`], folder };
  },
  read: (output) => ({
    states: numberIn(output, /(\d+) states, stored/),
    // Spin counts the initial state as a transition, too.
    transitions: numberIn(output, /(\d+) transitions/) - 1,
    seconds: numberIn(output, /elapsed time ([\d.]+) seconds/),
  }),
  judge: whole,
});

const rumur = (
  symmetry: "off" | "heuristic" | "exhaustive",
  threads: number,
  upTo: string,
): Contender => ({
  name: `rumur${symmetry === "off" ? "" : `, symmetry ${symmetry}`}, threads ${threads}`,
  group: symmetry === "off" ? "rumur" : "rumur, symmetry",
  how: `breadth first, --symmetry-reduction ${symmetry}, gcc -O3 -march=native`,
  needs: ["rumur", "gcc"],
  upTo,
  prepare: (instance, folder) => {
    writeFileSync(path.join(folder, "m.m"), murphi(modelOf(instance), symmetry !== "off"));
    build(folder, "rumur", [
      ...["--output", "m.c", "m.m", "--deadlock-detection", "off"],
      ...["--symmetry-reduction", symmetry, "--threads", `${threads}`],
      ...["--output-format", "machine-readable"],
    ]);
    const flags = ["-w", "-std=c11", "-O3", "-march=native", "-mcx16"];
    build(folder, "gcc", [...flags, "-o", "m", "m.c", "-lpthread"]);
    return { program: "./m", given: [], folder };
  },
  read: (output) => {
    const summary = output.slice(output.lastIndexOf("<summary"));
    if (numberIn(summary, /errors="(\d+)"/) !== 0) throw new Error(`rumur: ${summary}`);
    return {
      states: numberIn(summary, /states="(\d+)"/),
      transitions: numberIn(summary, /rules_fired="(\d+)"/),
      seconds: null,
    };
  },
  judge:
    symmetry === "off"
      ? whole
      : orbits((instance) => instance.scalarsetOrbits, symmetry === "exhaustive"),
});

/** Sources that are not compiled with the others. npm runs a script in the root of the project. */
const sources = path.resolve("bench/peers");

const readC: Contender["read"] = (output) => ({
  states: numberIn(output, /states=(\d+)/),
  transitions: numberIn(output, /transitions=(\d+)/),
  seconds: numberIn(output, /seconds=([\d.]+)/),
});

const c = (name: string, limit: boolean, prefetch: boolean): Contender => ({
  name: `C, ${name}${prefetch ? ", prefetch" : ""}`,
  group: "c",
  how: `1 thread, gcc -O3 -march=native, table of the right size, 8 bytes a place`,
  needs: ["gcc"],
  upTo: "D",
  prepare: (instance, folder) => {
    const { log, states, transitions } = instance;
    const last = prefetch ? "1" : "0";
    const source = limit ? path.join(sources, "c", "limit.c") : "m.c";
    if (!limit) writeFileSync(path.join(folder, "m.c"), sameInC(modelOf(instance)));
    build(folder, "gcc", ["-O3", "-march=native", "-o", "m", source]);
    const given = limit ? [`${log}`, `${states}`, `${transitions}`, last] : [`${log}`, last];
    return { program: "./m", given, folder };
  },
  read: readC,
  judge: whole,
});

const tlc = (jar: string, symmetry: boolean, upTo: string): Contender => ({
  name: `TLC${symmetry ? ", symmetry" : ""}, 2 workers`,
  group: "tlc",
  how: "breadth first, -Xmx10g -XX:+UseParallelGC",
  needs: ["java"],
  upTo,
  prepare: (instance, folder) => {
    writeFileSync(path.join(folder, "m.cfg"), tlaConfiguration(modelOf(instance), symmetry));
    const machine = ["-XX:+UseParallelGC", "-Xmx10g", "-cp", path.resolve(jar), "tlc2.TLC"];
    const module = path.join(sources, "tla", "TagStore.tla");
    const given = [...machine, "-workers", "2", "-metadir", folder, "-config", "m.cfg", module];
    return { program: "java", given, folder };
  },
  read: (output) => ({
    states: numberIn(output, /([\d,]+) distinct states found, 0 states left/),
    transitions: numberIn(output, /([\d,]+) states generated, /) - 1,
    seconds: null,
  }),
  judge: symmetry ? orbits((instance) => instance.scalarsetOrbits, true) : whole,
});

export const contenders = (jar: string | null): readonly Contender[] => [
  ours(false, false),
  ours(false, true),
  ours(true, false),
  spin("no reduction", ["-O2", "-DNOREDUCE"], "D"),
  spin("partial order", ["-O2"], "C"),
  spin(
    "fast flags",
    ["-O3", "-march=native", "-DNOREDUCE", "-DNOBOUNDCHECK", "-DNOFAIR", "-DSFH"],
    "C",
  ),
  rumur("off", 1, "A"),
  rumur("heuristic", 1, "C"),
  rumur("heuristic", 2, "D"),
  rumur("exhaustive", 2, "C"),
  c("same search", false, false),
  c("same search", false, true),
  c("table alone", true, false),
  c("table alone", true, true),
  ...(jar === null ? [] : [tlc(jar, false, "A"), tlc(jar, true, "C")]),
];

/** An empty folder for a contender. */
export const folderFor = (root: string, name: string): string => {
  const folder = path.join(root, name.replaceAll(/[^\w]+/g, "-"));
  mkdirSync(folder, { recursive: true });
  return folder;
};
