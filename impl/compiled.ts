/**
 * Actions as they run: the packed work joined with what the design's table declares about it, in
 * tables by code, so that nothing is looked up by name while operations run.
 */
import { type Action, type Design, type Label, labels } from "../model/index.ts";
import { end } from "./codes.ts";
import type { Guard } from "./guards.ts";
import type { Lock, Locks } from "./locks.ts";
import { operationKinds } from "./operations.ts";
import type { PackedAction, PackedScripts } from "./script.ts";

export type Compiled = {
  readonly do: PackedAction["do"];
  readonly when: Exclude<PackedAction["when"], undefined> | null;
  /** It waits until nobody has this lock. */
  readonly needs: Lock | null;
  readonly takes: Lock | null;
  readonly drops: Lock | null;
  /** May sleep, or its lock may. */
  readonly sleeps: boolean;
};

export type CompiledScript = {
  /** May he ask for it now? */
  readonly guard: Guard;
  /** The code of the first label; `end` where there is no such operation. */
  readonly entry: number;
  /** By label. */
  readonly actions: readonly (Compiled | null)[];
};

const compiledAction = (
  locks: Locks,
  packed: PackedAction,
  declared: Action | undefined,
): Compiled => {
  const takes = locks.named(packed.takes === undefined ? declared?.takes : packed.takes);
  const within = packed.within === undefined ? declared?.within : packed.within;
  const needs = takes ?? locks.named(within);
  const drops = locks.named(packed.drops === undefined ? declared?.drops : packed.drops);
  const when = packed.when ?? null;
  const sleeps = (packed.sleeps ?? declared?.sleeps ?? false) || needs?.kind === "sleeping";
  return { do: packed.do, when, needs, takes, drops, sleeps };
};

/** The scripts to run, by the code of the operation's kind. */
export const compiledScripts = (
  locks: Locks,
  design: Design,
  scripts: PackedScripts,
  guards: readonly Guard[],
): readonly CompiledScript[] =>
  operationKinds.map((kind, code) => {
    const script = kind === "none" ? undefined : scripts[kind];
    const declared = kind === "none" ? undefined : design.scripts[kind];
    const compile = (label: Label): Compiled | null => {
      const action = script?.actions[label];
      return action ? compiledAction(locks, action, declared?.actions[label]) : null;
    };
    return {
      guard: guards[code] ?? (() => false),
      entry: script ? labels.indexOf(script.entry) : end,
      actions: labels.map(compile),
    };
  });
