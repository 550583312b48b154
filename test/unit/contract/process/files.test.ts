/** Files: shared pages and private copies, holes, descriptors. */
import { describe, expect, test } from "vitest";
import { failing, huge, kernel, ok, page, returning, Session, signal, tagged } from "./session.ts";

const fresh = () => {
  const session = new Session();
  session.mode("sync");
  return session;
};

const brought = (...bytes: readonly number[]) => ({
  kind: "brought",
  bytes: Uint8Array.from(bytes),
});

describe("a page of a file", () => {
  test("is one page for all mappings, tags too", () => {
    const session = fresh();
    const file = session.memfd();
    const a = session.mmap("rwm", page, ["shared"], { file });
    const b = session.mmap("rwm", page, ["shared"], { file });
    session.setTags(a, 6, 32);
    expect(session.tags(b, 3)).toBe("660");
    expect(session.load(b)).toEqual(signal("SEGV_MTESERR", b));
    expect(session.do({ kind: "pfneq", a, b })).toMatchObject({ yes: true });
  });

  test("shows through a private mapping until that writes", () => {
    const session = fresh();
    const file = session.memfd();
    const a = session.mmap("rwm", page, ["shared"], { file });
    const b = session.mmap("rwm", page, ["private"], { file });
    expect(session.tags(b)).toBe("0");
    session.setTags(a, 6, 16);
    expect(session.tags(b)).toBe("6");
    session.store(b + 16n);
    session.setTags(a, 9, 16);
    expect([session.tags(a), session.tags(b)]).toEqual(["9", "6"]);
  });

  test("is copied with its tags even for a mapping without PROT_MTE", () => {
    const session = fresh();
    const file = session.memfd();
    const a = session.mmap("rwm", page, ["shared"], { file });
    session.setTags(a, 6, 16);
    const b = session.mmap("rw", page, ["private"], { file });
    session.store(b + 8n);
    session.mprotect(b, "rwm");
    expect([session.tags(a), session.tags(b)]).toEqual(["6", "6"]);
  });

  test("is not there past the end of the file", () => {
    const session = fresh();
    const file = session.memfd(10);
    const a = session.mmap("rwm", 2 * page, ["shared"], { file });
    expect(session.peek(a + 4095n)).toEqual([0]);
    expect(session.load(a + 4096n)).toEqual(signal("BUS_ADRERR", a + 4096n));
  });

  test("may not be written there by a mapping that nobody may write to", () => {
    const session = fresh();
    const file = session.memfd(10);
    const a = session.mmap("rm", 2 * page, ["shared"], { file });
    expect(session.store(a + 4096n)).toEqual(signal("SEGV_ACCERR", a + 4096n));
    expect(session.load(a + 4096n)).toEqual(signal("BUS_ADRERR", a + 4096n));
  });

  test("starts where the mapping says", () => {
    const session = fresh();
    const file = session.memfd(2 * page);
    session.do({ kind: "fput", file, offset: page, byte: 7, length: 1 });
    const a = session.mmap("r", page, ["shared"], { file, offset: page });
    expect(session.peek(a)).toEqual([7]);
  });
});

describe("by descriptor", () => {
  test("bytes go in and out, tags stay, and the file grows", () => {
    const session = fresh();
    const file = session.memfd();
    const a = session.mmap("rwm", page, ["shared"], { file });
    session.setTags(a, 6);
    expect(session.do({ kind: "fput", file, offset: 4090, byte: 3, length: 10 })).toEqual(
      returning(10),
    );
    expect([session.tags(a), session.peek(a + 4090n)]).toEqual(["6", [3]]);
    expect(session.do({ kind: "fget", file, offset: 4098, length: 9 })).toEqual(brought(3, 3));
    expect(session.do({ kind: "fget", file, offset: 9000, length: 9 })).toEqual(brought());
  });

  test("there has to be one", () => {
    const session = fresh();
    for (const act of [
      { kind: "fput", file: 99, offset: 0, byte: 0, length: 1 },
      { kind: "fget", file: 99, offset: 0, length: 1 },
      { kind: "ftruncate", file: 99, length: 0 },
      { kind: "punch", file: 99, offset: 0, length: 1 },
    ] as const)
      expect(session.do(act)).toEqual(failing("EBADF"));
  });

  test("memfd of huge pages has tags where hugetlb has", () => {
    for (const [version, takes] of [
      ["6.12", false],
      ["7.3", true],
    ] as const) {
      const session = new Session(kernel(version));
      const file = session.number({ kind: "memfd", length: huge, hugetlb: true });
      const [outcome] = session.outcomes(session.mmapAct("rwm", huge, ["shared"], { file }));
      expect(outcome).toMatchObject(takes ? { kind: "pointer" } : failing("EINVAL"));
    }
  });
});

describe("holes", () => {
  const marked = () => {
    const session = fresh();
    const file = session.memfd(3 * page);
    const a = session.mmap("rwm", 3 * page, ["shared"], { file });
    session.setTags(a, 6, 3 * page);
    session.do({ kind: "fput", file, offset: 0, byte: 1, length: 3 * page });
    return { session, file, a };
  };

  test("whole pages lose bytes and tags, parts of pages only bytes", () => {
    const { session, file, a } = marked();
    expect(session.do({ kind: "punch", file, offset: 4000, length: page + 200 })).toEqual(ok);
    expect([session.tags(a), session.tags(a + 4096n), session.tags(a + 8192n)]).toEqual([
      "6",
      "0",
      "6",
    ]);
    expect(session.peek(a + 3999n, 2)).toEqual([1, 0]);
    expect(session.peek(a + 8295n, 2)).toEqual([0, 1]);
    session.do({ kind: "punch", file, offset: 16, length: 8 });
    expect(session.peek(a + 15n, 10)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  test("truncation cuts off pages, and what is grown again is fresh", () => {
    const { session, file, a } = marked();
    expect(session.do({ kind: "ftruncate", file, length: 100 })).toEqual(ok);
    expect(session.load(a + 4096n)).toEqual(signal("BUS_ADRERR", a + 4096n));
    session.do({ kind: "ftruncate", file, length: 3 * page });
    expect([session.tags(a), session.tags(a + 4096n)]).toEqual(["6", "0"]);
    expect(session.peek(a + 99n, 2)).toEqual([1, 0]);
  });

  test("truncation takes private copies along, a hole does not", () => {
    const { session, file } = marked();
    const b = session.mmap("rwm", 2 * page, ["private"], { file });
    session.setTags(b, 9, 2 * page);
    session.do({ kind: "punch", file, offset: page, length: page });
    expect(session.tags(b + 4096n)).toBe("9");
    session.do({ kind: "ftruncate", file, length: page });
    expect(session.tags(b)).toBe("9");
    expect(session.load(tagged(b + 4096n, 9))).toEqual(signal("BUS_ADRERR", b + 4096n));
  });

  test("nonsense is refused; ramfs has no holes", () => {
    const { session, file } = marked();
    expect(session.do({ kind: "punch", file, offset: 0, length: 0 })).toEqual(failing("EINVAL"));
    expect(session.do({ kind: "ftruncate", file, length: -1 })).toEqual(failing("EINVAL"));
    const ram = session.number({ kind: "tmpfile", system: "ramfs", length: page });
    expect(session.do({ kind: "punch", file: ram, offset: 0, length: page })).toEqual(
      failing("EOPNOTSUPP"),
    );
  });
});
