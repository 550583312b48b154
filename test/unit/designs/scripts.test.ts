/** The scripts hang together: every label is used, and every step that is declared leads somewhere. */
import { describe, expect, test } from "vitest";
import { type Design, designs, type Label, labels, type Script } from "../../../model/index.ts";

/** Those of its operations, and those of its own work. */
const scriptsOf = ({ scripts, works = [] }: Design): readonly (readonly [string, Script])[] => [
  ...Object.entries(scripts),
  ...works.map(({ name, script }) => [name, script] as const),
];

test("every label of the vocabulary is used by some design", () => {
  const used = new Set<string>(
    designs.flatMap((design) =>
      scriptsOf(design).flatMap(([, script]) => Object.keys(script.actions)),
    ),
  );
  expect(labels.filter((label) => !used.has(label))).toEqual([]);
});

describe.each(designs.map((design) => [design.name, design] as const))("%s", (_name, design) => {
  test("entries and declared steps exist", () => {
    for (const [kind, { entry, actions }] of scriptsOf(design)) {
      const exists = (label: Label | "end"): boolean =>
        label === "end" || actions[label] !== undefined;
      expect(exists(entry), `${kind} begins at ${entry}`).toBe(true);
      for (const [label, action] of Object.entries(actions))
        if (action.next !== undefined)
          expect(exists(action.next), `${kind}: ${label} goes to ${action.next}`).toBe(true);
    }
  });
  test("locks that actions name are locks of the design, and each action says what it stands for", () => {
    for (const [, { actions }] of scriptsOf(design))
      for (const { takes, within, drops, standsFor } of Object.values(actions)) {
        for (const lock of [takes, within, drops])
          if (lock) expect(design.locks).toHaveProperty(lock);
        expect(standsFor).not.toBe("");
      }
  });
});
