/** The implementation as a transition system: every state, move and event as the design's own. */
import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { replacing } from "../../../impl/bugs/bug.ts";
import { PackedMachinery, type Patch } from "../../../impl/index.ts";
import {
  type ActorSpec,
  at,
  type Design,
  designNamed,
  type Event,
  type Label,
  Machinery,
  type Move,
  type Operation,
  type Scope,
  type World,
} from "../../../model/index.ts";
import { scopeOf } from "./scopes.ts";
import { numbersFrom } from "./walks.ts";

/** Few things to ask, so that listing all moves is quick; an interrupt, pins and dirty lines. */
const actors: readonly ActorSpec[] = [
  {
    name: "task",
    kind: "task",
    cpu: 0,
    owner: 1,
    everyones: false,
    may: ["allocate-tagged", "allocate-untagged", "enable-tags", "free", "write-bytes", "copy"],
  },
  {
    name: "kernel",
    kind: "task",
    cpu: 1,
    owner: 1,
    everyones: true,
    may: ["enable-tags", "read-file", "evict", "migrate", "swap-out"],
  },
  {
    name: "interrupt",
    kind: "interrupt",
    cpu: 0,
    owner: 2,
    everyones: false,
    may: ["allocate-tagged", "free"],
  },
];

const scopeFor = ({ folioOrder }: Design, dirtyLines: boolean): Scope => ({
  ...scopeOf({ granules: 1, slots: 1, files: 1, dirtyLines, actors, mayFail: true }),
  folioOrder,
  pins: dirtyLines ? 0 : 1,
});

/** In any order: the design tells commits before marks, the implementation after them. */
const sorted = (events: readonly Event[]): readonly string[] =>
  events.map((event) => JSON.stringify(event)).sort();

/** Who is at work, and may run, and waits for a lock or for somebody. */
const waiting = (model: Machinery, world: World, moves: readonly Move[]): readonly number[] =>
  world.actors.flatMap(({ operation }, actor) =>
    operation > 0 &&
    model.contexts.mayRun(world, actor) &&
    !moves.some((move) => move.kind === "act" && move.actor === actor)
      ? [actor]
      : [],
  );

const known = (name: string) => designNamed(name) ?? expect.unreachable(name);

test.each([
  ["carveout", true],
  ["cma", false],
  ["cleancache-folio", false],
])("%s goes with the design, step by step (dirty lines: %s)", (name, dirtyLines) => {
  const design = known(name);
  const scope = scopeFor(design, dirtyLines);
  const model = new Machinery(design, scope);
  const packed = new PackedMachinery(design, scope);
  const random = numbersFrom(5);
  expect(packed.initial).toEqual(model.initial);
  let [expected, found] = [model.initial, packed.initial];
  let left: { readonly expected: World; readonly found: World } = { expected, found };
  for (let step = 0; step < 60; step++) {
    const moves = model.moves(expected);
    expect(JSON.stringify(packed.moves(found))).toBe(JSON.stringify(moves));
    for (const actor of waiting(model, expected, moves)) {
      const move = { kind: "act", actor, starts: null, choice: 0 } as const;
      expect(() => packed.step(found, move)).toThrow("a move that is possible waits");
    }
    const move = at(moves, random(moves.length));
    const asked = model.step(expected, move);
    const did = step % 2 === 0 ? packed.step(found, move) : packed.stepImmutably(found, move);
    expect(isDeepStrictEqual(did.next, asked.next)).toBe(true);
    expect(sorted(did.events)).toEqual(sorted(asked.events));
    const again = packed.fromKey(packed.key(did.next));
    expect(isDeepStrictEqual(again, asked.next)).toBe(true);
    expect(packed.key(again)).toBe(packed.key(did.next));
    [expected, found] = [asked.next, again];
    /** Back to a state of before: the manager's bytes are that state's again. */
    if (step % 10 === 9) {
      const now = { expected, found };
      ({ expected, found } = left);
      left = now;
    }
  }
});

test("keys of many verdicts differ, and a world made elsewhere has none", () => {
  const design = known("carveout");
  const scope = scopeFor(design, false);
  const packed = new PackedMachinery(design, scope);
  const { initial } = packed;
  const truth = 0x2_0003;
  const key = `${String.fromCharCode(truth & 0xffff, truth >>> 16)}${packed.key(initial).slice(2)}`;
  expect(packed.fromKey(key)).toEqual({ ...initial, truth });
  expect(packed.key(packed.fromKey(key))).toBe(key);
  expect(() => packed.key({ ...initial })).toThrow("did not make");
});

test("what only designs of the model do, nobody does here", () => {
  const design = known("carveout");
  const packed = new PackedMachinery(design, scopeFor(design, false));
  const does = { kind: "own", name: "shrink", object: 0 } as const;
  expect(() => packed.step(packed.initial, { kind: "environment", does })).toThrow(
    "no implementation knows what shrink means",
  );
});

test("a move that nobody may make is no move", () => {
  const design = known("carveout");
  const packed = new PackedMachinery(design, scopeFor(design, false));
  const of = (kind: Operation["kind"]) =>
    packed.operations.findIndex((operation) => operation?.kind === kind);
  const act = (starts: number | null) => () =>
    packed.step(packed.initial, { kind: "act", actor: 0, starts, choice: 0 });
  expect(act(of("free"))).toThrow("a move that is possible was refused");
  expect(act(0)).toThrow("an operation is in no catalogue");
  expect(act(null)).toThrow("an operation is in no catalogue");
});

describe("declarations of planted actions", () => {
  const design = known("cleancache-page");
  const scope = scopeFor(design, false);
  const declared = (label: Label, patch?: Patch) => {
    const packed = new PackedMachinery(design, scope, patch ? { patch } : {});
    return packed.design.scripts["enable-tags"]?.actions[label];
  };
  const own = design.scripts["enable-tags"]?.actions;

  test("are the design's where nothing is planted", () => {
    const packed = new PackedMachinery(design, scope);
    expect(packed.design).toEqual(design);
    expect(Object.keys(packed.design.scripts).sort()).toEqual(Object.keys(design.scripts).sort());
    for (const label of ["recall", "look-at-page", "map-tagged"] as const) {
      expect(declared(label)).toEqual(own?.[label]);
      expect(Object.keys(declared(label) ?? {}).sort()).toEqual(
        Object.keys(own?.[label] ?? {}).sort(),
      );
    }
    expect(declared("take-page")).toBeUndefined();
  });

  test.each(["takes", "drops", "within"] as const)("%s is replaced, and taken away", (what) => {
    const label = what === "drops" ? "map-tagged" : "look-at-page";
    const before = own?.[label];
    const put = replacing(["enable-tags"], label, (action) => ({ ...action, [what]: "index" }));
    expect(declared(label, put)).toEqual({ ...before, [what]: "index" });
    const away = replacing(["enable-tags"], label, (action) => ({ ...action, [what]: null }));
    const { [what]: _, ...rest } = before ?? {};
    expect(declared(label, away)).toEqual(rest);
    expect(declared(label, away)).not.toHaveProperty(what);
  });

  test("sleeping is planted", () => {
    const patch = replacing(["enable-tags"], "recall", (action) => ({ ...action, sleeps: true }));
    expect(declared("recall", patch)).toEqual({ ...own?.recall, sleeps: true });
    expect(declared("recall")).not.toHaveProperty("sleeps");
  });

  test("an action that the design has not stands for a planted bug", () => {
    const patch: Patch = ({ scripts }) => {
      const script = scripts["enable-tags"];
      const recall = script?.actions.recall;
      if (!script || !recall) return scripts;
      const actions = { ...script.actions, access: recall };
      return { ...scripts, "enable-tags": { ...script, actions } };
    };
    const planted = declared("access", patch);
    expect(planted?.standsFor).toBe("a planted bug");
    expect(planted).not.toHaveProperty("takes");
  });
});

test("an operation that the design has not is a planted bug from its first action on", () => {
  const design = known("carveout");
  const patch: Patch = ({ scripts }) => ({
    ...scripts,
    ...(scripts.mount && { put: scripts.mount }),
  });
  const packed = new PackedMachinery(design, scopeFor(design, false), { patch });
  expect(packed.design.scripts.put?.entry).toBe("finish-change");
  expect(packed.design.scripts.put?.actions["finish-change"]?.standsFor).toBe("a planted bug");
});

test("a planted sleep in atomic context is told under its own name", () => {
  const design = known("cleancache-page");
  const scope = scopeFor(design, false);
  const patch = replacing(["allocate"], "recall", (action) => ({ ...action, sleeps: true }));
  const packed = new PackedMachinery(design, scope, { patch });
  const actor = scope.actors.findIndex(({ kind }) => kind === "interrupt");
  const start = packed
    .moves(packed.initial)
    .find(
      (move) =>
        move.kind === "act" &&
        move.actor === actor &&
        move.starts !== null &&
        JSON.stringify(packed.operations[move.starts]).includes('"tagged":true'),
    );
  if (start?.kind !== "act") throw new Error("an interrupt may allocate");
  const { next, events } = packed.step(packed.initial, start);
  expect(events.filter(({ kind }) => kind === "slept-in-atomic")).toEqual([]);
  const went = packed.step(next, { ...start, starts: null, choice: 0 });
  expect(went.events).toContainEqual({
    kind: "slept-in-atomic",
    what: "reserving tag storage: cleancache_backend_get_folio()",
  });
});

test("nobody begins what has to wait for a lock", () => {
  const design = known("cleancache-page");
  const reader = { kind: "task", owner: 0, everyones: true, may: ["read-file"] } as const;
  const scope: Scope = {
    ...scopeOf({ granules: 1, slots: 0, files: 1, pagesPerFile: 1 }),
    actors: [
      { ...reader, name: "one", cpu: 0 },
      { ...reader, name: "other", cpu: 1 },
    ],
  };
  const model = new Machinery(design, scope);
  const packed = new PackedMachinery(design, scope);
  const [first] = model.moves(model.initial);
  if (!first) return expect.unreachable("a reader can begin");
  const moves = model.moves(model.step(model.initial, first).next);
  expect(moves.some((move) => move.kind === "act" && move.actor === 1)).toBe(false);
  expect(packed.moves(packed.step(packed.initial, first).next)).toEqual(moves);
});
