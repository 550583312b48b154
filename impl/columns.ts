/**
 * Columns: a table of records kept field by field in typed arrays, all cut from one buffer, so that
 * the whole state is a string of bytes. Which fields there are, and which of them are numbers and
 * which small codes, is said by the tables of `model/world`; nothing is listed here again.
 */
import type { Fields, Layout } from "../model/index.ts";

/** Hands out pieces of a buffer. */
export type Cutter = {
  readonly words: (length: number) => Int32Array;
  readonly bytes: (length: number) => Uint8Array;
};

/** A number takes a word, a flag or a name takes a byte; a list is laid out by its owner. */
export type Columns<Row> = {
  readonly [Name in keyof Row as Row[Name] extends readonly unknown[]
    ? never
    : Name]: Row[Name] extends number ? Int32Array : Uint8Array;
};

export const columnsOf = <Row extends object>(
  fields: Fields<Row>,
  rows: number,
  cut: Cutter,
): Columns<Row> => {
  const layouts: Readonly<Record<string, Layout<unknown>>> = { ...fields };
  const columns = Object.entries(layouts).flatMap(([name, { holds }]) => {
    if (holds === "parts") return [];
    return [{ [name]: holds === "number" ? cut.words(rows) : cut.bytes(rows) }];
  });
  return Object.assign({}, ...columns);
};

/**
 * Cuts everything that `plan` asks for out of one zeroed buffer, words first. The plan runs twice:
 * once to be measured, once to be served.
 */
export const cutOf = <Plan>(
  plan: (cut: Cutter) => Plan,
): { readonly plan: Plan; readonly all: Uint8Array } => {
  let words = 0;
  let bytes = 0;
  plan({
    words: (length) => {
      words += length;
      return new Int32Array(0);
    },
    bytes: (length) => {
      bytes += length;
      return new Uint8Array(0);
    },
  });
  const buffer = new ArrayBuffer(words * Int32Array.BYTES_PER_ELEMENT + bytes);
  let nextWord = 0;
  let nextByte = words * Int32Array.BYTES_PER_ELEMENT;
  const served = plan({
    words: (length) => {
      const piece = new Int32Array(buffer, nextWord, length);
      nextWord += piece.byteLength;
      return piece;
    },
    bytes: (length) => {
      const piece = new Uint8Array(buffer, nextByte, length);
      nextByte += length;
      return piece;
    },
  });
  return { plan: served, all: new Uint8Array(buffer) };
};

/** An entry that is there by construction. One function for each kind of column keeps both fast. */
export const word = (column: Int32Array, index: number): number => column[index] ?? 0;
export const byte = (column: Uint8Array, index: number): number => column[index] ?? 0;

/**
 * The packed codes of names: their places in the shared table. Parsed, because an object that is
 * filled by computed names turns into a hash table from a dozen on, and every action looks codes up.
 */
export const codesOf = <const Name extends string>(
  names: readonly Name[],
): { readonly [Each in Name]: number } =>
  JSON.parse(`{${names.map((name, code) => `${JSON.stringify(name)}:${code}`).join()}}`);
