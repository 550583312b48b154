import { describe, expect, test } from "vitest";
import { addressIn, parseAddress, withoutTopByte } from "../../../oracle/scenarios/address.ts";

const names = new Map([
  ["a", 0x1000n],
  ["p1", 0x0700_0000_0000_2000n],
]);

const valueIn = (text: string): bigint | undefined => {
  const expression = parseAddress(text);
  return expression && addressIn(expression, names);
};

describe("address expressions", () => {
  test.each<[string, bigint]>([
    ["a", 0x1000n],
    ["a+16", 0x1010n],
    ["a-16+8", 0xff8n],
    ["a+0x10", 0x1010n],
    ["a@5", 0x0500_0000_0000_1000n],
    ["a+16@15", 0x0f00_0000_0000_1010n],
    ["a!10", 0xa000_0000_0000_1000n],
    ["a@3!10", 0xa300_0000_0000_1000n],
    ["p1", 0x0700_0000_0000_2000n],
    ["p1@0", 0x2000n],
    ["p1+16", 0x0700_0000_0000_2010n],
    ["0x40000000", 0x4000_0000n],
    ["4096+16@1", 0x0100_0000_0000_1010n],
    ["0", 0n],
  ])("%s", (text, value) => {
    expect(valueIn(text)).toBe(value);
  });

  test("wrap around at 64 bits", () => {
    expect(valueIn("a-4097")).toBe(2n ** 64n - 1n);
  });

  test("have no value while their name is bound to nothing", () => {
    expect(valueIn("b+16")).toBeUndefined();
  });

  test.each(["", "@5", "a@", "a@16", "a!16", "a+", "a+-1", "a 16", "a!3@5", "-16", "a@x", "0x"])(
    "%j is none",
    (text) => {
      expect(parseAddress(text)).toBeUndefined();
    },
  );

  test("compare without their top byte", () => {
    expect(withoutTopByte(0xa300_0000_0000_1000n)).toBe(0x1000n);
  });
});
