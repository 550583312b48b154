/**
 * Is a canonical form sound? It is if a state and its representative break an invariant together,
 * and whatever can follow the one can follow the other, up to representatives. This is asked of
 * every reachable state of a scope that is small enough, searched without the form.
 */
import { Budget } from "./memory.ts";
import { NumberedTable } from "./numbered-table.ts";
import { demandWellFormed, type PackedSystem } from "./system.ts";

/**
 * One line that says what is wrong with the canonical form of a system, or `null` if nothing is in
 * any of its reachable states. Throws if there are more of them than `mostStates`, because nothing
 * can then be said.
 */
export function symmetryFault(system: PackedSystem, mostStates: number): string | null {
  demandWellFormed(system);
  const { bits, initial, mostSuccessors, successors } = system;
  const words = bits.length;
  const buffer = new Int32Array(Math.max(initial.length, mostSuccessors * words));
  const table = new NumberedTable(bits, buffer.length / words, new Budget(2 ** 31));
  const state = new Int32Array(words);
  buffer.set(initial);
  table.insert(buffer, initial.length);
  for (let number = 0; number < table.size; number++) {
    if (table.size > mostStates) throw new RangeError(`more than ${mostStates} states`);
    table.read(number, state);
    const fault = faultOf(system, state, buffer);
    if (fault !== null) return `state ${number} (${shown(state)}): ${fault}`;
    table.insert(buffer, successors(state, 0, buffer, 0));
  }
  return null;
}

const shown = (state: Int32Array): string =>
  [...state].map((word) => (word >>> 0).toString(16)).join(" ");

function faultOf(system: PackedSystem, state: Int32Array, buffer: Int32Array): string | null {
  const { canonical, check } = system;
  const representative = state.slice();
  canonical?.(representative, 0);
  const again = representative.slice();
  canonical?.(again, 0);
  if (again.join() !== representative.join()) {
    return `its representative ${shown(representative)} has another, ${shown(again)}`;
  }
  if ((check?.(state, 0) ?? 0) !== (check?.(representative, 0) ?? 0)) {
    return `it and its representative ${shown(representative)} break different invariants`;
  }
  if (kindsAfter(system, state, buffer) !== kindsAfter(system, representative, buffer)) {
    return `what follows it does not follow its representative ${shown(representative)}`;
  }
  return null;
}

/** The representatives of all successors, each once, as text that can be compared. */
function kindsAfter(system: PackedSystem, state: Int32Array, buffer: Int32Array): string {
  const { bits, mostSuccessors, successors, canonical } = system;
  const end = successors(state, 0, buffer, 0);
  if (end > mostSuccessors * bits.length) {
    throw new RangeError("mostSuccessors: a state has more than that");
  }
  const kinds = new Set<string>();
  for (let at = 0; at < end; at += bits.length) {
    canonical?.(buffer, at);
    kinds.add(buffer.subarray(at, at + bits.length).join());
  }
  return [...kinds].sort().join(";");
}
