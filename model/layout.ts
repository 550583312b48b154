/**
 * A layout describes bounded plain data once, and gives its type, its packed form and its copy:
 * the state of every design is laid out by such a table, so that a state is a few bytes, and two
 * states are equal exactly when their bytes are.
 */

export type Layout<Value> = {
  /** Size of the packed form. */
  readonly bytes: number;
  readonly write: (value: Value, into: Uint8Array, at: number) => void;
  /** Always a new, mutable value. */
  readonly read: (from: Uint8Array, at: number) => Value;
};

export type ValueOf<L> = L extends Layout<infer Value> ? Value : never;

/** A whole number from `least` to `most`, both included. */
export const wholeNumber = (least: number, most: number): Layout<number> => {
  const range = most - least;
  const bytes = range < 2 ** 8 ? 1 : range < 2 ** 16 ? 2 : 4;
  const outside = (value: number) => {
    throw new RangeError(`${value} is outside ${least} to ${most}`);
  };
  const write1: Layout<number>["write"] = (value, into, at) => {
    if (!(value >= least && value <= most)) outside(value);
    into[at] = value - least;
  };
  if (bytes === 1) return { bytes, write: write1, read: (from, at) => (from[at] ?? 0) + least };
  return {
    bytes,
    write: (value, into, at) => {
      if (!(value >= least && value <= most)) outside(value);
      let rest = value - least;
      for (let byte = 0; byte < bytes; byte++) {
        into[at + byte] = rest & 255;
        rest = Math.floor(rest / 256);
      }
    },
    read: (from, at) => {
      let value = 0;
      for (let byte = bytes - 1; byte >= 0; byte--) value = value * 256 + (from[at + byte] ?? 0);
      return value + least;
    },
  };
};

export const flag: Layout<boolean> = {
  bytes: 1,
  write: (value, into, at) => {
    into[at] = value ? 1 : 0;
  },
  read: (from, at) => from[at] === 1,
};

/** One of a few names. */
export const oneOf = <const Name extends string>(...names: readonly [Name, ...Name[]]) => {
  const [first] = names;
  const layout: Layout<Name> = {
    bytes: 1,
    write: (value, into, at) => {
      into[at] = names.indexOf(value);
    },
    read: (from, at) => names[from[at] ?? 0] ?? first,
  };
  return layout;
};

/** A fixed number of values of one layout. */
export const listOf = <Value>(item: Layout<Value>, length: number): Layout<Value[]> => ({
  bytes: item.bytes * length,
  write: (value, into, at) => {
    let where = at;
    for (const each of value) {
      item.write(each, into, where);
      where += item.bytes;
    }
  },
  read: (from, at) => {
    const value: Value[] = [];
    for (let index = 0; index < length; index++)
      value.push(item.read(from, at + index * item.bytes));
    return value;
  },
});

type Fields<Value> = { readonly [Name in keyof Value]: Layout<Value[Name]> };

/** Named fields. Reader and writer are spelled out once for the shape, which is what makes it fast. */
export const recordOf = <Value extends object>(fields: Fields<Value>): Layout<Value> => {
  const names = Object.keys(fields);
  const layouts: Layout<never>[] = Object.values(fields);
  const offsets: number[] = [];
  let bytes = 0;
  for (const layout of layouts) {
    offsets.push(bytes);
    bytes += layout.bytes;
  }
  const each = (text: (name: string, index: number) => string) => names.map(text).join("");
  const make = new Function(
    "layouts",
    `${each((_, i) => `const w${i} = layouts[${i}].write, r${i} = layouts[${i}].read;`)}
    return {
      bytes: ${bytes},
      write(value, into, at) {${each((name, i) => `w${i}(value.${name}, into, at + ${offsets[i]});`)}},
      read(from, at) { return {${each((name, i) => `${name}: r${i}(from, at + ${offsets[i]}),`)}}; },
    };`,
  );
  return make(layouts);
};

/** The packed form as a string of one character a byte: what a map can use as a key. */
export const packed = <Value>(
  layout: Layout<Value>,
): { readonly pack: (value: Value) => string; readonly unpack: (key: string) => Value } => {
  const buffer = Buffer.alloc(layout.bytes);
  return {
    pack: (value) => {
      layout.write(value, buffer, 0);
      return buffer.toString("latin1");
    },
    unpack: (key) => {
      buffer.write(key, "latin1");
      return layout.read(buffer, 0);
    },
  };
};
