/**
 * An actor's registers as an object that reads and writes the packed state: `actor.frame` is a word
 * of the buffer. One object for each actor is made once, so that running allocates nothing.
 */
import { idleRegisters, registerNames } from "./state.ts";

export type Registers = { -readonly [Name in keyof typeof idleRegisters]: number } & {
  /** Its number. */
  readonly me: number;
};

/** A class with a getter and a setter for each register, its place written in: no look-up is left. */
const RegisterFile: new (words: Int32Array, me: number) => Registers = new Function(
  `return class {
    constructor(words, me) {
      this.words = words;
      this.base = me * ${registerNames.length};
      this.me = me;
    }
    ${registerNames
      .map(
        (name, offset) =>
          `get ${name}() { return this.words[this.base + ${offset}]; }
           set ${name}(value) { this.words[this.base + ${offset}] = value; }`,
      )
      .join("\n")}
  };`,
)();

export const registersOf = (words: Int32Array, me: number): Registers =>
  new RegisterFile(words, me);

const idle: readonly number[] = Object.values(idleRegisters);

/** Nothing is under way. */
export const resetRegisters = (words: Int32Array, me: number): void => {
  const first = me * idle.length;
  for (let offset = 0; offset < idle.length; offset++) words[first + offset] = idle[offset] ?? 0;
};
