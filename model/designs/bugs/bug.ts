/**
 * A bug planted in a design: one small wrong thing, put into its scripts or declarations by a switch.
 * When it is off nothing of it is left, because the design itself is never changed. Designs with an
 * implementation have their bugs there; these are for those that live in the model alone.
 */
import type { Label } from "../../world/labels.ts";
import type { Design } from "../design.ts";
import type { Action, Script } from "../script.ts";

export type DesignBug = {
  /** kebab-case; what is wrong, not what comes of it */
  readonly id: string;
  /** What the design does instead of the right thing. */
  readonly sentence: string;
  /** A commit, a posting or a numbered defect. */
  readonly source: string;
  /** The least story of the source, as operations in their order. */
  readonly story: readonly string[];
  /** Designs that can have it. */
  readonly designs: readonly string[];
  /** A change that nobody may flag: it is no bug. */
  readonly harmless?: true;
  readonly design: Change;
};

/** A design with something else in it. */
type Change = (design: Design) => Design;

/** Operations by kind, or own work by name; `null`: all. */
type Where = readonly string[] | null;

/** Another script in the place of each of these. */
const rescripting =
  (where: Where, change: (script: Script) => Script): Change =>
  (design) => {
    const changed = (name: string, script: Script): Script =>
      (where?.includes(name) ?? true) ? change(script) : script;
    return {
      ...design,
      scripts: Object.fromEntries(
        Object.entries(design.scripts).map(([kind, script]) => [kind, changed(kind, script)]),
      ),
      ...(design.works && {
        works: design.works.map((work) => ({ ...work, script: changed(work.name, work.script) })),
      }),
    };
  };

/** Another action at a label, wherever these have one there. */
export const replacing = (where: Where, label: Label, change: (action: Action) => Action): Change =>
  rescripting(where, (script) => {
    const action = script.actions[label];
    if (!action) return script;
    return { ...script, actions: { ...script.actions, [label]: change(action) } };
  });

/** An action more than the design has, at a label that these do not use. */
export const adding = (where: readonly string[], label: Label, action: Action): Change =>
  rescripting(where, (script) => ({ ...script, actions: { ...script.actions, [label]: action } }));

/** Several changes, one after the other. */
export const changes =
  (...all: readonly Change[]): Change =>
  (design) =>
    all.reduce((changed, change) => change(changed), design);
