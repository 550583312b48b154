/** mmap, munmap, mprotect, mremap, mlock, brk, shmat: tags, and what is refused. */
import { describe, expect, test } from "vitest";
import {
  failing,
  huge,
  kernel,
  no,
  ok,
  page,
  protection,
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

describe("mmap", () => {
  test("memory with PROT_MTE starts with tag 0 and zeroes", () => {
    const session = fresh();
    for (const kind of ["private", "shared"] as const) {
      const a = session.mmap("rwm", 2 * page, [kind, "anon"]);
      expect(session.tags(a + 4080n, 2)).toBe("00");
      expect(session.load(a)).toEqual(value(0n));
      expect(session.load(tagged(a, 1))).toEqual(signal("SEGV_MTESERR", a));
    }
  });

  test("memory without it has no tags and is not checked", () => {
    const session = fresh();
    const a = session.mmap("rw");
    session.setTags(a, 5);
    expect(session.tags(a)).toBe("0");
    expect(session.load(tagged(a, 9))).toEqual(value(0n));
    expect(session.do({ kind: "smaps", address: a })).toEqual(no);
  });

  test.each([
    ["tmpfs", true],
    ["ramfs", false],
    ["ext4", false],
  ] as const)("a file of %s", (system, takes) => {
    const session = fresh();
    const file = session.number({ kind: "tmpfile", system, length: page });
    for (const kind of ["private", "shared"] as const) {
      const act = session.mmapAct("rwm", page, [kind], { file });
      if (!takes) expect(session.outcomes(act)).toEqual([failing("EINVAL")]);
      const a = session.mmap("rw", page, [kind], { file });
      expect(session.mprotect(a, "rwm")).toEqual(takes ? ok : failing("EINVAL"));
      if (takes) expect(session.tags(session.pointer(act))).toBe("0");
      expect(session.mprotect(a, "r")).toEqual(ok);
    }
  });

  test.each([
    ["6.1", false],
    ["6.12", false],
    ["6.13", true],
    ["7.3", true],
  ])("hugetlb memory on %s", (version, takes) => {
    const session = new Session(kernel(version));
    const flags = ["private", "anon", "hugetlb"] as const;
    const [outcome] = session.outcomes(session.mmapAct("rwm", 1, flags));
    expect(outcome).toMatchObject(takes ? { kind: "pointer" } : failing("EINVAL"));
    const a = session.mmap("rw", huge, flags);
    expect(session.mprotect(a, "rwm", huge)).toEqual(takes ? ok : failing("EINVAL"));
    if (takes) {
      session.setTags(a, 5, huge);
      expect(session.tags(a + BigInt(huge) - 16n)).toBe("5");
    }
  });

  test("refuses nonsense", () => {
    const session = fresh();
    const a = session.mmap("rw");
    const anon = ["private", "anon"] as const;
    const fixed = ["private", "anon", "fixed"] as const;
    const outcomes = (...args: Parameters<Session["mmapAct"]>) =>
      session.outcomes(session.mmapAct(...args));
    expect(outcomes("rw", 0, anon)).toEqual([failing("EINVAL")]);
    expect(outcomes("rw", page, ["anon"])).toEqual([failing("EINVAL")]);
    expect(outcomes("rw", page, ["private", "shared", "anon"])).toEqual([failing("EINVAL")]);
    expect(outcomes("rw", page, ["private"])).toEqual([failing("EBADF")]);
    expect(outcomes("rw", page, ["private"], { file: 99 })).toEqual([failing("EBADF")]);
    expect(outcomes("rw", page, fixed, { address: a + 8n })).toEqual([failing("EINVAL")]);
    const file = session.memfd();
    expect(outcomes("rw", page, ["shared"], { file, offset: 5 })).toEqual([failing("EINVAL")]);
    const noreplace = ["private", "anon", "fixed_noreplace"] as const;
    expect(outcomes("rw", page, noreplace, { address: a })).toEqual([failing("EEXIST")]);
  });

  test("a place that is asked for has no tag; a hint with one is ignored", () => {
    const session = fresh();
    const a = session.mmap("rw", page, ["private", "anon", "fixed"], { address: 0x7000000n });
    expect(a).toBe(0x7000000n);
    const address = tagged(0x8000000n, 3);
    expect(
      session.outcomes(session.mmapAct("rw", page, ["private", "anon", "fixed"], { address })),
    ).toEqual([failing("ENOMEM")]);
    expect(session.mmap("rw", page, ["private", "anon"], { address })).not.toBe(0x8000000n);
    expect(session.mmap("rw", page, ["private", "anon"], { address: 0x8000000n })).toBe(0x8000000n);
  });

  test("MAP_FIXED replaces what was there, tags and all", () => {
    const session = fresh();
    const a = session.mmap();
    session.setTags(a, 7);
    session.mmap("rwm", page, ["private", "anon", "fixed"], { address: a });
    expect(session.tags(a)).toBe("0");
  });

  test("MAP_POPULATE makes pages present", () => {
    const session = fresh();
    const a = session.mmap("rwm", page, ["private", "anon", "populate"]);
    expect(session.do({ kind: "present", address: a })).toEqual(yes);
    const b = session.mmap();
    expect(session.do({ kind: "present", address: b })).toEqual(no);
  });

  test("places are aligned as asked, and never overlap", () => {
    const session = fresh();
    const a = session.mmap("rw", page, ["private", "anon"], { align: huge });
    expect(a % BigInt(huge)).toBe(0n);
    const b = session.mmap("rw", huge);
    expect(b >= a + BigInt(page)).toBe(true);
  });
});

describe("heap, stack and System V memory", () => {
  test("take PROT_MTE, and start without", () => {
    const session = fresh();
    const places = [
      session.pointer({ kind: "brkalloc", length: 100 }),
      session.pointer({ kind: "stackvar" }),
      session.pointer({ kind: "shmat", length: page, address: null }),
    ];
    expect(new Set(places).size).toBe(3);
    for (const a of places) {
      expect(session.do({ kind: "smaps", address: a })).toEqual(no);
      expect(session.mprotect(a, "rwm")).toEqual(ok);
      session.setTags(a, 4, 16);
      expect(session.tags(a, 2)).toBe("40");
    }
  });

  test("the heap grows upwards", () => {
    const session = fresh();
    const a = session.pointer({ kind: "brkalloc", length: page + 1 });
    expect(session.pointer({ kind: "brkalloc", length: 1 })).toBe(a + BigInt(2 * page));
  });

  test("shmat takes no tag, no mapped place, and shares with children", () => {
    const session = fresh();
    const a = session.mmap("rw");
    expect(session.outcomes({ kind: "shmat", length: page, address: tagged(a, 3) })).toEqual([
      failing("ENOMEM"),
    ]);
    expect(session.outcomes({ kind: "shmat", length: page, address: a })).toEqual([
      failing("EINVAL"),
    ]);
    const b = session.pointer({ kind: "shmat", length: page, address: null });
    session.fork();
    session.as("c", () => session.poke(b, 7));
    expect(session.peek(b)).toEqual([7]);
  });
});

describe("munmap", () => {
  test("discards tags, by a tagged pointer too", () => {
    const session = fresh();
    const a = session.mmap("rwm", 2 * page);
    session.setTags(a, 5, 2 * page);
    expect(session.do({ kind: "munmap", address: tagged(a, 5), length: page })).toEqual(ok);
    expect(session.load(a)).toEqual(signal("SEGV_MAPERR", a));
    expect(session.tags(a + 4096n)).toBe("5");
    session.mmap("rwm", page, ["private", "anon", "fixed"], { address: a });
    expect(session.tags(a)).toBe("0");
  });

  test("takes whole pages, and huge ones of hugetlb whole", () => {
    const session = fresh();
    const a = session.mmap("rw", huge, ["private", "anon", "hugetlb"]);
    for (const [address, length] of [
      [a + 8n, page],
      [a, 0],
      [a, page],
    ] as const)
      expect(session.do({ kind: "munmap", address, length })).toEqual(failing("EINVAL"));
    expect(session.do({ kind: "munmap", address: a, length: huge })).toEqual(ok);
  });
});

describe("mprotect", () => {
  test("never clears PROT_MTE", () => {
    const session = fresh();
    const a = session.mmap();
    session.setTags(a, 3);
    expect(session.mprotect(a, "rw")).toEqual(ok);
    expect(session.tags(a)).toBe("3");
    expect(session.load(a)).toEqual(signal("SEGV_MTESERR", a));
    expect(session.do({ kind: "smaps", address: a })).toEqual(yes);
  });

  test("enabling tags keeps bytes and gives tag 0; doing it again changes nothing", () => {
    const session = fresh();
    const a = session.mmap("rw");
    session.poke(a, 90);
    session.mprotect(a, "rwm");
    expect([session.peek(a), session.tags(a)]).toEqual([[90], "0"]);
    session.setTags(a, 3);
    session.mprotect(tagged(a, 9), "rwm");
    expect(session.tags(a)).toBe("3");
  });

  test("a page that was swapped out untagged comes back with tag 0", () => {
    const session = fresh();
    const a = session.mmap("rw");
    session.poke(a, 90);
    session.pageout(a);
    session.mprotect(a, "rwm");
    expect([session.tags(a), session.peek(a)]).toEqual(["0", [90]]);
  });

  test("takes permissions away", () => {
    const session = fresh();
    const a = session.mmap();
    session.mprotect(a, "rm");
    expect(session.do({ kind: "ldg", address: a, base: a })).toMatchObject({ kind: "pointer" });
    expect(session.setTags(a, 1)).toEqual(signal("SEGV_ACCERR", a));
    expect(session.store(tagged(a, 9))).toEqual(signal("SEGV_ACCERR", a));
    session.mprotect(a, "");
    expect(session.load(a)).toEqual(signal("SEGV_ACCERR", a));
    expect(session.do({ kind: "ldg", address: a, base: a })).toEqual(signal("SEGV_ACCERR", a));
    session.mprotect(a, "w");
    expect(session.load(a)).toEqual(value(0n));
  });

  test("stops at a hole, and what is before it is changed", () => {
    const session = fresh();
    const a = session.mmap("rw", 3 * page);
    session.do({ kind: "munmap", address: a + 4096n, length: page });
    expect(session.mprotect(a, "rm", 3 * page)).toEqual(failing("ENOMEM"));
    expect(session.store(a)).toEqual(signal("SEGV_ACCERR", a));
    expect(session.store(a + 8192n)).toEqual({ kind: "done" });
  });

  test("length 0 does nothing; a misaligned start is EINVAL; so is a key nobody allocated", () => {
    const session = fresh();
    const a = session.mmap("rw");
    expect(session.mprotect(a, "", 0)).toEqual(ok);
    expect(session.mprotect(a + 8n, "r")).toEqual(failing("EINVAL"));
    const keyed = (key: number) =>
      session.do({
        kind: "pkey_mprotect",
        address: a,
        length: page,
        protection: protection("rwm"),
        key,
      });
    expect(keyed(3)).toEqual(failing("EINVAL"));
    expect(keyed(-1)).toEqual(ok);
    expect(session.do({ kind: "smaps", address: a })).toEqual(yes);
  });
});

describe("mremap", () => {
  test("tags and PROT_MTE move along", () => {
    const session = fresh();
    const a = session.mmap();
    session.setTags(a, 0, page, 1);
    session.poke(a, 5);
    const moving = { ...session.remap(a, page, page, ["maymove"]), force: true };
    const b = session.pointer(moving);
    expect(b).not.toBe(a);
    expect(session.tags(b, 16)).toBe("0123456789abcdef");
    expect(session.peek(b)).toEqual([5]);
    expect(session.do({ kind: "smaps", address: b })).toEqual(yes);
    expect(session.load(a)).toEqual(signal("SEGV_MAPERR", a));
  });

  test("growing keeps the old tags and adds tag 0; without MAYMOVE it may fail", () => {
    const session = fresh();
    const a = session.mmap();
    session.setTags(a, 3);
    const inPlace = session.remap(tagged(a, 3), page, 2 * page);
    expect(session.outcomes(inPlace)).toEqual([{ kind: "pointer", pointer: a }, failing("ENOMEM")]);
    for (const choice of [0, 1]) {
      const again = fresh();
      const from = again.mmap();
      again.setTags(from, 3);
      const grown = again.do(again.remap(from, page, 2 * page, ["maymove"]), choice);
      const to = "pointer" in grown && typeof grown.pointer === "bigint" ? grown.pointer : 0n;
      expect(to === from).toBe(choice === 0);
      expect(again.tags(to + 4080n, 2)).toBe("30");
    }
  });

  test("shrinking gives the end back", () => {
    const session = fresh();
    const a = session.mmap("rwm", 2 * page);
    session.setTags(a, 3, 2 * page);
    expect(session.do(session.remap(a, 2 * page, page))).toEqual({ kind: "pointer", pointer: a });
    expect(session.tags(a)).toBe("3");
    expect(session.load(a + 4096n)).toEqual(signal("SEGV_MAPERR", a + 4096n));
  });

  test("old length 0 is a second mapping of shared memory", () => {
    const session = fresh();
    const a = session.mmap("rwm", page, ["shared", "anon"]);
    session.setTags(a, 6);
    const b = session.pointer(session.remap(a, 0, page, ["maymove"]));
    expect(session.tags(b)).toBe("6");
    session.setTags(b, 2, 16);
    expect(session.tags(a, 2)).toBe("26");
  });

  test("DONTUNMAP leaves an empty mapping behind", () => {
    const session = fresh();
    const a = session.mmap();
    session.setTags(a, 6);
    const b = session.pointer(session.remap(a, page, page, ["maymove", "dontunmap"]));
    expect([session.tags(a), session.tags(b)]).toEqual(["0", "6"]);
  });

  test("FIXED moves over what is there", () => {
    const session = fresh();
    const a = session.mmap();
    const b = session.mmap("rw");
    session.setTags(a, 6);
    const fixed = { ...session.remap(a, page, page, ["maymove", "fixed"]), to: b };
    expect(session.outcomes({ ...fixed, to: tagged(b, 5) })).toEqual([failing("EINVAL")]);
    expect(session.do(fixed)).toEqual({ kind: "pointer", pointer: b });
    expect(session.tags(b)).toBe("6");
  });

  test("a partial move takes part of a file along", () => {
    const session = fresh();
    const file = session.memfd(2 * page);
    const a = session.mmap("rwm", 2 * page, ["shared"], { file });
    session.setTags(a + 4096n, 6);
    const moving = { ...session.remap(a + 4096n, page, page, ["maymove"]), force: true };
    expect(session.tags(session.pointer(moving))).toBe("6");
  });

  test("refuses nonsense", () => {
    const session = fresh();
    const a = session.mmap("rw", 2 * page);
    const refused = (act: Parameters<Session["may"]>[0]) => session.outcomes(act);
    expect(refused(session.remap(a + 8n, page, page))).toEqual([failing("EINVAL")]);
    expect(refused(session.remap(a, page, 0))).toEqual([failing("EINVAL")]);
    expect(refused({ ...session.remap(a, page, page, ["fixed"]), to: a })).toEqual([
      failing("EINVAL"),
    ]);
    const onto = { ...session.remap(a, 2 * page, page, ["maymove", "fixed"]), to: a + 4096n };
    expect(refused(onto)).toEqual([failing("EINVAL")]);
    expect(refused(session.remap(a, 0, page, ["maymove"]))).toEqual([failing("EINVAL")]);
    expect(refused(session.remap(a, 2 * page, page, ["maymove", "dontunmap"]))).toEqual([
      failing("EINVAL"),
    ]);
    expect(refused(session.remap(a, 3 * page, page))).toEqual([failing("EFAULT")]);
    expect(refused(session.remap(0x900000000n, page, page))).toEqual([failing("EFAULT")]);
  });
});

describe("mlock", () => {
  test("makes pages present and keeps them from swap", () => {
    const session = fresh();
    const a = session.mmap();
    expect(session.do({ kind: "mlock", address: tagged(a, 4), length: page })).toEqual(ok);
    expect(session.do({ kind: "present", address: a })).toEqual(yes);
    expect(session.pageout(a)).toEqual(no);
    expect(session.do({ kind: "munlock", address: a + 8n, length: 1 })).toEqual(ok);
    expect(session.pageout(a)).toEqual(yes);
  });

  test("a hole is ENOMEM", () => {
    const session = fresh();
    const a = session.mmap("rw");
    expect(session.do({ kind: "mlock", address: a, length: 2 * page })).toEqual(failing("ENOMEM"));
  });
});
