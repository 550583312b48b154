/**
 * What happens to a design when something is taken out of it. An ablation removes one lock, one
 * place where a lock is taken, the work of one action, or one check; everything else stays. An
 * action that several scripts share is one action: it goes from all of them.
 */
import { type Action, type Design, type Label, type LockName, labels } from "../../model/index.ts";

export type Ablation = {
  readonly name: string;
  /** Operations whose script is touched; slices that never start one need no look. */
  readonly touches: ReadonlySet<string>;
  readonly design: Design;
};

type Kind = keyof Design["scripts"];

const lockNames: readonly LockName[] = ["index", "tag-blocks", "page-table", "file-page"];

const kindsOf = (design: Design): readonly Kind[] => {
  const isKind = (name: string): name is Kind => name in design.scripts;
  return Object.keys(design.scripts).filter(isKind);
};

const ofLocks = (design: Design): readonly Ablation[] => {
  const touches = new Set<string>(kindsOf(design));
  return lockNames.flatMap((lock): Ablation[] => {
    const { [lock]: kind, ...locks } = design.locks;
    if (!kind) return [];
    const gone = { name: `no ${lock} lock`, touches, design: { ...design, locks } };
    if (kind !== "spin-irqsave") return [gone];
    const spin = { ...design, locks: { ...design.locks, [lock]: "spin" as const } };
    return [gone, { name: `interrupts on under the ${lock} lock`, touches, design: spin }];
  });
};

/** The same design with one action changed wherever it stands. */
const changed = (
  design: Design,
  kinds: readonly Kind[],
  label: Label,
  change: (action: Action) => Action,
): Design => {
  const scripts = { ...design.scripts };
  for (const kind of kinds) {
    const script = scripts[kind];
    const action = script?.actions[label];
    if (script && action)
      scripts[kind] = { ...script, actions: { ...script.actions, [label]: change(action) } };
  }
  return { ...design, scripts };
};

const withoutTaking = ({ takes: _takes, within: _within, ...action }: Action): Action => action;
const withoutWaiting = ({ when: _when, ...action }: Action): Action => action;
const withoutWork = (action: Action): Action =>
  action.next === undefined ? action : { ...action, do: () => undefined };
const withoutCheck = (action: Action): Action =>
  action.next === undefined && action.unchecked ? { ...action, do: action.unchecked.do } : action;

const ofAction = (
  design: Design,
  kinds: readonly Kind[],
  label: Label,
  action: Action,
): readonly Ablation[] => {
  const named = (what: string, change: (action: Action) => Action): Ablation => ({
    name: `${label} (${action.standsFor}) ${what}`,
    touches: new Set<string>(kinds),
    design: changed(design, kinds, label, change),
  });
  const lock = action.takes ?? action.within;
  return [
    ...(lock && design.locks[lock] ? [named(`without taking ${lock}`, withoutTaking)] : []),
    ...(action.when ? [named("without waiting", withoutWaiting)] : []),
    ...(action.next === undefined ? [] : [named("does nothing", withoutWork)]),
    ...(action.next === undefined && action.unchecked
      ? [named(`without ${action.unchecked.check}`, withoutCheck)]
      : []),
  ];
};

/** Every ablation of a design, in a fixed order. */
export const ablationsOf = (design: Design): readonly Ablation[] => [
  ...ofLocks(design),
  ...labels.flatMap((label) => {
    const shared = new Map<string, { action: Action; kinds: Kind[] }>();
    for (const kind of kindsOf(design)) {
      const action = design.scripts[kind]?.actions[label];
      if (!action) continue;
      const known = shared.get(action.standsFor);
      if (known) known.kinds.push(kind);
      else shared.set(action.standsFor, { action, kinds: [kind] });
    }
    return [...shared.values()].flatMap(({ action, kinds }) =>
      ofAction(design, kinds, label, action),
    );
  }),
];
