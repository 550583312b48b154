/** Each instruction of a litmus program, by what a thread alone ends with. */
import { describe, expect, test } from "vitest";
import { alone, type Claim, eq, pointer, written } from "./litmus-rows.ts";
import { kindOf } from "./rows.ts";

const instructions: readonly (readonly [string, Claim])[] = [
  [
    "mov and eor",
    alone(
      [
        ["mov", { dst: "r0", imm: 6 }],
        ["eor", { dst: "r0", a: "r0", imm: 3 }],
      ],
      eq("r0", 5),
    ),
  ],
  [
    "and",
    alone(
      [
        ["mov", { dst: "r0", imm: 6 }],
        ["and", { dst: "r0", a: "r0", imm: 3 }],
      ],
      eq("r0", 2),
    ),
  ],
  ["add to a pointer", alone([["add", { dst: "r0", a: "r1", imm: 0 }]], eq("r0", pointer("x")))],
  ["ZR reads as zero", alone([["mov", { dst: "r0", src: "ZR" }]], eq("r0", 0))],
  [
    "csel, equal",
    alone(
      [
        ["cmp", { a: "r0", imm: 0 }],
        ["csel", { dst: "r0", a: "r1", b: "ZR", cc: "EQ" }],
      ],
      eq("r0", pointer("x")),
    ),
  ],
  [
    "csel, signed less",
    alone(
      [
        ["cmp", { a: "r0", imm: 1 }],
        ["csel", { dst: "r0", a: "r1", b: "ZR", cc: "LT" }],
      ],
      eq("r0", pointer("x")),
    ),
  ],
  [
    "csel, unsigned lower",
    alone(
      [
        ["cmp", { a: "r0", imm: -1 }],
        ["csel", { dst: "r0", a: "r1", b: "ZR", cc: "LO" }],
      ],
      eq("r0", pointer("x")),
    ),
  ],
  [
    "a branch leaves out what it jumps over",
    alone(
      [
        ["b", { to: "L" }],
        ["mov", { dst: "r0", imm: 1 }],
        ["label", { name: "L" }],
      ],
      eq("r0", 0),
    ),
  ],
  [
    "cbz",
    alone(
      [
        ["cbz", { a: "r0", to: "L" }],
        ["mov", { dst: "r0", imm: 1 }],
        ["label", { name: "L" }],
      ],
      eq("r0", 0),
    ),
  ],
  [
    "cbnz",
    alone(
      [
        ["cbnz", { a: "r0", to: "L" }],
        ["mov", { dst: "r0", imm: 1 }],
        ["label", { name: "L" }],
      ],
      eq("r0", 1),
    ),
  ],
  [
    "swp",
    alone(
      [
        ["mov", { dst: "r2", imm: 7 }],
        ["swp", { dst: "r0", src: "r2", addr: "r1" }],
      ],
      { and: [eq("r0", 3), { mem: "x", eq: 7 }] },
      { mem: { x: 3 } },
    ),
  ],
  [
    "cas that fits",
    alone(
      [
        ["mov", { dst: "r2", imm: 7 }],
        ["cas", { cmp: "r0", src: "r2", addr: "r1" }],
      ],
      { and: [eq("r0", 0), { mem: "x", eq: 7 }] },
    ),
  ],
  [
    "cas that does not",
    alone(
      [
        ["mov", { dst: "r2", imm: 7 }],
        ["cas", { cmp: "r0", src: "r2", addr: "r1" }],
      ],
      { and: [eq("r0", 3), { mem: "x", eq: 3 }] },
      { mem: { x: 3 } },
    ),
  ],
  [
    "ldeor",
    alone(
      [
        ["mov", { dst: "r2", imm: 6 }],
        ["ldeor", { dst: "r0", src: "r2", addr: "r1" }],
      ],
      { and: [eq("r0", 3), { mem: "x", eq: 5 }] },
      { mem: { x: 3 } },
    ),
  ],
  [
    "stg sets the tag and leaves the data",
    alone(
      [["stg", { src: "r5", addr: "r1" }]],
      {
        and: [
          { tag: "x", eq: 1 },
          { mem: "x", eq: 3 },
        ],
      },
      { mem: { x: 3 } },
    ),
  ],
  [
    "stzg zeroes as well",
    alone(
      [["stzg", { src: "r5", addr: "r1" }]],
      {
        and: [
          { tag: "x", eq: 1 },
          { mem: "x", eq: 0 },
        ],
      },
      { mem: { x: 3 } },
    ),
  ],
  [
    "ldg puts the tag into its register",
    alone(
      [
        ["mov", { dst: "r0", src: "r1" }],
        ["ldg", { dst: "r0", addr: "r5" }],
      ],
      eq("r0", pointer("x", 4)),
      { tags: { x: 4 } },
    ),
  ],
  [
    "stg and ldg are not checked",
    alone(
      [
        ["stg", { src: "r5", addr: "r5" }],
        ["ldg", { dst: "r1", addr: "r1" }],
      ],
      { not: { fault: "P0" } },
    ),
  ],
  [
    "a fault ends the thread",
    alone(
      [
        ["ldr", { dst: "r0", addr: "r5" }],
        ["mov", { dst: "r2", imm: 1 }],
      ],
      { and: [eq("r2", 0), { fault: "P0", loc: "x" }] },
    ),
  ],
  [
    "a fault is at its label",
    alone(
      [
        ["label", { name: "L" }],
        ["ldr", { dst: "r0", addr: "r5" }],
      ],
      { fault: "P0", label: "L", loc: "x" },
    ),
  ],
  [
    "and at no other",
    alone(
      [
        ["label", { name: "L" }],
        ["mov", { dst: "r2", imm: 1 }],
        ["ldr", { dst: "r0", addr: "r5" }],
      ],
      { not: { fault: "P0", label: "L" } },
    ),
  ],
  [
    "async: the access is made, the thread goes on",
    alone(
      [
        ["str", { imm: 1, addr: "r5" }],
        ["mov", { dst: "r2", imm: 1 }],
      ],
      { and: [eq("r2", 1), { mem: "x", eq: 1 }, { fault: "P0" }] },
      { mode: "async" },
    ),
  ],
  [
    "asymm: loads end the thread",
    alone(
      [
        ["ldr", { dst: "r0", addr: "r5" }],
        ["mov", { dst: "r2", imm: 1 }],
      ],
      { and: [eq("r2", 0), { fault: "P0" }] },
      { mode: "asymm" },
    ),
  ],
  [
    "asymm: stores do not",
    alone(
      [
        ["str", { imm: 1, addr: "r5" }],
        ["mov", { dst: "r2", imm: 1 }],
      ],
      { and: [eq("r2", 1), { fault: "P0" }] },
      { mode: "asymm" },
    ),
  ],
  [
    "none: nothing is checked",
    alone([["str", { imm: 1, addr: "r5" }]], { not: { fault: "P0" } }, { mode: "none" }),
  ],
  [
    "an index is added",
    alone(
      [
        ["mov", { dst: "r2", imm: 16 }],
        ["str", { imm: 9, addr: "r1", index: "r2" }],
      ],
      { mem: "x", eq: 0 },
    ),
  ],
];

describe("litmus instructions", () => {
  test.each(instructions)("%s", (_name, claim) => {
    expect(kindOf(written(claim))).toBe("pass");
    expect(kindOf(written({ ...claim, reachable: false, always: false }))).toBe("fail");
  });

  test("an access to a part of a location is outside", () => {
    const claim = alone([["ldr", { dst: "r0", addr: "r1", offset: 4 }]], eq("r0", 0));
    expect(kindOf(written(claim))).toBe("refused");
  });
});
