/** Other names of the same field, and the forms that only some rows use. */
import { describe, expect, test } from "vitest";
import { asLitmusStep, asStep } from "../../../oracle/scenarios/spellings.ts";
import { kindOf, rowOf, type Written } from "./rows.ts";

const ok: Written = { ok: true };

describe("fields by another name", () => {
  test.each<[Written, Written]>([
    [
      { op: "b", label: "L0" },
      { op: "b", to: "L0" },
    ],
    [
      { op: "cas", s: "r1", t: "r2" },
      { op: "cas", cmp: "r1", src: "r2" },
    ],
    [
      { op: "cas", old: "r1", new: "r2" },
      { op: "cas", cmp: "r1", src: "r2" },
    ],
    [
      { op: "swp", s: "r1", t: "r2" },
      { op: "swp", src: "r1", dst: "r2" },
    ],
    [
      { op: "stzg", imm: 32 },
      { op: "stzg", offset: 32 },
    ],
    [
      { op: "str", imm: 1, off: 8 },
      { op: "str", imm: 1, offset: 8 },
    ],
    [
      { op: "label", name: "L0" },
      { op: "label", name: "L0" },
    ],
    [{ op: 7 }, { op: 7 }],
  ])("%j is %j", (written, meant) => {
    expect(asLitmusStep(written)).toEqual(meant);
  });

  test("a step that has both names keeps both, and is refused for the one it does not know", () => {
    const both = { op: "mmap", off: 0, offset: 4096 };
    expect(asStep(both)).toEqual(both);
  });

  test("what a handler saw", () => {
    const steps: readonly [Written, Written][] = [
      [
        { op: "sigtco", v: 1 },
        { handler: 0, restored: 1 },
      ],
      [
        { op: "sigtco", v: 1 },
        { inside: 0, after: 1 },
      ],
    ];
    expect(kindOf(rowOf(steps))).toBe("pass");
  });
});

describe("forms that few rows use", () => {
  const pool = (op: string, rest: Written = {}): Written => ({ op, pool: "p", ...rest });
  const page = { key: "f", index: 0 };

  test("a get that is made to hit does, unless the put was made to fail", () => {
    const hit: Written = { hit: true, data: "A" };
    const put = pool("ccPut", { ...page, data: "A" });
    const get = pool("ccGet", { ...page, forceHit: true });
    const shared: Written = { op: "ccInitSharedFs", as: "p" };
    expect(
      kindOf(
        rowOf([
          [shared, ok],
          [put, ok],
          [get, hit],
          [get, hit],
        ]),
      ),
    ).toBe("pass");
    const lost = { ...put, forceMiss: true };
    expect(
      kindOf(
        rowOf([
          [shared, ok],
          [put, ok],
          [lost, ok],
          [get, { hit: false }],
        ]),
      ),
    ).toBe("pass");
  });

  test("a privileged row may name tagged memory, and no other", () => {
    const map = (rest: Written): Written => {
      const as = { op: "mmap", as: "a", len: 4096, prot: "rwm", flags: ["private", "anon"] };
      return { ...as, ...rest };
    };
    const store: readonly [Written, Written] = [{ op: "stg", src: "a@5", addr: "a" }, ok];
    const read: readonly [Written, Written] = [
      { op: "ldg", addr: "a" },
      { tag: 5, addrEq: "a" },
    ];
    const row = (first: Written) => ({ ...rowOf([[first, { ret: 0 }], store, read]), el: 1 });
    expect(kindOf(row(map({})))).toBe("pass");
    expect(kindOf(row(map({ prot: "rw" })))).toBe("refused");
    expect(kindOf(row(map({ addr: "0x1000" })))).toBe("refused");
  });

  test("registers that are not pointers may be negative", () => {
    const gmi: Written = { op: "gmi", src: "0x0", mask: "-1" };
    expect(kindOf(rowOf([[gmi, { val: "0xffffffffffffffff" }]]))).toBe("pass");
  });

  test("PR_GET_TAGGED_ADDR_CTRL takes no arguments", () => {
    expect(kindOf(rowOf([[{ op: "getprctl", a3: 1 }, { errno: "EINVAL" }]]))).toBe("pass");
  });
});
