/** A design with something else in its scripts: how variants and planted bugs are made of others. */
import type { Label } from "../../world/labels.ts";
import type { Design } from "../design.ts";
import type { Action, Next, Script, Turn } from "../script.ts";

/** A design with something else in it. */
export type Change = (design: Design) => Design;

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

/** An action that does something of its own before its work. */
export const beforehand =
  (what: (turn: Turn, choice: number) => void) =>
  (action: Action): Action =>
    action.next === undefined
      ? {
          ...action,
          do: (turn, choice) => {
            what(turn, choice);
            return action.do(turn, choice);
          },
        }
      : {
          ...action,
          do: (turn, choice) => {
            what(turn, choice);
            return action.do(turn, choice);
          },
        };

/** An action that does something of its own after its work. */
export const afterwards =
  (what: (turn: Turn) => void) =>
  (action: Action): Action =>
    action.next === undefined
      ? {
          ...action,
          do: (turn, choice) => {
            const next = action.do(turn, choice);
            what(turn);
            return next;
          },
        }
      : {
          ...action,
          do: (turn, choice) => {
            const told = action.do(turn, choice);
            what(turn);
            return told;
          },
        };

/** An action that decides otherwise; `undefined`: as it would have. */
export const deciding =
  (what: (turn: Turn, choice: number) => Next | undefined) =>
  (action: Action): Action =>
    action.next === undefined
      ? { ...action, do: (turn, choice) => what(turn, choice) ?? action.do(turn, choice) }
      : action;

/** An action whose check is not made. */
export const unchecked = (action: Action): Action =>
  action.next === undefined && action.unchecked ? { ...action, do: action.unchecked.do } : action;
