/**
 * A planted bug: one small wrong thing, put into the implementation by a switch. When it is off,
 * nothing of it is left: it changes the table of scripts before that is compiled.
 */
import type { Design, Label, Operation } from "../../model/index.ts";
import type { Parts, Patch } from "../manager.ts";
import type { PackedAction, PackedScript, PackedScripts } from "../script.ts";

export type Bug = {
  /** kebab-case; what is wrong, not what comes of it */
  readonly id: string;
  /** What the implementation does instead of the right thing. */
  readonly sentence: string;
  /** A commit, a posting or a numbered defect. */
  readonly source: string;
  /** The least story of the source, as operations in their order. */
  readonly story: readonly string[];
  /** Designs that can have it. */
  readonly designs: readonly string[];
  /** A change that nobody may flag: it is no bug. */
  readonly harmless?: true;
  /** A wrong declaration of the design itself: a lock's kind. */
  readonly design?: (design: Design) => Design;
  readonly patch?: Patch;
};

type Kind = Operation["kind"];

/** Puts another action at a label, in the scripts of these operations; `null`: in all that have it. */
export const replacing =
  (
    kinds: readonly Kind[] | null,
    label: Label,
    change: (action: PackedAction, parts: Parts) => PackedAction,
  ): Patch =>
  (parts) => {
    const changed: { [kind in Kind]?: PackedScript } = { ...parts.scripts };
    for (const kind of kinds ?? kindsOf(parts.scripts)) {
      const script = parts.scripts[kind];
      const action = script?.actions[label];
      if (!script || !action) continue;
      const actions = { ...script.actions, [label]: change(action, parts) };
      changed[kind] = { ...script, actions };
    }
    return changed;
  };

export const kindsOf = (scripts: PackedScripts): readonly Kind[] =>
  Object.keys(scripts).filter((name): name is Kind => name in scripts);

/** Several changes, one after the other. */
export const patches =
  (...all: readonly Patch[]): Patch =>
  (parts) =>
    all.reduce((scripts, patch) => patch({ ...parts, scripts }), parts.scripts);
