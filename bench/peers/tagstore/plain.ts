/** The readable model for the project's plain checker: the reference of all counts. */
import type { Property, System } from "../../../checker/index.ts";
import {
  type Action,
  actionsOf,
  brokenIn,
  copyOf,
  type Instance,
  initialOf,
  invariants,
  type State,
} from "./model.ts";
import { layoutOf, packed, unpacked } from "./values.ts";

export const plainTagstore = (instance: Instance): System<State, Action, never> => {
  const layout = layoutOf(instance);
  return {
    initial: initialOf(instance),
    fairSets: [],
    moves: (state) => actionsOf(state, instance),
    step: (state, { change }) => {
      const next = copyOf(state);
      change(next);
      return { next, events: [] };
    },
    fairSetsOf: () => 0,
    key: (state) => packed(state, layout).join(),
    fromKey: (key) => unpacked(Int32Array.from(key.split(","), Number), 0, layout),
  };
};

export const invariantOf = (instance: Instance): Property<State, Action, never> => ({
  id: "invariants",
  kind: "always",
  judge: (state) => {
    const [code] = brokenIn(state, instance);
    return code === undefined ? null : (invariants[code - 1] ?? null);
  },
});
