/** userfaultfd: filling, moving, and what it refuses. */
import { describe, expect, test } from "vitest";
import {
  type Configuration,
  defaultConfiguration,
} from "../../../../model/contract/process/index.ts";
import { failing, kernel, page, returning, Session, tagged, value } from "./session.ts";

const refused = (errno: string, copied: number) => ({ kind: "not-copied", errno, copied });

/** A registered range of two pages, and a source with tag 6 full of 0x66. */
const registered = (configuration: Configuration = defaultConfiguration, letters = "rwm") => {
  const session = new Session(configuration);
  session.mode("sync");
  const a = session.mmap(letters, 2 * page);
  const from = session.mmap("rwm", 2 * page);
  session.setTags(from, 6, 2 * page);
  session.poke(from, ...Array(2 * page).fill(0x66));
  const file = session.number({ kind: "uffd", address: a, length: 2 * page });
  const copy = (source: bigint, length = page, to = a) =>
    session.do({ kind: "uffdcopy", file, to, from: source, length });
  const move = (source: bigint, length = page, to = a) =>
    session.do({ kind: "uffdmove", file, to, from: source, length });
  return { session, a, from, file, copy, move };
};

test("a missing page is waited for; one that was there before is not", () => {
  const { session, a } = registered();
  expect(session.load(a)).toEqual({ kind: "blocked" });
  expect(session.setTags(a, 1)).toEqual({ kind: "blocked" });
  const other = new Session();
  const b = other.mmap("rw");
  other.poke(b, 1);
  other.do({ kind: "uffd", address: b, length: page });
  expect(other.load(b)).toEqual(value(1n));
});

test("a child does not inherit the waiting", () => {
  const { session, a } = registered();
  session.fork();
  expect(session.as("c", () => session.load(a))).toEqual(value(0n));
});

test("registering needs untagged whole pages of memory that can be filled", () => {
  const { session, a } = registered();
  const ext4 = session.number({ kind: "tmpfile", system: "ext4", length: page });
  const b = session.mmap("rw", page, ["shared"], { file: ext4 });
  for (const address of [tagged(a, 1), a + 8n, 0x900000000n, b])
    expect(session.do({ kind: "uffd", address, length: page })).toEqual(failing("EINVAL"));
});

describe("UFFDIO_COPY", () => {
  test("brings bytes, and tag 0", () => {
    const { session, a, from, copy } = registered(kernel("6.1"));
    expect(copy(tagged(from, 6))).toEqual(returning(page));
    expect([session.peek(a), session.tags(a)]).toEqual([[0x66], "0"]);
    expect(session.store(a)).toEqual({ kind: "done" });
  });

  test("reads its source with checks", () => {
    const { session, from, copy } = registered();
    expect(copy(from)).toEqual(refused("EFAULT", -14));
    session.setTags(from, 0, page);
    expect(copy(from, 2 * page)).toEqual(refused("EAGAIN", page));
    session.mode("async");
    const a = session.mmap();
    const file = session.number({ kind: "uffd", address: a, length: page });
    const source = from + BigInt(page);
    expect(session.do({ kind: "uffdcopy", file, to: a, from: source, length: page })).toEqual(
      returning(page),
    );
  });

  test("takes a tagged source before 6.6, and no tagged target ever", () => {
    const newer = registered(kernel("6.6"));
    expect(newer.copy(tagged(newer.from, 6))).toEqual(failing("EINVAL"));
    const { a, from, copy } = registered(kernel("6.1"));
    expect(copy(tagged(from, 6), page, tagged(a, 1))).toEqual(failing("EINVAL"));
    expect(copy(tagged(from, 6), 100)).toEqual(failing("EINVAL"));
    expect(copy(tagged(from, 6), 0)).toEqual(failing("EINVAL"));
  });

  test("fills what is missing and registered, once", () => {
    const { session, from, copy } = registered(kernel("6.1"));
    const source = tagged(from, 6);
    copy(source);
    expect(copy(source)).toEqual(refused("EEXIST", -17));
    const b = session.mmap();
    expect(copy(source, page, b)).toEqual(refused("ENOENT", -2));
  });

  test("without the tagged address ABI a tagged source is EFAULT", () => {
    const { session, from, copy } = registered(kernel("6.1"));
    session.do({ kind: "prctl", control: 0n, rest: [0n, 0n, 0n] });
    expect(copy(tagged(from, 6))).toEqual(refused("EFAULT", -14));
  });
});

describe("UFFDIO_ZEROPAGE", () => {
  test("brings zeroes with tag 0, and tags can be stored", () => {
    const { session, a, file } = registered();
    const zero = { kind: "uffdzero", file, to: a, length: page } as const;
    expect(session.do(zero)).toEqual(returning(page));
    expect([session.peek(a), session.tags(a)]).toEqual([[0], "0"]);
    session.setTags(a, 3, 16);
    expect(session.tags(a, 2)).toBe("30");
    expect(session.do(zero)).toEqual(refused("EEXIST", -17));
    expect(session.do({ ...zero, to: tagged(a, 2) })).toEqual(failing("EINVAL"));
  });

  test("in shared memory the page is everybody's", () => {
    const session = new Session();
    const a = session.mmap("rwm", page, ["shared", "anon"]);
    session.fork();
    const file = session.number({ kind: "uffd", address: a, length: page });
    expect(session.load(a)).toEqual({ kind: "blocked" });
    session.do({ kind: "uffdzero", file, to: a, length: page });
    session.as("c", () => session.setTags(a, 4));
    expect(session.tags(a)).toBe("4");
    expect(session.do({ kind: "uffdzero", file, to: a, length: page })).toEqual(
      refused("EEXIST", -17),
    );
  });
});

describe("UFFDIO_MOVE", () => {
  test("moves the page with its tags", () => {
    const { session, a, from, move } = registered();
    expect(move(from)).toEqual(returning(page));
    expect([session.peek(a), session.tags(a), session.tags(from)]).toEqual([[0x66], "6", "0"]);
  });

  test("exists since 6.8", () => {
    const { from, move } = registered(kernel("6.7"));
    expect(move(from)).toEqual(failing("EINVAL"));
  });

  test("needs a page of its own, between mappings of one kind", () => {
    const { session, a, from, move } = registered();
    expect(move(tagged(from, 6))).toEqual(failing("EINVAL"));
    const empty = session.mmap();
    expect(move(empty)).toEqual(refused("ENOENT", -2));
    const plain = session.mmap("rw");
    session.poke(plain, 1);
    expect(move(plain)).toEqual(refused("EINVAL", -22));
    session.fork();
    expect(move(from)).toEqual(refused("EBUSY", -16));
    session.setTags(from, 2);
    expect(move(from, page, a + BigInt(page))).toEqual(returning(page));
  });
});
