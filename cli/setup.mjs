/**
 * What `npm start` and `npm test` run first, so that a fresh clone needs no other command: it
 * installs the packages and builds `dist/`, each only when something has changed.
 *
 * Plain Node without dependencies: nothing is installed yet when it runs. All it says goes to
 * stderr. Exit codes: 2 this Node is too old, 70 the packages or the build failed.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** What becomes `dist/`: the folders tsconfig.build.json names, and the root's own entry. */
const sources = ["model", "impl", "checker", "properties", "counterexamples", "oracle", "cli"];

/** What is copied beside the compiled code because it is read while running. */
const assets = [
  { folder: "model/machines", extension: ".dts" },
  { folder: "counterexamples/corpus", extension: ".json" },
  { folder: "counterexamples/bugs", extension: ".json" },
  { folder: "counterexamples/try/stories", extension: ".txt" },
  { folder: "counterexamples/page", extension: "style.css" },
  { folder: "counterexamples/page", extension: "view.js" },
  { folder: "properties", extension: "expected.json" },
  { folder: "properties/bugs", extension: "kills.json" },
];

/** Where the hash of the package-lock.json that was installed is kept. */
const installed = "node_modules/.mte-oracle-lock";

/** Files outside the sources that decide what the build makes. */
const settings = [
  "cli/setup.mjs",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "tsconfig.build.json",
  "index.ts",
];

refuseOldNode();
if (!isInstalled()) install();
const wanted = fingerprint();
if (read("dist/.built") !== wanted) build(wanted);

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(2, `needs Node 20.19 or newer, this is ${process.versions.node}`);
}

/**
 * Whether node_modules holds what package-lock.json asks for: either this file installed it, or
 * the record that npm itself writes as its last step agrees (so `npm ci` by hand counts).
 */
function isInstalled() {
  if (read(installed) === lockHash()) return true;
  const asked = packagesOf("package-lock.json");
  const present = packagesOf("node_modules/.package-lock.json");
  if (asked === undefined || present === undefined) return false;
  return Object.entries(asked).every(([place, entry]) => {
    if (place === "") return true;
    const found = present[place];
    if (found === undefined) return Boolean(entry.optional || entry.devOptional);
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

function lockHash() {
  const hash = createHash("sha256");
  hash.update(readBytes("package-lock.json") ?? "none");
  return hash.digest("hex");
}

function packagesOf(file) {
  const text = read(file);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text).packages;
  } catch {
    return undefined;
  }
}

function install() {
  say("installing packages (npm ci)");
  // An installation that is interrupted must not look whole.
  for (const mark of [installed, "node_modules/.package-lock.json"]) {
    fs.rmSync(path.join(root, mark), { force: true });
  }
  const args = ["ci", "--no-audit", "--no-fund", "--include=dev"];
  const npm = process.env["npm_execpath"] ?? "";
  // Under `npm run` the very npm that called is used; by hand, the one on PATH.
  const done = /npm-cli\.[cm]?js$/.test(npm)
    ? run(process.execPath, [npm, ...args])
    : run("npm", args, process.platform === "win32");
  if (!done) fail(70, "npm ci failed");
  fs.writeFileSync(path.join(root, installed), lockHash());
}

/** One hash over the names and the bytes of all that the build reads. */
function fingerprint() {
  const files = [
    ...settings,
    ...sources.flatMap((folder) => filesUnder(folder).filter((file) => file.endsWith(".ts"))),
    ...assets.flatMap(assetFiles),
  ];
  const hash = createHash("sha256");
  for (const file of [...new Set(files)].sort()) {
    const bytes = readBytes(file);
    hash.update(`${file}\0${bytes === undefined ? "none" : bytes.length}\0`);
    if (bytes !== undefined) hash.update(bytes);
  }
  return hash.digest("hex");
}

/**
 * Builds beside `dist/` and then puts the result in its place whole. An interrupted build changes
 * nothing, a deleted source leaves no compiled file behind, and a program that runs from `dist/`
 * never sees half of a build.
 */
function build(stamp) {
  say("building dist");
  sweep();
  const staging = path.join(root, `.dist-${process.pid}`);
  fs.rmSync(staging, { recursive: true, force: true });
  const tsc = path.join(root, "node_modules/typescript/bin/tsc");
  // Types are checked by `npm run types`; here it would only make everybody wait three times as long.
  const given = ["-p", "tsconfig.build.json", "--noCheck", "--outDir", staging];
  if (!run(process.execPath, [tsc, ...given])) {
    fs.rmSync(staging, { recursive: true, force: true });
    fail(70, "the build failed");
  }
  for (const file of assets.flatMap(assetFiles)) {
    const target = path.join(staging, file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.copyFileSync(path.join(root, file), target);
  }
  fs.writeFileSync(path.join(staging, ".built"), stamp);
  replaceDist(staging);
}

function replaceDist(staging) {
  const dist = path.join(root, "dist");
  const old = `${staging}-old`;
  for (let attempt = 0; ; attempt++) {
    fs.rmSync(old, { recursive: true, force: true });
    try {
      if (fs.existsSync(dist)) fs.renameSync(dist, old);
      fs.renameSync(staging, dist);
      break;
    } catch (error) {
      // Another build may put its own dist here between the two moves.
      if (attempt === 5) throw error;
    }
  }
  fs.rmSync(old, { recursive: true, force: true });
}

/** Removes what interrupted builds left: folders whose process is gone. */
function sweep() {
  for (const name of fs.readdirSync(root)) {
    const pid = /^\.dist-(\d+)(?:-old)?$/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    fs.rmSync(path.join(root, name), { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function assetFiles({ folder, extension }) {
  return filesUnder(folder).filter((file) => file.endsWith(extension));
}

/** All files under a folder of the project, as paths from its root with forward slashes. */
function filesUnder(folder) {
  if (!fs.existsSync(path.join(root, folder))) return [];
  return fs.readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const place = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesUnder(place) : [place];
  });
}

function read(file) {
  return readBytes(file)?.toString("utf8");
}

function readBytes(file) {
  try {
    return fs.readFileSync(path.join(root, file));
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Runs a program in the project's root with all its output on stderr. */
function run(program, args, shell = false) {
  const result = spawnSync(program, args, { cwd: root, stdio: ["ignore", 2, 2], shell });
  if (result.error !== undefined) say(result.error.message);
  return result.status === 0;
}

function say(text) {
  process.stderr.write(`mte-oracle: ${text}\n`);
}

function fail(code, text) {
  say(text);
  process.exit(code);
}
