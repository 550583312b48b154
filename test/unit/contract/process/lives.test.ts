/** fork, clone, execve, and what a page that two processes share is to each. */
import { describe, expect, test } from "vitest";
import {
  done,
  failing,
  no,
  page,
  returning,
  Session,
  signal,
  tagged,
  value,
  yes,
} from "./session.ts";

const fresh = () => {
  const session = new Session();
  session.mode("sync");
  return session;
};

const getprctl = { kind: "getprctl", rest: [0n, 0n, 0n, 0n] } as const;

describe("fork", () => {
  test.each(["c", "p"])("a tag that %s stores is its own", (writer) => {
    const session = fresh();
    const a = session.mmap();
    session.setTags(a, 6, 32);
    session.poke(a, 1);
    session.fork();
    session.as(writer, () => session.setTags(a, 8, 16));
    const seen = (by: string) => session.as(by, () => session.tags(a, 3));
    expect(seen(writer)).toBe("860");
    expect(seen(writer === "c" ? "p" : "c")).toBe("660");
  });

  test("a byte that one writes copies the page with every tag", () => {
    const session = fresh();
    const a = session.mmap();
    session.setTags(a, 0, page, 1);
    session.fork();
    session.as("c", () => {
      expect(session.store(a, 9n)).toEqual(done);
      expect(session.tags(a, 16)).toBe("0123456789abcdef");
    });
    expect(session.peek(a)).toEqual([0]);
    expect(session.tags(a, 16)).toBe("0123456789abcdef");
  });

  test("shared memory stays shared, tags too", () => {
    const session = fresh();
    const a = session.mmap("rwm", page, ["shared", "anon"]);
    session.fork();
    session.as("c", () => session.setTags(a, 8, 16));
    expect(session.tags(a, 2)).toBe("80");
    expect(session.load(a)).toEqual(signal("SEGV_MTESERR", a));
  });

  test("mode, mask and TCO are inherited, and then each has its own", () => {
    const session = fresh();
    session.mode("async", 0x00f0);
    session.do({ kind: "tco", value: 1 });
    session.fork();
    expect(session.as("c", () => session.do(getprctl))).toEqual(returning(0x785));
    const a = session.mmap();
    session.fork("d");
    const d = session.as("d", () => session.do(session.storeAct(tagged(a, 9))));
    expect(d).toEqual(done);
    session.as("c", () => session.mode("sync"));
    expect(session.do(getprctl)).toEqual(returning(0x785));
  });

  test("grandchildren have what their parent had", () => {
    const session = fresh();
    const a = session.mmap();
    session.setTags(a, 1, 16);
    session.fork();
    session.as("c", () => {
      session.setTags(a, 2, 16);
      session.fork("d");
    });
    session.as("d", () => session.setTags(a, 3, 16));
    expect(["p", "c", "d"].map((by) => session.as(by, () => session.tags(a)))).toEqual([
      "1",
      "2",
      "3",
    ]);
  });

  test("WIPEONFORK empties the child's memory, DONTFORK leaves it out", () => {
    const session = fresh();
    const a = session.mmap("rwm", 2 * page);
    const b = session.mmap();
    session.setTags(a, 4, 2 * page);
    session.poke(a, 9);
    session.madvise(a, "wipeonfork");
    session.madvise(b, "dontfork");
    session.fork();
    session.as("c", () => {
      expect([session.tags(a), session.peek(a), session.tags(a + 4096n)]).toEqual(["0", [0], "4"]);
      expect(session.do({ kind: "smaps", address: a })).toEqual(yes);
      expect(session.load(b)).toEqual(signal("SEGV_MAPERR", b));
    });
    expect([session.tags(a), session.peek(a)]).toEqual(["4", [9]]);
    session.madvise(a, "keeponfork");
    session.madvise(b, "dofork");
    session.fork("d");
    session.as("d", () => expect([session.tags(a), session.tags(b)]).toEqual(["4", "0"]));
  });

  test("locks are not inherited", () => {
    const session = fresh();
    const a = session.mmap();
    session.do({ kind: "mlock", address: a, length: page });
    session.fork();
    expect(session.as("c", () => session.pageout(a))).toEqual(yes);
  });
});

test("exec starts afresh", () => {
  const session = fresh();
  const a = session.mmap();
  session.do({ kind: "tco", value: 1 });
  session.do({ kind: "exposetag", value: 1 });
  session.do({ kind: "exec", as: "e" });
  session.as("e", () => {
    expect(session.do(getprctl)).toEqual(returning(0));
    expect(session.load(a)).toEqual(signal("SEGV_MAPERR", a));
    const stack = session.pointer({ kind: "stackvar" });
    expect(session.do({ kind: "smaps", address: stack })).toEqual(no);
    session.mode("sync");
    const b = session.mmap();
    expect(session.load(tagged(b, 5))).toEqual(signal("SEGV_MTESERR", b));
    const irg = { kind: "irg", source: b, exclude: 0n } as const;
    expect(session.outcomes(irg)).toHaveLength(15);
  });
});

test("threads share memory and have modes of their own", () => {
  const session = fresh();
  const a = session.mmap();
  session.setTags(a, 8, 16);
  session.do({ kind: "thread", as: "t" });
  session.as("t", () => {
    expect(session.do(getprctl)).toEqual(returning(0x7fff3));
    session.mode("async");
    expect(session.store(tagged(a, 9))).toEqual({ ...done, reports: 1 });
  });
  expect(session.store(tagged(a, 9), 2n)).toEqual(signal("SEGV_MTESERR", a));
  expect(session.peek(a)).toEqual([1]);
  session.do({ kind: "exit" });
  expect(session.do(getprctl)).toEqual(failing("ESRCH"));
  expect(session.as("t", () => session.load(tagged(a, 8)))).toEqual(value(1n));
});
