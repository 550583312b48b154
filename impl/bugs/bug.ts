/**
 * A planted bug: one small wrong thing, put into the implementation by a switch. When it is off,
 * nothing of it is left: it changes the table of scripts before that is compiled.
 */
import type { Design, Label, Operation, PlantedBug } from "../../model/index.ts";
import type { Parts, Patch } from "../manager.ts";
import type { Registers } from "../registers.ts";
import type { PackedAction, PackedScript, PackedScripts } from "../script.ts";

export type Bug = PlantedBug & {
  /** A wrong declaration of the design itself (a lock's kind), or, in the model alone, all of it. */
  readonly design?: (design: Design) => Design;
  readonly patch?: Patch;
};

type Kind = Operation["kind"];
/** Operations by kind; `null`: all. */
type Kinds = readonly Kind[] | null;

/** Puts another action at a label, in the scripts of these operations; `null`: in all that have it. */
export const replacing =
  (
    kinds: Kinds,
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

/** Other work at a label; its locks, and what it waits for, stay as they are. */
export const instead = (
  kinds: Kinds,
  label: Label,
  act: (actor: Registers, choice: number, parts: Parts) => number,
): Patch =>
  replacing(kinds, label, (action, parts) => ({
    ...action,
    do: (actor, choice) => act(actor, choice, parts),
  }));

/** Something is done first, in the same action. */
export const before = (
  kinds: Kinds,
  label: Label,
  first: (actor: Registers, parts: Parts) => void,
): Patch =>
  replacing(kinds, label, (action, parts) => ({
    ...action,
    do: (actor, choice) => {
      first(actor, parts);
      return action.do(actor, choice);
    },
  }));

/** More is done in the same action; it may go on elsewhere than to `next`. */
export const afterwards = (
  kinds: Kinds,
  label: Label,
  more: (actor: Registers, next: number, parts: Parts) => number,
): Patch =>
  replacing(kinds, label, (action, parts) => ({
    ...action,
    do: (actor, choice) => more(actor, action.do(actor, choice), parts),
  }));

/** An action more than the design has, at a label that these operations do not use. */
export const adding =
  (
    kinds: readonly Kind[],
    label: Label,
    act: (actor: Registers, choice: number, parts: Parts) => number,
  ): Patch =>
  (parts) => {
    const changed: { [kind in Kind]?: PackedScript } = { ...parts.scripts };
    for (const kind of kinds) {
      const script = parts.scripts[kind];
      if (!script) continue;
      const added: PackedAction = { do: (actor, choice) => act(actor, choice, parts) };
      changed[kind] = { ...script, actions: { ...script.actions, [label]: added } };
    }
    return changed;
  };

/** Changes what the actions are made of: a method of the kit or of the arena. */
export const rewiring =
  (change: (parts: Parts) => void): Patch =>
  (parts) => {
    change(parts);
    return parts.scripts;
  };

const kindsOf = (scripts: PackedScripts): readonly Kind[] =>
  Object.keys(scripts).filter((name): name is Kind => name in scripts);

/** Several changes, one after the other. */
export const patches =
  (...all: readonly Patch[]): Patch =>
  (parts) =>
    all.reduce((scripts, patch) => patch({ ...parts, scripts }), parts.scripts);
