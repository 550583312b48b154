/** Wrong machine files: each gives one line, with the place, and never an exception. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeInputError } from "../../../model/input-error.ts";
import { readMachine } from "../../../model/machine/index.ts";
import { shippedNames, shippedSource } from "./shipped.ts";

const SEED = 20240125;

/** A correct file, its lines counted; each case below changes one thing. */
const correct = `/dts-v1/;
/ {
 #address-cells = <2>;
 #size-cells = <2>;
 memory0: memory@80000000 {
  device_type = "memory";
  reg = <0x0 0x80000000 0x0 0x40000000>;
 };
 soc: soc { };
 reserved-memory {
  #address-cells = <2>;
  #size-cells = <2>;
  ranges;
  tags0: tag-storage@be000000 {
   compatible = "arm,mte-tag-storage";
   reg = <0x0 0xbe000000 0x0 0x2000000>;
   block-size = <0x1000>;
   tagged-memory = <&memory0>;
   reusable;
  };
 };
};
`;

const STORAGE_REG = "reg = <0x0 0xbe000000 0x0 0x2000000>;";
const MEMORY_REG = "reg = <0x0 0x80000000 0x0 0x40000000>;";

function swap(from: string, to: string): string {
  if (!correct.includes(from)) throw new Error(`the correct file has no ${from}`);
  return correct.replace(from, () => to);
}

function addAfter(text: string): string {
  return correct + text;
}

const otherStorage = (name: string, reg: string, block: string, memory: string): string =>
  `&{/reserved-memory} { ${name} { compatible = "arm,mte-tag-storage"; reg = <${reg}>; ` +
  `block-size = <${block}>; tagged-memory = <&${memory}>; reusable; }; };`;
const memory1 =
  `/ { memory1: memory@100000000 { device_type = "memory"; ` +
  `reg = <0x1 0x0 0x0 0x40000000>; }; };\n`;

type Case = readonly [what: string, text: string, line: number, message: string];

const syntax: readonly Case[] = [
  ["an empty file", "", 1, 'syntax: expected "/dts-v1/", found the end of the file'],
  ["no version", "/ { };", 1, 'expected "/dts-v1/", found "/"'],
  ["a version and nothing else", "/dts-v1/;\n", 1, "/: expected a root node"],
  ["a missing semicolon", swap("ranges;", "ranges"), 14, 'or ";", found "tags0"'],
  ["a missing semicolon after a value", swap("= <2>;", "= <2>"), 4, 'found "#size-cells"'],
  ["an open array", swap("<0x1000>", "<0x1000"), 17, 'found ";"'],
  ["an open string", swap('-storage";', "-storage;"), 15, "or a string or"],
  ["an open comment", swap("ranges;", "/* ranges;"), 13, 'found "/*"'],
  ["an open node", correct.slice(0, -4), 21, "found the end of the file"],
  ["one brace too many", addAfter("}"), 23, 'found "}"'],
  ["a macro", swap("<0x1000>", "<SZ_4K>"), 17, 'found "SZ_4K"'],
  [
    "letters in a number",
    swap("<0x1000>", "<0x10G0>"),
    17,
    'a number or a character or "(" or a reference or ">", found "0x10G0"',
  ],
  ["a bad octal number", swap("<0x1000>", "<0999>"), 17, "expected octal digits"],
  ["a bad byte", swap("ranges;", "ranges = [0];"), 13, "two hexadecimal digits"],
  ["an open parenthesis", swap("<0x1000>", "<(1 << 12>"), 17, 'found ">"'],
  ["division by zero", swap("<0x1000>", "<(1 / 0)>"), 17, "a divisor that is not zero, found 0"],
  ["a shift too far", swap("<0x1000>", "<(1 << 64)>"), 17, "a shift of 0 to 63 bits, found 64"],
  ["33 bits in a cell", swap("<0x1000>", "<0x100000000>"), 17, "a value of 32 bits"],
  ["65 bits", swap("<0x1000>", "<0x10000000000000000>"), 17, "a value below 2^64"],
  ["a long number", swap("<0x1000>", `<${"9".repeat(5000)}>`), 17, "a value below 2^64"],
  ["bits of no width", swap("<0x1000>", "/bits/ 12 <1>"), 17, "8, 16, 32 or 64 bits, found 12"],
  ["a reference of 64 bits", swap("<&mem", "/bits/ 64 <&mem"), 18, "numbers only"],
  ["/include/", `/dts-v1/;\n/include/ "a.dtsi"\n`, 2, "run it through the preprocessor first"],
  ["#include", `/dts-v1/;\n#include <a.h>\n`, 2, "first), found #include"],
  ["#include in a node", swap("ranges;", '#include "a.dtsi"'), 13, "found #include"],
  ["#define", `/dts-v1/;\n#define A 1\n`, 2, "found #define"],
  ["a plugin", `/dts-v1/;\n/plugin/;\n`, 2, 'found "/plugin/"'],
  ["deep nesting", `/dts-v1/;\n${"a {".repeat(100000)}`, 2, "at most 64 levels of nesting"],
  ["deep parentheses", swap("<0x1000>", `<${"(".repeat(9999)}1>`), 17, "at most 64 levels"],
  ["zero bytes", "\0\0\0", 1, 'expected "/dts-v1/"'],
];

const tree: readonly Case[] = [
  ["an unknown label extended", addAfter("&nobody { };"), 23, "&nobody: expected a node"],
  ["an unknown path extended", addAfter("&{/x/y} { };"), 23, "&{/x/y}: expected a node"],
  ["an unknown label deleted", addAfter("/delete-node/ &nobody;"), 23, "&nobody: expected"],
  ["a label used twice", swap("soc: soc", "memory0: soc"), 9, "a label of one node"],
  ["a property twice", swap("ranges;", "ranges; ranges;"), 13, "another on line 13"],
  ["a node twice", swap("soc: soc { };", "soc { };\nsoc { };"), 10, "another on line 9"],
];

const nodes: readonly Case[] = [
  ["no tag storage", addAfter("/delete-node/ &tags0;"), 10, "expected a node with compatible"],
  ["disabled storage", swap("reusable;", 'reusable; status = "disabled";'), 10, "found none"],
  ["no reserved-memory", "/dts-v1/;\n\n/ { };", 3, "/reserved-memory: expected a node"],
  ["storage below the root", swap("reserved-memory {", "else {"), 14, "a child of /reserved"],
  ["no compatible", swap('compatible = "arm,mte-tag-storage";', ""), 14, "found no such property"],
  ["another compatible", swap("arm,mte-tag", "arm,mte"), 15, 'found "arm,mte-storage"'],
  ["compatible no string", swap('"arm,mte-tag-storage"', "<1>"), 15, "found no string"],
  ["not reusable", swap("reusable;", ""), 14, "/reusable: expected a boolean property"],
  ["reusable with a value", swap("reusable;", "reusable = <1>;"), 19, "found a value"],
  ["no reg", swap(STORAGE_REG, ""), 14, "tag-storage@be000000/reg: expected ranges of 2"],
  ["reg empty", swap(STORAGE_REG, "reg;"), 16, "found no value"],
  ["reg of no cells", swap(STORAGE_REG, "reg = <>;"), 16, "found 0 cells"],
  ["reg of three cells", swap("0x0 0x2000000>", "0x2000000>"), 16, "found 3 cells"],
  ["reg a string", swap(STORAGE_REG, 'reg = "x";'), 16, "found a string"],
  ["reg of bytes", swap(STORAGE_REG, "reg = /bits/ 8 <1>;"), 16, "an array of 8 bits"],
  ["reg a reference", swap("<0x0 0xbe", "<&memory0 0xbe"), 16, "a number, found &memory0"],
  ["two storage ranges", swap("0x2000000>", "0x2000000>,<0 0 0 1>"), 16, "found 2 ranges"],
  ["storage of size 0", swap("0x0 0x2000000", "0x0 0x0"), 16, "a size above zero"],
  ["an address too large", swap("<0x0 0xbe", "<0x100000 0xbe"), 16, "a range below 2^52"],
  ["no block-size", swap("block-size = <0x1000>;", ""), 14, "/block-size: expected one 32-bit"],
  ["two block sizes", swap("<0x1000>", "<0x1000 1>"), 17, "found 2 cells"],
  ["block-size 0", swap("<0x1000>", "<0>"), 17, "a positive multiple of 4096, found 0x0"],
  ["block-size 6 KiB", swap("<0x1000>", "<0x1800>"), 17, "found 0x1800"],
  ["block-size a reference", swap("<0x1000>", "<&soc>"), 17, "found &soc"],
  ["block-size a string", swap("<0x1000>", '"4096"'), 17, "found a string"],
  ["no tagged-memory", swap("tagged-memory = <&memory0>;", ""), 14, "/tagged-memory: expected"],
  ["an unknown label", swap("<&memory0>", "<&memory7>"), 18, "found &memory7, unknown"],
  ["an unknown path", swap("<&memory0>", "<&{/memory}>"), 18, "found &{/memory}, unknown"],
  ["an unknown phandle", swap("<&memory0>", "<0x11>"), 18, "found phandle 0x11, unknown"],
  ["two phandles", swap("<&memory0>", "<&memory0 &soc>"), 18, "one phandle, found 2 cells"],
  ["a path as phandle", swap("<&memory0>", "&memory0"), 18, "one phandle, found a path"],
  ["a phandle to no memory", swap("<&memory0>", "<&soc>"), 18, 'found "soc" on line 9'],
  ["memory without device_type", swap('device_type = "memory";', ""), 18, "device_type"],
  ["disabled memory", swap('= "memory";', '= "memory"; status = "no";'), 18, "device_type"],
  ["memory without reg", swap(MEMORY_REG, ""), 5, "memory@80000000/reg: expected ranges"],
  ["memory of two ranges", swap("40000000>", "40000000>,<4 0 0 4096>"), 7, "found 2 ranges"],
  ["three cells an address", swap("s = <2>;", "s = <3>;"), 3, "expected 1 or 2, found 3"],
  [
    "other cells reserved",
    swap("  #size-cells = <2>", "  #size-cells = <1>"),
    12,
    "as in the root",
  ],
  ["no ranges", swap("ranges;", ""), 10, "reserved-memory/ranges: expected an empty property"],
  ["ranges with a value", swap("ranges;", "ranges = <1>;"), 13, "found a value"],
  [
    "33 regions",
    addAfter(
      Array.from({ length: 32 }, (_, i) => otherStorage(`s${i}`, "0 0 0 1", "0", "soc")).join("\n"),
    ),
    54,
    "at most 32 tag storage nodes, found 33",
  ],
];

const layout: readonly Case[] = [
  ["storage too small", swap("0x2000000>", "0x1fff000>"), 16, "1/32 of the 0x40000000 bytes"],
  ["storage too large", swap("0x2000000>", "0x2001000>"), 16, "found 0x2001000 bytes"],
  ["storage start unaligned", swap("0xbe000000 ", "0xbe000800 "), 16, "start 0xbe000800"],
  ["storage size unaligned", swap("0x2000000>", "0x2000080>"), 16, "found size 0x2000080"],
  ["memory start unaligned", swap("<0x0 0x80000000", "<0x0 0x80000010"), 7, "pages of 4096 bytes"],
  ["memory size unaligned", swap("0x40000000>", "0x40000010>"), 7, "found size 0x40000010"],
  ["size no whole blocks", swap("<0x1000>", "<0x3000>"), 16, "the block of 0x3000 bytes"],
  ["a block beyond the storage", swap("<0x1000>", "<0x4000000>"), 16, "block of 0x4000000"],
  ["storage outside RAM", swap("<0x0 0xbe", "<0x1 0xbe"), 16, "inside one range of a memory node"],
  ["storage half outside", swap("0xbe000000 ", "0xbf000000 "), 16, "0xbf000000..0xc0ffffff"],
  [
    "memory described twice",
    addAfter(memory1 + memory1.replaceAll("memory1", "memory2").replace("y@1", "y@0")),
    24,
    "memory described once, found 0x100000000..0x13fffffff, see line 23",
  ],
  [
    "storage shared by two regions",
    addAfter(memory1 + otherStorage("t", "0 0xbe000000 0 0x2000000", "0x1000", "memory1")),
    24,
    "shared with tag-storage@be000000 on line 14",
  ],
  [
    "memory served by two regions",
    addAfter(memory1 + otherStorage("t", "1 0 0 0x2000000", "0x1000", "memory0")),
    24,
    "also served by tag-storage@be000000",
  ],
  [
    "two block sizes in one machine",
    addAfter(memory1 + otherStorage("t", "1 0 0 0x2000000", "0x2000", "memory1")),
    24,
    "expected 0x1000, the block size of",
  ],
];

/** What everybody may rely on: one printable line, with a line number inside the file. */
function expectOneLine(text: string, fileName: string): "a machine" | "a line" {
  const result = readMachine(text, fileName, { pageSizeBytes: 4096 });
  if (result.ok) return "a machine";
  const line = describeInputError(result.error);
  expect(line).toMatch(/^[^\p{Cc}]+:\d+: [^\p{Cc}]+: expected [^\p{Cc}]+, found [^\p{Cc}]+$/u);
  const lines = Math.max(1, text.split("\n").length - (text.endsWith("\n") ? 1 : 0));
  expect(result.error.line).toBeGreaterThanOrEqual(1);
  expect(result.error.line).toBeLessThanOrEqual(lines);
  return "a line";
}

describe("hand-made mistakes", () => {
  test("the file they change is correct", () => {
    expect(readMachine(correct, "correct.dts", { pageSizeBytes: 4096 }).ok).toBe(true);
  });

  test.each([...syntax, ...tree, ...nodes, ...layout])("%s", (_, text, line, message) => {
    const result = readMachine(text, "wrong.dts", { pageSizeBytes: 4096 });
    const said = result.ok ? "nothing" : describeInputError(result.error);
    expect(said).toContain(message);
    expect(said).toMatch(new RegExp(`^wrong\\.dts:${line}: `));
    expectOneLine(text, "wrong.dts");
  });

  test("a file correct for 4 KiB pages may be wrong for 16 KiB pages", () => {
    const text = swap("0xbe000000 ", "0xbdfff000 ");
    expect(readMachine(text, "w.dts", { pageSizeBytes: 4096 }).ok).toBe(true);
    const result = readMachine(text, "w.dts", { pageSizeBytes: 16384 });
    expect(result.ok ? "" : describeInputError(result.error)).toBe(
      "w.dts:16: tag-storage@be000000/reg: " +
        "expected start and size in pages of 16384 bytes, found start 0xbdfff000",
    );
  });

  test("line breaks and control characters do not reach the message", () => {
    expectOneLine(swap("arm,mte-tag", "\u001b[31m\\n\\tarm"), "a\nb.dts");
    expectOneLine("/dts-v1/;\n\u2028\u0007", "\r.dts");
  });
});

describe("what correct files may also hold", () => {
  test.each([
    ["the v1 and v2 name of the phandle", swap("tagged-memory", "memory")],
    ["a phandle by path", swap("<&memory0>", "<&{/memory@80000000}>")],
    [
      "phandles by number, as decompiled",
      swap("<&memory0>", "<0x7>").replace('"memory";', '"memory"; phandle = <7>;'),
    ],
    ["arithmetic", swap("<0x1000>", "<((0xf0 | 0x10 & ~0) + 2 * (8 - 3) * 0 + (1 << 12) - 240)>")],
    ["64-bit elements", swap(STORAGE_REG, "reg = /bits/ 64 <0xbe000000 (32 << 20)>;")],
    ["an octal number", swap("<0x1000>", "<010000>")],
    ["suffixes", swap("<0x1000>", "<0x1000UL>")],
    ["arrays in parts", swap("<0x0 0xbe000000 0x0 0x2000000>", "<0>, <0xbe000000 0>, <0x2000000>")],
    ["comments", swap("ranges;", '/* a\n * "b { */ ranges; // c {')],
    ["line markers", swap("soc: soc", '# 12 "a.dtsi" 2\nsoc: soc')],
    ["labels in values", swap("<0x1000>", "here: <0x1000 there:> end:")],
    [
      "other values",
      swap("soc { };", `soc { a = "x\\"y", [de ad be ef], 'c' };`.replace("'c'", "<'c'>;")),
    ],
    ["reserved lines of boot memory", swap("/ {", "/memreserve/ 0x80000000 0x1000;\n/ {")],
    ["an override", addAfter("&tags0 { block-size = <0x2000>; };").replace("<0x1000>", "<1>")],
    [
      "a property deleted",
      swap("soc { };", "soc { };\n x;\n").replace(" x;", " /delete-property/ x;"),
    ],
    ["a node deleted", addAfter("/ { bad: tag-storage@0 { }; };\n/delete-node/ &bad;")],
    [
      "a node deleted inside",
      addAfter("/ { tag-storage@0 { }; };\n/ { /delete-node/ tag-storage@0; };"),
    ],
    ["a second root", addAfter("/ { reserved-memory { other@0 { no-map; }; }; };")],
    ["an unreferenced node dropped at will", swap("soc: soc", "/omit-if-no-ref/ soc: soc")],
    ["a disabled storage node", addAfter('/ { tag-storage { status = "disabled"; }; };')],
  ])("%s", (_, text) => {
    const result = readMachine(text, "right.dts", { pageSizeBytes: 4096 });
    expect(result.ok ? "" : describeInputError(result.error)).toBe("");
  });
});

/** Tokens of a source, white space included, so that joining them gives it back. */
function tokensOf(text: string): readonly string[] {
  return text.match(/\s+|[\w,.#@-]+|"[^"\n]*"|[\s\S]/gu) ?? [];
}

type Mutation = (text: string) => string;

const junk = fc.oneof(
  fc.constantFrom("{", "}", ";", "<", ">", "(", ")", "&", "=", "/", '"', ":", ",", "[", "]", "/*"),
  fc.constantFrom("0", "1", "0x1000", "0xffffffff", "-1", "&memory0", "&{/}", "reg", "ranges"),
  fc.constantFrom("/delete-node/", "/delete-property/", "/bits/ 64", "/include/", "#include"),
  fc.bigInt({ min: 0n, max: 2n ** 70n }).map((value) => `0x${value.toString(16)}`),
  fc.string({ maxLength: 8, unit: "binary" }),
);

const mutations: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(fc.nat(), junk, fc.nat({ max: 3 })).map(
    ([at, extra, how]): Mutation =>
      (text) => {
        const tokens = [...tokensOf(text)];
        const index = at % Math.max(1, tokens.length);
        const token = tokens[index] ?? "";
        // Delete, duplicate, replace, insert.
        tokens.splice(index, 1, ...([[], [token, token], [extra], [token, extra]][how] ?? []));
        return tokens.join("");
      },
  ),
  fc.tuple(fc.nat(), junk).map(
    ([at, number]): Mutation =>
      (text) => {
        const found = [...text.matchAll(/0x[0-9a-f]+|\b\d+\b/g)];
        const target = found[at % Math.max(1, found.length)];
        if (target === undefined) return text;
        return text.slice(0, target.index) + number + text.slice(target.index + target[0].length);
      },
  ),
  fc.tuple(fc.nat(), fc.integer({ min: 0, max: 0xff })).map(
    ([at, byte]): Mutation =>
      (text) => {
        const index = at % Math.max(1, text.length);
        return text.slice(0, index) + String.fromCharCode(byte) + text.slice(index + 1);
      },
  ),
  fc.nat().map(
    (at): Mutation =>
      (text) =>
        text.slice(0, at % Math.max(1, text.length)),
  ),
);

describe("generated mistakes", () => {
  test("800 changed copies of the shipped files give a machine or one line", () => {
    let refused = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...shippedNames),
        fc.array(mutations, { minLength: 1, maxLength: 3 }),
        (name, changes) => {
          const text = changes.reduce((changed, change) => change(changed), shippedSource(name));
          if (expectOneLine(text, "changed.dts") === "a line") refused += 1;
        },
      ),
      { seed: SEED, numRuns: 800 },
    );
    // Most changes must do harm, or this test looks at nothing.
    expect(refused).toBeGreaterThan(500);
  });

  test("200 pieces of garbage give one line", () => {
    const garbage = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.array(junk, { maxLength: 40 }).map((parts) => `/dts-v1/;\n/ { ${parts.join(" ")}`),
    );
    fc.assert(
      fc.property(garbage, (text) => {
        expect(expectOneLine(text, "garbage.dts")).toBe("a line");
      }),
      { seed: SEED, numRuns: 200 },
    );
  });
});
