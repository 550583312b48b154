/**
 * A copy of a function that the engine learns about by itself. V8 keeps one record of what a piece
 * of source was called with; a loop that has run one system is slower for the next, because its
 * calls are then calls of several functions. A copy made from the source has a record of its own,
 * and what it closes over are constants to the compiler.
 *
 * The function must need nothing but its parameters and what the language has: no import, no name
 * from around it.
 */
export function fresh<F extends (...given: never[]) => unknown>(original: F): F {
  const copy: F = new Function(`"use strict"; return (${original.toString()});`)();
  return copy;
}
