/** Swap, swapoff, migration, merging, huge pages, madvise: bytes and tags come through. */
import { describe, expect, test } from "vitest";
import {
  done,
  failing,
  huge,
  no,
  ok,
  page,
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

/** A page with tag 9 everywhere and 5 as its first byte. */
const marked = (session: Session, flags: readonly ("private" | "shared" | "anon")[]) => {
  const a = session.mmap("rwm", page, flags);
  session.setTags(a, 9);
  session.poke(a, 5);
  return a;
};

describe("swap", () => {
  test.each(["private", "shared"] as const)("%s memory comes back with its tags", (kind) => {
    const session = fresh();
    const a = marked(session, [kind, "anon"]);
    expect(session.pageout(a)).toEqual(yes);
    expect(session.do({ kind: "present", address: a })).toEqual(no);
    expect(session.load(tagged(a, 8))).toEqual(signal("SEGV_MTESERR", a));
    expect(session.load(tagged(a, 9))).toEqual(value(5n));
    session.pageout(a);
    session.setTags(a + 16n, 3, 16);
    expect(session.tags(a, 3)).toBe("939");
  });

  test("after fork both have the tags, and then their own", () => {
    const session = fresh();
    const a = marked(session, ["private", "anon"]);
    session.pageout(a);
    session.fork();
    session.as("c", () => session.setTags(a, 2, 16));
    expect(session.as("c", () => session.tags(a, 2))).toBe("29");
    expect(session.tags(a, 2)).toBe("99");
    session.as("c", () => session.do({ kind: "munmap", address: a, length: page }));
    expect([session.tags(a), session.peek(a)]).toEqual(["9", [5]]);
  });

  test("what is discarded on swap is gone with its tags", () => {
    for (const discard of ["dontneed", "dontneed_locked"] as const) {
      const session = fresh();
      const a = marked(session, ["private", "anon"]);
      session.pageout(a);
      session.madvise(a, discard);
      expect([session.tags(a), session.peek(a)]).toEqual(["0", [0]]);
    }
  });

  test("a page without tags has none when it comes back", () => {
    const session = fresh();
    const a = session.mmap("rw");
    session.poke(a, 5);
    session.pageout(a);
    expect(session.load(tagged(a, 9))).toEqual(value(5n));
  });

  test("swapoff brings everything back; without swap nothing goes", () => {
    const session = fresh();
    const [a, b] = [marked(session, ["private", "anon"]), marked(session, ["shared", "anon"])];
    session.pageout(a);
    session.pageout(b);
    expect(session.do({ kind: "swapoff" })).toEqual(ok);
    expect(session.do({ kind: "present", address: a })).toEqual(yes);
    expect([session.tags(a), session.tags(b)]).toEqual(["9", "9"]);
    expect(session.pageout(a)).toEqual(no);
    expect(session.do({ kind: "swapoff" })).toEqual(failing("EINVAL"));
    expect(session.do({ kind: "swapon" })).toEqual(ok);
    expect(session.do({ kind: "swapon" })).toEqual(failing("EBUSY"));
    expect(session.pageout(a)).toEqual(yes);
  });

  test("a private mapping of a file in memory swaps its own pages and the file's", () => {
    const session = fresh();
    const file = session.memfd(2 * page);
    const a = session.mmap("rwm", 2 * page, ["private"], { file });
    session.setTags(a, 9);
    expect(session.tags(a + 4096n)).toBe("0");
    expect(session.pageout(a, 2 * page)).toEqual(yes);
    expect(session.do({ kind: "present", address: a + 4096n })).toEqual(no);
    expect([session.tags(a), session.tags(a + 4096n)]).toEqual(["9", "0"]);
  });

  test("memory that was never touched, and files on disk, have nothing to swap", () => {
    const session = fresh();
    expect(session.pageout(session.mmap())).toEqual(no);
    const file = session.number({ kind: "tmpfile", system: "ext4", length: page });
    const a = session.mmap("rw", page, ["shared"], { file });
    session.poke(a, 1);
    expect(session.pageout(a)).toEqual(no);
  });
});

describe("migration", () => {
  test("moves the page for everybody, with its tags", () => {
    const session = fresh();
    const file = session.memfd();
    const [a, b] = [0, 1].map(() => session.mmap("rwm", page, ["shared"], { file }));
    if (a === undefined || b === undefined) throw new Error("no mapping");
    session.setTags(a, 9);
    expect(session.do({ kind: "migrate", address: a })).toEqual(yes);
    expect(session.do({ kind: "pfneq", a, b })).toEqual(yes);
    expect(session.tags(b)).toBe("9");
  });

  test("there has to be a page; soft offlining is a migration", () => {
    const session = fresh();
    const a = session.mmap();
    expect(session.do({ kind: "migrate", address: a })).toEqual(no);
    session.setTags(a, 9);
    expect(session.madvise(a, "soft_offline")).toEqual(ok);
    expect(session.tags(a, 2)).toBe("99");
  });
});

describe("merging", () => {
  const two = (letters: readonly [string, string], byte = 7) => {
    const session = fresh();
    const [a, b] = [session.mmap(letters[0]), session.mmap(letters[1])];
    for (const at of [a, b]) {
      session.poke(at, ...Array(page).fill(byte));
      session.madvise(at, "mergeable");
    }
    return { session, a, b, ksm: { kind: "ksm", a, b, zero: false } as const };
  };

  test("equal untagged pages share a frame until one is written", () => {
    const { session, a, b, ksm } = two(["rw", "rw"]);
    expect(session.do(ksm)).toEqual(yes);
    session.poke(a, 1);
    expect([session.peek(a), session.peek(b)]).toEqual([[1], [7]]);
    expect(session.do({ kind: "pfneq", a, b })).toEqual(no);
  });

  test("unequal ones do not", () => {
    const { session, a, ksm } = two(["rw", "rw"]);
    session.poke(a + 4095n, 1);
    expect(session.do(ksm)).toEqual(no);
  });

  test.each([
    ["rwm", "rwm"],
    ["rwm", "rw"],
    ["rw", "rwm"],
  ] as const)("%s and %s do not: a flag is enough", (...letters) => {
    const { session, ksm } = two(letters);
    expect(session.do(ksm)).toEqual(no);
  });

  test("a page that was tagged once does not merge after mprotect either", () => {
    const { session, a, b, ksm } = two(["rw", "rw"]);
    session.mprotect(a, "rwm");
    expect(session.do(ksm)).toEqual(no);
    expect(session.tags(b)).toBe("0");
  });

  test("pages of zeroes become the zero page, if they have no tags", () => {
    const plain = two(["rw", "rw"], 0);
    expect(plain.session.do({ ...plain.ksm, zero: true })).toEqual(yes);
    const { session, ksm } = two(["rwm", "rwm"], 0);
    expect(session.do({ ...ksm, zero: true })).toEqual(no);
  });

  test("only where it is asked for, and only private memory", () => {
    const { session, a, ksm } = two(["rw", "rw"]);
    session.madvise(a, "unmergeable");
    expect(session.do(ksm)).toEqual(no);
    const shared = fresh();
    const s = shared.mmap("rw", 2 * page, ["shared", "anon"]);
    shared.poke(s, ...Array(2 * page).fill(7));
    expect(shared.madvise(s, "mergeable", 2 * page)).toEqual(ok);
    expect(shared.do({ kind: "ksm", a: s, b: s + 4096n, zero: false })).toEqual(no);
  });

  test("a merged page that gets PROT_MTE has tag 0, and its twin none", () => {
    const { session, a, b, ksm } = two(["rw", "rw"]);
    session.do(ksm);
    session.mprotect(a, "rwm");
    session.setTags(a, 4);
    session.mprotect(b, "rwm");
    expect([session.tags(a), session.tags(b)]).toEqual(["4", "0"]);
  });
});

describe("huge pages", () => {
  const block = (letters = "rwm") => {
    const session = fresh();
    const a = session.mmap(letters, 2 * huge, ["private", "anon"], { align: huge });
    session.madvise(a, "hugepage", huge);
    return { session, a, isthp: { kind: "isthp", address: a } as const };
  };

  test("a first touch fills the block with tag 0", () => {
    const { session, a, isthp } = block();
    session.store(a);
    expect(session.outcomes(isthp)).toEqual([yes]);
    expect(session.tags(a, huge / 16)).toBe("0".repeat(huge / 16));
    expect(session.do({ kind: "present", address: a + 4096n })).toEqual(yes);
  });

  test("where none was asked for it may be one or not, and with nohugepage not", () => {
    const { session, a } = block();
    const second = a + BigInt(huge);
    session.store(second);
    expect(session.outcomes({ kind: "isthp", address: second })).toEqual([yes, no]);
    const none = block();
    none.session.madvise(none.a, "nohugepage", huge);
    none.session.store(none.a);
    expect(none.session.outcomes(none.isthp)).toEqual([no]);
  });

  test("part of it can go, be protected, be copied: the rest keeps its tags", () => {
    const { session, a, isthp } = block();
    session.setTags(a, 0, huge, 1);
    session.madvise(a + 8192n, "dontneed");
    expect(session.outcomes(isthp)).toEqual([yes, no]);
    expect([session.tags(a + 8176n), session.tags(a + 8208n), session.tags(a + 12304n)]).toEqual([
      "f",
      "0",
      "1",
    ]);
    session.fork();
    session.as("c", () => {
      session.store(a + 1_048_576n);
      expect(session.tags(a + 1_048_576n, 16)).toBe("0123456789abcdef");
    });
    expect(session.tags(a + BigInt(huge) - 32n, 2)).toBe("ef");
  });

  test("PROT_MTE on one of its pages leaves the others untagged", () => {
    const { session, a } = block("rw");
    session.poke(a + 4096n, 3);
    session.mprotect(a + 4096n, "rwm");
    session.setTags(a + 4096n, 2);
    expect(session.load(tagged(a + 4096n, 2))).toEqual(value(3n));
    expect(session.load(tagged(a, 2))).toEqual(value(0n));
    expect(session.tags(a + 8192n)).toBe("0");
  });

  test("collapsing keeps tags; swap splits", () => {
    const session = fresh();
    const a = session.mmap("rwm", huge, ["private", "anon"], { align: huge });
    session.madvise(a, "nohugepage", huge);
    session.setTags(a, 6, 16);
    expect(session.madvise(a, "collapse", huge)).toEqual(ok);
    expect(session.outcomes({ kind: "isthp", address: a })).toEqual([yes]);
    expect(session.tags(a, 2)).toBe("60");
    expect(session.pageout(a, huge)).toEqual(yes);
    expect(session.outcomes({ kind: "isthp", address: a })).toEqual([yes, no]);
    expect(session.tags(a, 2)).toBe("60");
  });
});

describe("the zero page", () => {
  test("is read with tag 0, and never written", () => {
    const session = fresh();
    const [a, b] = [session.mmap("rw"), session.mmap("rw")];
    session.load(a);
    session.load(b);
    expect(session.do({ kind: "pfneq", a, b })).toEqual(yes);
    session.mprotect(a, "rwm");
    expect(session.tags(a)).toBe("0");
    expect(session.load(tagged(a, 1))).toEqual(signal("SEGV_MTESERR", a));
    session.setTags(a, 5);
    expect(session.load(tagged(a, 5))).toEqual(value(0n));
    session.mprotect(b, "rwm");
    expect(session.tags(b)).toBe("0");
  });

  test("where a huge page could be it may be the huge one", () => {
    const session = fresh();
    const a = session.mmap("rwm", huge, ["private", "anon"], { align: huge });
    session.load(a);
    session.load(a + 4096n);
    expect(session.outcomes({ kind: "isthp", address: a })).toEqual([yes, no]);
    expect(session.outcomes({ kind: "pfneq", a, b: a + 4096n })).toEqual([yes, no]);
    session.store(a);
    expect(session.outcomes({ kind: "isthp", address: a })).toEqual([yes, no]);
  });
});

describe("madvise", () => {
  test("DONTNEED: private memory is zeroes with tag 0, a file shows itself again", () => {
    const session = fresh();
    const a = marked(session, ["private", "anon"]);
    expect(session.madvise(tagged(a, 5), "dontneed")).toEqual(ok);
    expect([session.tags(a), session.peek(a)]).toEqual(["0", [0]]);
    const b = marked(session, ["shared", "anon"]);
    session.madvise(b, "dontneed");
    expect([session.tags(b), session.peek(b)]).toEqual(["9", [5]]);
  });

  test("FREE: kept or gone, until something is written", () => {
    const session = fresh();
    const a = marked(session, ["private", "anon"]);
    session.madvise(a, "free");
    const read = { kind: "read-tags", address: a, granules: 1 } as const;
    expect(session.outcomes(read)).toEqual([
      { kind: "tags", tags: Uint8Array.of(9) },
      { kind: "tags", tags: Uint8Array.of(0) },
    ]);
    session.setTags(a, 9, 16);
    expect(session.outcomes(read)).toEqual([{ kind: "tags", tags: Uint8Array.of(9) }]);
    session.madvise(a, "free");
    session.pageout(a);
    expect(session.tags(a)).toBe("0");
  });

  test("FREE of many pages: all or none", () => {
    const session = fresh();
    const a = session.mmap("rwm", 5 * page);
    session.setTags(a, 9, 5 * page);
    session.madvise(a, "free", 5 * page);
    expect(session.may({ kind: "scan", address: tagged(a, 9), length: 5 * page })).toHaveLength(2);
    expect(session.may({ kind: "scan", address: tagged(a, 9), length: 2 * page })).toHaveLength(4);
  });

  test.each(["normal", "random", "willneed", "cold", "dodump", "sequential"] as const)(
    "%s changes nothing",
    (advice) => {
      const session = fresh();
      const a = marked(session, ["private", "anon"]);
      expect(session.madvise(a, advice)).toEqual(ok);
      expect([session.tags(a), session.peek(a)]).toEqual(["9", [5]]);
    },
  );

  test("POPULATE makes pages present, with tag 0", () => {
    for (const advice of ["populate_read", "populate_write"] as const) {
      const session = fresh();
      const a = session.mmap();
      expect(session.madvise(a, advice)).toEqual(ok);
      expect(session.do({ kind: "present", address: a })).toEqual(yes);
      expect(session.tags(a)).toBe("0");
    }
  });

  test("REMOVE and PAGEOUT act at once", () => {
    const session = fresh();
    const a = marked(session, ["shared", "anon"]);
    session.madvise(a, "pageout");
    expect(session.do({ kind: "present", address: a })).toEqual(no);
    expect(session.madvise(a, "remove")).toEqual(ok);
    expect([session.tags(a), session.peek(a)]).toEqual(["0", [0]]);
  });

  test("advice that does not fit is refused", () => {
    const session = fresh();
    const [a, b] = [session.mmap(), session.mmap("rw", page, ["shared", "anon"])];
    expect(session.madvise(a + 8n, "dontneed")).toEqual(failing("EINVAL"));
    expect(session.madvise(a, "remove")).toEqual(failing("EINVAL"));
    expect(session.madvise(b, "free")).toEqual(failing("EINVAL"));
    expect(session.madvise(b, "wipeonfork")).toEqual(failing("EINVAL"));
    session.mprotect(b, "r");
    expect(session.madvise(b, "remove")).toEqual(failing("EACCES"));
    expect(session.madvise(b, "populate_write")).toEqual(failing("EFAULT"));
    expect(session.madvise(a, "dontneed", 2 * page)).toEqual(failing("ENOMEM"));
    session.do({ kind: "mlock", address: a, length: page });
    for (const advice of ["dontneed", "cold", "pageout"] as const)
      expect(session.madvise(a, advice)).toEqual(failing("EINVAL"));
    expect(session.madvise(a, "dontneed_locked")).toEqual(ok);
  });

  test("what is before a hole is done", () => {
    const session = fresh();
    const a = marked(session, ["private", "anon"]);
    expect(session.madvise(a, "dontneed", 2 * page)).toEqual(failing("ENOMEM"));
    expect(session.tags(a)).toBe("0");
    expect(session.store(a)).toEqual(done);
  });
});
