/**
 * An actor's registers as an object that reads and writes the packed state: `actor.frame` is a word
 * of the buffer. One object for each actor is made once, so that running allocates nothing.
 */
import { idleRegisters, registerNames } from "./state.ts";

export type Registers = { -readonly [Name in keyof typeof idleRegisters]: number } & {
  /** Its number. */
  readonly me: number;
};

/** What the manager can do with them besides. */
export type RegisterFile = Registers & {
  /** Nothing is under way. */
  readonly reset: () => void;
};

/**
 * A class with a getter and a setter for each register, its place written in: no look-up is left,
 * and putting all of them back is a row of stores.
 */
const RegisterFile: new (words: Int32Array, me: number) => RegisterFile = new Function(
  `return class {
    constructor(words, me) {
      this.words = words.subarray(me * ${registerNames.length}, (me + 1) * ${registerNames.length});
      this.me = me;
    }
    ${registerNames
      .map(
        (name, offset) =>
          `get ${name}() { return this.words[${offset}]; }
           set ${name}(value) { this.words[${offset}] = value; }`,
      )
      .join("\n")}
    reset() {
      const { words } = this;
      ${Object.values(idleRegisters)
        .map((value, offset) => `words[${offset}] = ${value};`)
        .join("\n")}
    }
  };`,
)();

export const registersOf = (words: Int32Array, me: number): RegisterFile =>
  new RegisterFile(words, me);
