/**
 * A layout describes bounded plain data once, and gives its type, its packed form and its copy:
 * the state of every design is laid out by such a table, so that a state is a few bytes, and two
 * states are equal exactly when their bytes are. Reading and writing are the checker's inner loop,
 * so a layout is turned into two straight-line functions, once for each shape.
 */

export type Layout<Value> = {
  /** Size of the packed form. */
  readonly bytes: number;
  /** What one value is: a packed implementation keeps numbers and small codes apart. */
  readonly holds: "number" | "code" | "parts";
  /** The statements that write `value` (an expression) to byte `at` of `into`. */
  readonly writing: (value: string, at: number) => string;
  /** The expression that reads a new, mutable value from byte `at` of `from`. */
  readonly reading: (at: number) => string;
  /** Never there: it carries the type. */
  readonly value?: Value;
};

/** A whole number from `least` to `most`, both included; others are refused with a RangeError. */
export const wholeNumber = (least: number, most: number): Layout<number> => {
  const range = most - least;
  const bytes = range < 2 ** 8 ? 1 : range < 2 ** 16 ? 2 : 4;
  const each = Array.from({ length: bytes }, (_, byte) => byte);
  return {
    bytes,
    holds: "number",
    writing: (value, at) =>
      `x = bounded(${value}, ${least}, ${most});` +
      each.map((byte) => `into[${at + byte}] = x >>> ${8 * byte};`).join(""),
    reading: (at) =>
      `((${each.map((byte) => `from[${at + byte}] << ${8 * byte}`).join(" | ")}) >>> 0) + ${least}`,
  };
};

export const flag: Layout<boolean> = {
  bytes: 1,
  holds: "code",
  writing: (value, at) => `into[${at}] = ${value} ? 1 : 0;`,
  reading: (at) => `from[${at}] === 1`,
};

/** One of a few names. */
export const oneOf = <const Name extends string>(...names: readonly [Name, ...Name[]]) => {
  const layout: Layout<Name> = {
    bytes: 1,
    holds: "code",
    writing: (value, at) =>
      `into[${at}] = ${names
        .map((name, index) => `${value} === ${JSON.stringify(name)} ? ${index} : `)
        .join("")}unknown(${value});`,
    reading: (at) =>
      `(${names
        .slice(1)
        .map((name, index) => `from[${at}] === ${index + 1} ? ${JSON.stringify(name)} : `)
        .join("")}${JSON.stringify(names[0])})`,
  };
  return layout;
};

/** A fixed number of values of one layout. */
export const listOf = <Value>(item: Layout<Value>, length: number): Layout<Value[]> => {
  const each = Array.from({ length }, (_, index) => index);
  return {
    bytes: item.bytes * length,
    holds: "parts",
    writing: (value, at) =>
      each.map((index) => item.writing(`${value}[${index}]`, at + index * item.bytes)).join("\n"),
    reading: (at) => `[${each.map((index) => item.reading(at + index * item.bytes)).join(", ")}]`,
  };
};

/** A record as a table: its fields by name, each with its layout. */
export type Fields<Value> = { readonly [Name in keyof Value]: Layout<Value[Name]> };

/** Named fields, in the order in which they are written down. */
export const recordOf = <Value extends object>(fields: Fields<Value>): Layout<Value> => {
  const layouts: Readonly<Record<string, Layout<unknown>>> = { ...fields };
  let bytes = 0;
  const placed = Object.entries(layouts).map(([name, layout]) => {
    const offset = bytes;
    bytes += layout.bytes;
    return { name, layout, offset };
  });
  return {
    bytes,
    holds: "parts",
    writing: (value, at) =>
      placed
        .map(({ name, layout, offset }) => layout.writing(`${value}.${name}`, at + offset))
        .join("\n"),
    reading: (at) =>
      `{ ${placed
        .map(({ name, layout, offset }) => `${name}: ${layout.reading(at + offset)}`)
        .join(", ")} }`,
  };
};

const bounded = (value: number, least: number, most: number): number => {
  if (value >= least && value <= most) return value - least;
  throw new RangeError(`${value} is outside ${least} to ${most}`);
};

const unknown = (name: string): number => {
  throw new RangeError(`${name} is none of the names of its layout`);
};

export type Packing<Value> = {
  readonly pack: (value: Value) => string;
  readonly unpack: (key: string) => Value;
};

/** The packed form as a string of one character a byte: what a map can use as a key. */
export const packed = <Value>(layout: Layout<Value>): Packing<Value> => {
  const write: (value: Value, into: Uint8Array) => void = new Function(
    "bounded",
    "unknown",
    `return (value, into) => { let x;\n${layout.writing("value", 0)}\n};`,
  )(bounded, unknown);
  const read: (from: Uint8Array) => Value = new Function(
    `return (from) => (${layout.reading(0)});`,
  )();
  const buffer = Buffer.alloc(layout.bytes);
  return {
    pack: (value) => {
      write(value, buffer);
      return buffer.toString("latin1");
    },
    unpack: (key) => {
      buffer.write(key, "latin1");
      return read(buffer);
    },
  };
};
