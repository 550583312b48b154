/** Operations that few rows use: each is asked once, and shows what its expectations speak of. */
import { describe, expect, test } from "vitest";
import { kindOf, rowOf, verdictOf, type Written } from "./rows.ts";

type Pair = readonly [Written, Written];
const ok: Written = { ok: true };

const map = (as: string, prot = "rwm", rest: Written = {}): Pair => [
  { op: "mmap", as, len: 8192, prot, flags: ["private", "anon"], ...rest },
  { ret: 0 },
];
const sync: Pair = [{ op: "prctl", tcf: "sync", incl: "0xfffe" }, { ret: 0 }];
const tagged: Pair = [{ op: "settags", addr: "a", len: 32, tag: 5 }, ok];
const at = (op: string, rest: Written = {}): Written => ({ op, addr: "a@5", len: 16, ...rest });

const rows: readonly (readonly [string, readonly Pair[]])[] = [
  [
    "copy",
    [
      map("b", "rw"),
      [
        { op: "copy", dst: "a@5", src: "b", len: 64 },
        { count: 32, fault: "SEGV_MTESERR", addr: "a+32" },
      ],
    ],
  ],
  [
    "poke",
    [
      [{ op: "poke", addr: "a", data: "0102" }, ok],
      [{ op: "peek", addr: "a", len: 3 }, { data: "010200" }],
    ],
  ],
  [
    "poke by byte",
    [
      [{ op: "poke", addr: "a@9", len: 2, byte: 7 }, ok],
      [{ op: "peek", addr: "a", len: 3 }, { data: "070700" }],
    ],
  ],
  [
    "st2g with write-back",
    [
      [{ op: "st2g", src: "a@3", addr: "a", mode: "post", as: "w" }, { ret: 0 }],
      [{ op: "subp", src: "w", b: "a" }, { val: 32 }],
    ],
  ],
  [
    "a register that gmi fills",
    [
      [{ op: "gmi", src: "a@4", mask: "0x1", as: "m" }, { val: "0x11" }],
      [
        { op: "irgn", src: "a", excl: "m", n: 32 },
        { seenSubset: "0xffee", bad: 0 },
      ],
    ],
  ],
  [
    "subps",
    [
      [
        { op: "subps", src: "a", b: "a+16" },
        { val: "0xfffffffffffffff0", nzcv: "8" },
      ],
    ],
  ],
  [
    "cas",
    [
      [{ op: "store", insn: "cas", addr: "a@5", size: 8, value: 9, cmp: 0 }, { val: 0 }],
      [{ op: "load", addr: "a@5", size: 8 }, { val: 9 }],
    ],
  ],
  [
    "128 bits",
    [
      [
        { op: "store", addr: "a@5", size: 16, value: "0x10000000000000000000000000000002" },
        { ret: 0 },
      ],
      [{ op: "load", addr: "a@5", size: 16 }, { val: "0x10000000000000000000000000000002" }],
    ],
  ],
  [
    "dc gva",
    [
      [{ op: "access", insn: "dcgva", addr: "a@3" }, { ok: true }],
      [{ op: "tagsall", addr: "a", len: 64 }, { tag: 3 }],
    ],
  ],
  ["prfm", [[{ op: "access", insn: "prfm", addr: "a@9" }, { ok: true }]]],
  ["ldgm at EL0", [[{ op: "ldgm", addr: "a" }, { fault: "SIGILL" }]]],
  [
    "mlock",
    [
      [at("mlock"), { ret: 0 }],
      [at("munlock"), { ret: 0 }],
    ],
  ],
  [
    "pkey_mprotect",
    [
      [{ op: "pkey_mprotect", addr: "a", len: 4096, prot: "r", pkey: -1 }, { ret: 0 }],
      [
        { op: "store", addr: "a@5", size: 1 },
        { fault: "SEGV_ACCERR", addr: "a" },
      ],
    ],
  ],
  [
    "brkalloc, stackvar, shmat",
    [
      [{ op: "brkalloc", as: "h", len: 4096 }, ok],
      [{ op: "stackvar", as: "s" }, ok],
      [{ op: "shmat", as: "m", len: 4096 }, ok],
      [{ op: "store", addr: "h", size: 8, value: 1 }, ok],
      [{ op: "store", addr: "s", size: 8, value: 1 }, ok],
      [{ op: "store", addr: "m", size: 8, value: 1 }, ok],
    ],
  ],
  [
    "files",
    [
      [{ op: "memfd", as: "f", len: 4096 }, { ret: 0 }],
      [{ op: "fput", fd: "f", off: 4, len: 4, byte: 1 }, { ret: 4 }],
      [
        { op: "fget", fd: "f", off: 2, len: 4 },
        { ret: 4, data: "00000101" },
      ],
      [{ op: "ftruncate", fd: "f", len: 0 }, { ret: 0 }],
    ],
  ],
  ["procmem_read", [[at("procmem_read", { addr: "a@9", len: 2 }), { ret: 2, data: "0000" }]]],
  [
    "syspipe",
    [
      [at("syspipe"), { ret: 16 }],
      [at("syspipe", { addr: "a@9" }), { errno: "EFAULT" }],
    ],
  ],
  ["sysgetcwd", [[at("sysgetcwd", { addr: "a@9", len: 64 }), { errno: "EFAULT" }]]],
  [
    "sigtco",
    [
      [
        { op: "sigtco", v: 1 },
        { val: 0, inside: 0, after: 1 },
      ],
    ],
  ],
  ["systco", [[{ op: "systco", v: 1 }, { val: 1 }]]],
  [
    "present",
    [
      [{ op: "present", addr: "a" }, { present: 1 }],
      [{ op: "pageout", addr: "a", len: 4096 }, { swapped: 1 }],
      [{ op: "present", addr: "a" }, { present: 0 }],
    ],
  ],
  [
    "getregset",
    [
      [{ op: "fork", as: "c" }, ok],
      [{ op: "getregset", pid: "c" }, { val: "0x7fff3" }],
    ],
  ],
  [
    "mremap with write-back of a name",
    [
      [
        { op: "mremap", addr: "a", old: 4096, new: 4096, flags: ["maymove"], force: 1, as: "b" },
        { ret: 0 },
      ],
      [{ op: "tags", addr: "b", n: 2 }, { tags: "55" }],
    ],
  ],
  ["smaps of untagged memory", [map("b", "rw"), [{ op: "smaps", addr: "b" }, { mt: 0 }]]],
  [
    "core without a segment",
    [
      map("b", "rw"),
      [
        { op: "core", addr: "b", n: 4 },
        { ok: false, filesz: 0 },
      ],
    ],
  ],
];

describe("operations of a process", () => {
  test.each(rows)("%s", (_name, pairs) => {
    expect(verdictOf(rowOf([sync, map("a"), tagged, ...pairs]))).toMatchObject({ kind: "pass" });
  });

  test("uffdmove", () => {
    const verdict = verdictOf(
      rowOf([
        map("a"),
        map("b"),
        [{ op: "fill", addr: "b", len: 8, byte: 7 }, { count: 8 }],
        [{ op: "uffd", as: "u", addr: "a", len: 4096 }, { ret: 0 }],
        [{ op: "uffdmove", fd: "u", dst: "a", src: "b", len: 4096 }, { ret: 4096 }],
        [{ op: "load", addr: "a", size: 8 }, { val: "0x0707070707070707" }],
      ]),
    );
    expect(verdict).toMatchObject({ kind: "pass" });
  });
});

describe("operations at EL1", () => {
  const bare = (...pairs: readonly Pair[]): Written => rowOf(pairs, { el: 1 });

  test("tags by the block", () => {
    const row = bare(
      [{ op: "stgm", addr: "0x10000", v: "0x4321" }, ok],
      [{ op: "tags", addr: "0x10000", n: 5 }, { tags: "12340" }],
      [{ op: "ldgm", addr: "0x10000" }, { val: "0x4321" }],
    );
    expect(verdictOf(row)).toMatchObject({ kind: "pass" });
  });

  test("without allocation tag access tags read as zero", () => {
    const row = bare(
      [{ op: "stg", src: "0x10000@5", addr: "0x10000" }, ok],
      [{ op: "setAta", v: 0 }, ok],
      [{ op: "ldg", addr: "0x10000" }, { tag: 0 }],
      [{ op: "setAta", v: 1 }, ok],
      [{ op: "ldg", addr: "0x10000" }, { tag: 5 }],
    );
    expect(verdictOf(row)).toMatchObject({ kind: "pass" });
  });

  test("there is no kernel", () => {
    expect(kindOf(bare([{ op: "getprctl" }, { val: 0 }]))).toBe("refused");
    expect(kindOf(rowOf([[{ op: "getRgsr" }, { seed: 0 }]]))).toBe("refused");
  });
});

describe("addresses that no translation reaches", () => {
  const beyond = [
    "0x10000000000000",
    "0x80000000000008",
    "0xffff800000000010",
    "0xff123456789abcde",
  ];
  const fault = (address: string) => ({ fault: "SEGV_MAPERR", addr: address });

  test.each(beyond)("%s", (address) => {
    const row = rowOf([
      [{ op: "load", addr: address, size: 8 }, fault(address)],
      [{ op: "store", addr: address, size: 8, insn: "stp" }, fault(address)],
      [
        { op: "fill", addr: address, len: 64, byte: 1 },
        { count: 0, ...fault(address) },
      ],
      [
        { op: "copy", dst: address, src: address, len: 64 },
        { count: 0, ...fault(address) },
      ],
      [{ op: "ldg", addr: address }, fault(address)],
      [{ op: "peek", addr: address, len: 3 }, fault(address)],
      [{ op: "munmap", addr: `${address}`, len: 4096 }, { errno: "EINVAL" }],
    ]);
    expect(verdictOf(row)).toMatchObject({ kind: "pass" });
  });

  test("a bare CPU has no memory there either", () => {
    const row = rowOf([
      [{ op: "load", addr: "0xfffffffffffff8", size: 8 }, fault("0xfffffffffffff8")],
    ]);
    expect(verdictOf({ ...row, el: 1 })).toMatchObject({ kind: "pass" });
  });
});

describe("bounds", () => {
  test.each<[string, Written]>([
    ["a length that is no test's", { op: "scan", addr: "0", len: "0x100000000" }],
    ["an access that is no instruction's", { op: "load", addr: "0", size: 8192 }],
  ])("%s", (_name, step) => {
    expect(kindOf(rowOf([[step, ok]]))).toBe("refused");
  });
});

describe("worlds", () => {
  const irg: Pair = [{ op: "irg", src: "a" }, { tagNot: [0] }];

  test("that nobody can tell apart go on as one", () => {
    const row = rowOf([sync, map("a"), ...Array.from({ length: 12 }, () => irg)]);
    expect(kindOf(row)).toBe("pass");
  });

  test("that differ in a name go on side by side", () => {
    const named = (as: string): Pair => [{ op: "irg", src: "a", as }, { tagNot: [0] }];
    const row = rowOf([
      sync,
      map("a"),
      named("p1"),
      named("p2"),
      [{ op: "stg", src: "p1", addr: "p1" }, ok],
      [{ op: "ldg", addr: "p2" }, { tagNot: [0] }],
      [{ op: "load", addr: "p1", size: 8 }, { val: 0 }],
    ]);
    expect(kindOf(row)).toBe("pass");
  });

  test("of which one breaks an expectation break it", () => {
    expect(kindOf(rowOf([sync, map("a"), [irg[0], { tagNot: [0, 7] }]]))).toBe("fail");
  });
});
