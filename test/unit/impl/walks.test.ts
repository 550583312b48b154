/**
 * Lockstep in small: walks that were picked because each of them tells some change of the sources
 * from the original that the ones before it do not (mutation testing), and that together do every
 * action of every script and leave every mark. The suites under `test/property` walk far more; these
 * are quick.
 */
import { expect, test } from "vitest";
import { Manager } from "../../../impl/index.ts";
import { designNamed } from "../../../model/index.ts";
import { arenaOf, type Picked, type Reached, walkPicked } from "./walks.ts";

const picked: Readonly<Record<string, readonly Picked[]>> = {
  carveout: [
    ["words", 0, 1],
    ["atomic-context", 4, 4150],
    ["everything", 9, 4305],
    ["everything", 7, 2303],
    ["atomic-context", 5, 4151],
    ["atomic-context", 1, 4147],
    ["swap-restore", 4, 4064],
    ["everything", 13, 4309],
    ["pinning", 4, 3180],
    ["tagging", 4, 2034],
    ["everything", 0, 4296],
    ["everything", 11, 2307],
    ["pinning", 4, 4180],
    ["swap-restore", 5, 3065],
    ["accounting", 3, 2269],
    ["allocation", 0, 1000],
    ["everything", 12, 1308],
    ["swap-restore", 2, 1062],
    ["swap-restore", 1, 1061],
  ],
  cma: [
    ["everything", 19, 31315],
    ["tight", 1, 32377],
    ["pinning", 11, 32187],
    ["accounting", 9, 31275],
    ["pinning", 10, 31186],
    ["cleancache", 18, 32100],
    ["words", 3, 1],
    ["pinning", 13, 4189],
    ["atomic-context", 7, 4153],
    ["everything", 18, 3314],
    ["pinning", 9, 4185],
    ["accounting", 8, 4274],
    ["cleancache", 25, 3103],
    ["everything", 26, 4322],
    ["atomic-context", 6, 3152],
    ["pinning", 14, 3190],
    ["pinning", 13, 2189],
    ["everything", 20, 3316],
    ["everything", 28, 4324],
    ["swap-restore", 11, 3071],
    ["everything", 21, 2317],
    ["atomic-context", 9, 3155],
    ["accounting", 9, 3275],
    ["allocation", 7, 3007],
    ["tagging", 8, 3038],
    ["tight", 3, 199],
    ["tight", 2, 470],
    ["tight", 3, 119],
    ["tight", 3, 303],
    ["tight", 1, 349],
    ["pinning", 14, 9078],
    ["everything", 31, 1327],
    ["atomic-context", 7, 1153],
    ["large-folios", 11, 1227],
    ["accounting", 9, 1275],
    ["allocation", 11, 1011],
    ["pinning", 10, 1186],
    ["atomic-context", 8, 1154],
    ["everything", 26, 1322],
    ["pinning", 11, 1187],
  ],
  "cma-hw-kasan": [
    ["everything", 36, 1332],
    ["pinning", 16, 1192],
    ["everything", 35, 1331],
    ["cleancache", 41, 1111],
    ["everything", 34, 1330],
    ["allocation", 17, 1017],
    ["allocation", 16, 1016],
    ["tagging", 16, 1046],
    ["maintenance", 9, 1255],
    ["everything", 46, 1342],
    ["tagging", 15, 1045],
    ["tagging", 15, 51063],
    ["everything", 33, 1329],
  ],
  "cleancache-page": [
    ["everything", 53, 31349],
    ["cleancache", 59, 32121],
    ["everything", 62, 32358],
    ["everything", 49, 32345],
    ["large-folios", 19, 3235],
    ["maintenance", 13, 4259],
    ["accounting", 22, 1288],
    ["cleancache", 50, 4116],
    ["pinning", 31, 4207],
    ["everything", 54, 4350],
    ["cleancache", 49, 3115],
    ["maintenance", 13, 3259],
    ["everything", 51, 4347],
    ["cleancache", 50, 3116],
    ["everything", 48, 1344],
    ["pinning", 28, 3204],
    ["drop-under-claim", 2, 4132],
    ["swap-restore", 23, 3083],
    ["drop-under-claim", 6, 1136],
    ["cleancache", 56, 1118],
    ["cleancache", 49, 1115],
    ["tagging", 22, 1052],
    ["maintenance", 15, 1261],
    ["everything", 50, 1346],
    ["cleancache", 59, 1121],
  ],
  "cleancache-folio": [
    ["cleancache", 65, 700369],
    ["cleancache", 77, 1701153],
    ["cleancache", 77, 1700523],
    ["cleancache", 79, 700751],
    ["cleancache", 79, 701073],
    ["drop-under-claim", 8, 700568],
    ["cleancache", 75, 31129],
    ["large-folios", 25, 32241],
    ["cleancache", 66, 31124],
    ["tagging", 26, 32056],
    ["pinning", 39, 31215],
    ["words", 9, 1],
    ["large-folios", 24, 3240],
    ["atomic-context", 27, 3173],
    ["everything", 76, 4372],
    ["everything", 70, 2366],
    ["everything", 75, 1371],
    ["maintenance", 19, 3265],
    ["everything", 72, 3368],
    ["drop-under-claim", 9, 4139],
    ["swap-restore", 26, 2086],
    ["tagging", 27, 2057],
    ["everything", 78, 3374],
    ["cleancache", 64, 1122],
    ["pinning", 34, 4210],
    ["everything", 79, 2375],
    ["accounting", 24, 4290],
    ["cleancache", 67, 4125],
    ["cleancache", 75, 4129],
    ["everything", 78, 1374],
    ["everything", 71, 1367],
    ["maintenance", 16, 1262],
    ["swap-restore", 27, 1087],
    ["pinning", 32, 1208],
    ["cleancache", 67, 1125],
    ["everything", 69, 1365],
    ["atomic-context", 28, 1174],
    ["drop-under-claim", 14, 1144],
    ["atomic-context", 25, 1171],
    ["maintenance", 19, 1265],
    ["drop-under-claim", 9, 1139],
    ["atomic-context", 27, 1173],
    ["everything", 70, 1366],
    ["everything", 67, 1363],
  ],
};

/** Every action that a script has, as a walk notes it. */
const actionsOf = ([name, index]: Picked): readonly string[] => {
  const { design, scope } = arenaOf(name, index);
  return Object.entries(new Manager(design, scope).scripts).flatMap(([kind, script]) =>
    Object.keys(script.actions).map((label) => `${kind} ${label}`),
  );
};

/** Operations that claim for a page from the free list, which has nothing in the stash. */
const claimingForFresh = ["allocate", "copy", "migrate", "swap-in"];

/** What is not done here, for each design of which everything is demanded, and why. */
const notHere: Readonly<Record<string, readonly string[]>> = {
  /** Nothing is kept that could be dropped: it is refused at the door. */
  carveout: ["drop empty-keys", "drop forget-keys"],
  cma: [
    "drop empty-keys",
    "drop forget-keys",
    ...claimingForFresh.map((kind) => `${kind} replay-stash`),
    /** `stories.test.ts` does: it takes a dozen steps in one order. */
    "enable-tags replay-stash",
    "stash-is-replayed",
    /** `faults.test.ts` does. */
    "enable-tags move-tags",
    "enable-tags stash-tags",
  ],
  "cleancache-folio": [],
};

test.each(Object.keys(picked))("%s: model and implementation agree", (name) => {
  const reached: Reached = { actions: new Set(), marks: new Set() };
  const walks = picked[name] ?? [];
  for (const walk of walks) expect(walkPicked(walk, reached), walk.join(" ")).toBeNull();
  const except = notHere[name];
  const [first] = walks;
  if (first === undefined || except === undefined) return;
  const wanted = [...actionsOf(first), ...(designNamed(name)?.marks ?? [])];
  const did = new Set([...reached.actions, ...reached.marks]);
  expect(wanted.filter((what) => !did.has(what)).sort()).toEqual(except.toSorted());
});
