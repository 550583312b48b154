/** System calls with buffers in user memory. */
import { describe, expect, test } from "vitest";
import type { CheckMode } from "../../../../model/contract/process/index.ts";
import { failing, page, returning, Session, tagged } from "./session.ts";

/** A buffer tagged 4 up to `good`, 9 from there on, and a file full of 0x41. */
const buffer = (mode: CheckMode, good: number, prefer: "async" | "sync" | "asymm" = "async") => {
  const session = new Session();
  session.do({ kind: "tcfpref", mode: prefer });
  session.mode(mode);
  const file = session.memfd(2 * page);
  session.do({ kind: "fput", file, offset: 0, byte: 0x41, length: 2 * page });
  const a = session.mmap("rwm", 2 * page);
  session.setTags(a, 4, good);
  session.setTags(a + BigInt(good), 9, 2 * page - good);
  const call = (
    kind: "sysread" | "sysreadv" | "syswrite" | "syswritev",
    tag: number,
    length: number,
  ) => session.outcomes({ kind, file, address: tagged(a, tag), length, offset: 0 });
  return { session, a, file, call };
};

const kinds = ["sysread", "sysreadv", "syswrite", "syswritev"] as const;

describe.each(kinds)("%s", (kind) => {
  test("moves all of a buffer that matches", () => {
    expect(buffer("sync", page).call(kind, 4, page)).toEqual([returning(page)]);
  });

  test("in synchronous mode stops at the first granule that differs, or is EFAULT", () => {
    const { call } = buffer("sync", 48);
    expect(call(kind, 4, 49)).toEqual([{ kind: "partly", least: 1, most: 48, errno: "EFAULT" }]);
    expect(call(kind, 9, 49)).toEqual([failing("EFAULT")]);
  });

  test.each(["async", "none"] as const)("in mode %s checks nothing", (mode) => {
    expect(buffer(mode, 48).call(kind, 4, page)).toEqual([returning(page)]);
  });

  test("the mode is the one in effect", () => {
    expect(buffer("sync+async", 48, "async").call(kind, 9, 8)).toEqual([returning(8)]);
    expect(buffer("sync+async", 48, "sync").call(kind, 9, 8)).toEqual([failing("EFAULT")]);
    const asymm = buffer("sync+async", 48, "asymm").call(kind, 9, 8);
    const stores = kind === "sysread" || kind === "sysreadv";
    const late = { ...returning(8), reports: 1 };
    expect(asymm).toEqual(stores ? [returning(8), late] : [failing("EFAULT")]);
  });

  test("the thread's TCO does not matter", () => {
    const { session, call } = buffer("sync", 48);
    session.do({ kind: "tco", value: 1 });
    expect(call(kind, 9, 8)).toEqual([failing("EFAULT")]);
  });

  test("a tagged pointer needs the tagged address ABI", () => {
    const { session, call } = buffer("none", 48);
    session.do({ kind: "prctl", control: 0n, rest: [0n, 0n, 0n] });
    expect(call(kind, 4, 8)).toEqual([failing("EFAULT")]);
    expect(call(kind, 0, 8)).toEqual([returning(8)]);
  });

  test("memory that is not there stops it too", () => {
    const { session, a, call } = buffer("none", 48);
    session.do({ kind: "munmap", address: a + 4096n, length: page });
    expect(call(kind, 4, 2 * page)).toEqual([
      { kind: "partly", least: 1, most: page, errno: "EFAULT" },
    ]);
    session.do({ kind: "munmap", address: a, length: page });
    expect(call(kind, 4, 2 * page)).toEqual([failing("EFAULT")]);
  });

  test("needs a file", () => {
    const { session, a } = buffer("none", 48);
    expect(session.do({ kind, file: 99, address: a, length: 1, offset: 0 })).toEqual(
      failing("EBADF"),
    );
  });
});

test("store-only checking leaves the kernel's loads alone", () => {
  const { session, call } = buffer("sync", 48);
  const control = 0x3n | (0xfffen << 3n);
  session.state = {
    ...session.state,
    configuration: {
      ...session.state.configuration,
      features: { asymmetric: true, storeOnly: true },
    },
  };
  session.do({ kind: "prctl", control: control | (1n << 19n), rest: [0n, 0n, 0n] });
  expect(call("syswrite", 9, 8)).toEqual([returning(8)]);
  expect(call("sysread", 9, 8)).toEqual([failing("EFAULT")]);
});

test("what was moved is moved, and nothing else", () => {
  const { session, a, file } = buffer("sync", 48);
  const act = { kind: "sysread", file, address: tagged(a, 4), length: page, offset: 0 } as const;
  const after = session.may(act).map(({ state }) => {
    const other = new Session();
    other.state = state;
    return other.peek(a + 47n, 2);
  });
  expect(after).toEqual([
    [0x41, 0],
    [0, 0],
  ]);
});

test("a read ends with the file, a write makes it longer", () => {
  const { session, a, file } = buffer("none", 48);
  const read = { kind: "sysread", file, address: a, length: page, offset: 2 * page - 5 } as const;
  expect(session.do(read)).toEqual(returning(5));
  expect(session.do({ ...read, offset: 3 * page })).toEqual(returning(0));
  session.do({ ...read, kind: "syswrite", offset: 2 * page });
  expect(session.do({ ...read, offset: 3 * page - 1 })).toEqual(returning(1));
});

test("a read only needs what it stores to be writable", () => {
  const { session, a, file } = buffer("none", 48);
  session.mprotect(a, "r", 2 * page);
  const act = { file, address: a, length: 8, offset: 0 } as const;
  expect(session.do({ ...act, kind: "sysread" })).toEqual(failing("EFAULT"));
  expect(session.do({ ...act, kind: "syswrite" })).toEqual(returning(8));
});

test("pipes and getcwd are system calls like others", () => {
  const { session, a } = buffer("sync", 48);
  const pipe = (tag: number, length: number) =>
    session.outcomes({ kind: "syspipe", address: tagged(a, tag), length });
  expect(pipe(4, 48)).toEqual([returning(48)]);
  expect(pipe(4, 60)).toEqual([{ kind: "partly", least: 1, most: 48, errno: "EFAULT" }]);
  expect(pipe(9, 8)).toEqual([failing("EFAULT")]);
  const cwd = (tag: number, length: number) =>
    session.outcomes({ kind: "sysgetcwd", address: tagged(a, tag), length });
  expect(cwd(4, 48)).toEqual([{ kind: "partly", least: 2, most: 48, errno: null }]);
  expect(cwd(4, 1)).toEqual([failing("ERANGE")]);
  expect(cwd(9, 48)).toEqual([failing("EFAULT")]);
  expect(cwd(4, page)).toEqual([{ kind: "partly", least: 2, most: page, errno: "EFAULT" }]);
});

describe("remote access", () => {
  const bytes = (...row: readonly number[]) => ({
    kind: "brought",
    bytes: Uint8Array.from(row),
  });

  test("process_vm_readv and writev compare no tags", () => {
    const { session, a } = buffer("sync", 48);
    session.poke(a, 1, 2);
    session.fork();
    for (const tag of [0, 4, 9])
      expect(session.do({ kind: "vmread", of: "c", address: tagged(a, tag), length: 2 })).toEqual(
        bytes(1, 2),
      );
    const write = { kind: "vmwrite", of: "c", address: tagged(a, 9), byte: 7, length: 1 } as const;
    expect(session.do(write)).toEqual(returning(1));
    expect(session.as("c", () => [session.peek(a), session.tags(a)])).toEqual([[7], "4"]);
    expect(session.peek(a)).toEqual([1]);
  });

  test("they keep to permissions; /proc/PID/mem does not", () => {
    const { session, a } = buffer("sync", 48);
    session.poke(a, 1);
    session.mprotect(a, "", 2 * page);
    session.fork();
    const at = { of: "c", address: a, length: 1 } as const;
    expect(session.do({ kind: "vmread", ...at })).toEqual(failing("EFAULT"));
    expect(session.do({ kind: "vmwrite", ...at, byte: 7 })).toEqual(failing("EFAULT"));
    expect(session.do({ kind: "procmem_read", ...at })).toEqual(bytes(1));
    expect(session.do({ kind: "procmem_write", ...at, byte: 7 })).toEqual(returning(1));
    expect(session.do({ kind: "procmem_read", ...at, of: null })).toEqual(bytes(1));
    expect(session.do({ kind: "procmem_read", ...at, address: 0n })).toEqual(failing("EIO"));
    expect(session.do({ kind: "procmem_read", ...at, of: "nobody" })).toEqual(failing("ESRCH"));
  });

  test("the file brings a page back from swap with its tags", () => {
    const { session, a } = buffer("sync", 48);
    session.pageout(a);
    const write = { kind: "procmem_write", of: null, address: a, byte: 9, length: 1 } as const;
    expect(session.do(write)).toEqual(returning(1));
    expect([session.peek(a), session.tags(a)]).toEqual([[9], "4"]);
  });

  test("a short count ends where memory does", () => {
    const { session, a } = buffer("sync", 48);
    session.fork();
    const read = { kind: "vmread", of: "c", address: a + 8190n, length: 9 } as const;
    expect(session.do(read)).toEqual(bytes(0, 0));
  });
});
