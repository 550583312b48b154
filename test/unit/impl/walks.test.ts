/**
 * Lockstep in small: walks that were picked because each of them tells some change of the sources
 * from the original that the ones before it do not (mutation testing), and that together do every
 * action of every script and leave every mark. The suites under `test/property` walk far more; these
 * are quick.
 */
import { expect, test } from "vitest";
import { Manager } from "../../../impl/index.ts";
import { at, designNamed } from "../../../model/index.ts";
import { arenasOf } from "../../../properties/lockstep/arenas.ts";
import { themeNamed } from "../../../properties/lockstep/index.ts";
import { type Picked, type Reached, walkPicked } from "./walks.ts";

const picked: Readonly<Record<string, readonly Picked[]>> = {
  carveout: [
    ["allocation", 0, 1000],
    ["everything", 12, 1308],
    ["swap-restore", 2, 1062],
    ["swap-restore", 1, 1061],
  ],
  cma: [
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
    ["cleancache", 21, 1111],
    ["everything", 34, 1330],
    ["allocation", 17, 1017],
    ["allocation", 16, 1016],
    ["tagging", 16, 1046],
    ["maintenance", 9, 1255],
    ["everything", 46, 1342],
    ["tagging", 15, 1045],
    ["everything", 33, 1329],
  ],
  "cleancache-page": [
    ["drop-under-claim", 6, 1136],
    ["cleancache", 28, 1118],
    ["cleancache", 25, 1115],
    ["tagging", 22, 1052],
    ["maintenance", 15, 1261],
    ["everything", 50, 1346],
    ["cleancache", 31, 1121],
  ],
  "cleancache-folio": [
    ["everything", 71, 1367],
    ["maintenance", 16, 1262],
    ["swap-restore", 27, 1087],
    ["pinning", 32, 1208],
    ["cleancache", 35, 1125],
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
  const theme = themeNamed(name);
  if (!theme) throw new Error(`there is no suite ${name}`);
  const { design, scope } = at(arenasOf(theme), index);
  return Object.entries(new Manager(design, scope).scripts).flatMap(([kind, script]) =>
    Object.keys(script.actions).map((label) => `${kind} ${label}`),
  );
};

/** Actions that no run can reach: see the reasons. */
const unreachable: Readonly<Record<string, readonly string[]>> = {};

test.each(Object.keys(picked))("%s: model and implementation agree", (name) => {
  const reached: Reached = { actions: new Set(), marks: new Set() };
  const walks = picked[name] ?? [];
  for (const walk of walks) expect(walkPicked(walk, reached), walk.join(" ")).toBeNull();
  const marks = designNamed(name)?.marks ?? [];
  expect(marks.filter((mark) => !reached.marks.has(mark))).toEqual([]);
  const [first] = walks;
  const missed = first && actionsOf(first).filter((action) => !reached.actions.has(action));
  expect(missed).toEqual(unreachable[name] ?? []);
});
