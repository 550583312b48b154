/**
 * Any system whose keys are all of one length as a packed one: the key is the state, two characters
 * to a word. Its moves are those of the system, with all that they cost; what is gained is that a
 * state takes no more than its bytes, that as many fit as there is memory, and that a search which
 * does not fit is inconclusive.
 */
import type { System } from "../system.ts";
import type { PackedSystem } from "./system.ts";

export type PackedFrom<State, Move> = {
  /** No state has more moves. */
  readonly mostMoves: number;
  /** 0, or the code of an invariant that the state breaks. */
  readonly check?: (state: State) => number;
  readonly moveName?: (move: Move) => string;
};

export function packedFrom<State, Move, Event>(
  system: System<State, Move, Event>,
  { mostMoves, check, moveName }: PackedFrom<State, Move>,
): PackedSystem {
  const first = system.key(system.initial);
  const { length } = first;
  const words = Math.ceil(length / 2);

  const write = (key: string, to: Int32Array, at: number): void => {
    if (key.length !== length) {
      throw new RangeError(`a key of ${key.length} characters, the first one has ${length}`);
    }
    for (let word = 0; word < words; word++) {
      const upper = 2 * word + 1 < length ? key.charCodeAt(2 * word + 1) : 0;
      to[at + word] = key.charCodeAt(2 * word) | (upper << 16);
    }
  };
  const read = (from: Int32Array, at: number): State => {
    const codes: number[] = [];
    for (let word = 0; word < words; word++) {
      const both = from[at + word] ?? 0;
      codes.push(both & 0xffff, both >>> 16);
    }
    return system.fromKey(String.fromCharCode(...codes.slice(0, length)));
  };

  const initial = new Int32Array(words);
  write(first, initial, 0);
  return {
    bits: Array.from({ length: words }, (_, word) => (2 * word + 1 < length ? 32 : 16)),
    initial,
    mostSuccessors: mostMoves,
    successors: (from, at, to, end) => {
      const state = read(from, at);
      const moves = system.moves(state);
      if (moves.length > mostMoves) {
        throw new RangeError(`mostMoves: a state has ${moves.length} moves, not ${mostMoves}`);
      }
      let next = end;
      for (const move of moves) {
        write(system.key(system.step(state, move).next), to, next);
        next += words;
      }
      return next;
    },
    ...(check && { check: (states, at) => check(read(states, at)) }),
    moveName: (states, at, number) => {
      const move = system.moves(read(states, at))[number];
      return move === undefined ? `${number}` : (moveName?.(move) ?? `${number}`);
    },
  };
}
