/** ptrace, register sets, core dumps. */
import { describe, expect, test } from "vitest";
import { failing, page, returning, Session, signal, tagged, value } from "./session.ts";

const traced = () => {
  const session = new Session();
  session.mode("sync");
  const a = session.mmap("rwm", 2 * page);
  session.setTags(a, 1, 64, 1);
  session.fork();
  const peek = (address: bigint, granules: number) =>
    session.do({ kind: "peektags", of: "c", address, granules });
  const poke = (address: bigint, ...tags: readonly number[]) =>
    session.do({ kind: "poketags", of: "c", address, tags });
  return { session, a, peek, poke };
};

const tags = (...row: readonly number[]) => ({ kind: "tags", tags: Uint8Array.from(row) });

describe("PEEKMTETAGS", () => {
  test("gives one tag a byte, from the granule of the address on", () => {
    const { a, peek } = traced();
    expect(peek(a, 5)).toEqual(tags(1, 2, 3, 4, 0));
    expect(peek(a + 24n, 2)).toEqual(tags(2, 3));
    expect(peek(tagged(a, 9), 1)).toEqual(tags(1));
  });

  test("stops where PROT_MTE does, and is EIO where not one tag is to be had", () => {
    const { session, a, peek, poke } = traced();
    session.as("c", () => session.setTags(a + 8160n, 3, 32));
    expect(peek(a + 8160n, 8)).toEqual(tags(3, 3));
    const plain = session.as("c", () => session.mmap("rw"));
    for (const address of [plain, 0x900000000n, a + 8192n]) {
      expect(peek(address, 2)).toEqual(failing("EIO"));
      expect(poke(address, 2)).toEqual(failing("EIO"));
    }
  });

  test("reads over pages, from swap, and whatever the protection", () => {
    const { session, a, peek } = traced();
    session.as("c", () => {
      session.setTags(a + 4080n, 7, 32);
      session.pageout(a, 2 * page);
      session.mprotect(a, "", 2 * page);
    });
    expect(peek(a + 4080n, 2)).toEqual(tags(7, 7));
  });

  test("needs another process that is there", () => {
    const { session, a } = traced();
    const act = { kind: "peektags", address: a, granules: 1 } as const;
    expect(session.do({ ...act, of: "nobody" })).toEqual(failing("ESRCH"));
    expect(session.do({ ...act, of: "p" })).toEqual(failing("EPERM"));
    const poke = { kind: "poketags", address: a, tags: [1] } as const;
    expect(session.do({ ...poke, of: "nobody" })).toEqual(failing("ESRCH"));
  });
});

describe("POKEMTETAGS", () => {
  test("stores the low four bits in the tracee's own page", () => {
    const { session, a, peek, poke } = traced();
    expect(poke(a, 4, 0x17, 0x10)).toEqual(returning(3));
    expect(peek(a, 4)).toEqual(tags(4, 7, 0, 4));
    expect(session.tags(a, 4)).toBe("1234");
    expect(session.as("c", () => session.load(tagged(a, 4)))).toEqual(value(0n));
    expect(session.as("c", () => session.load(tagged(a, 1)))).toEqual(signal("SEGV_MTESERR", a));
  });

  test("read-only memory too, if it is private", () => {
    const { session, a, peek, poke } = traced();
    session.as("c", () => session.mprotect(a, "r", 2 * page));
    expect(poke(a, 9)).toEqual(returning(1));
    expect(peek(a, 1)).toEqual(tags(9));
    const s = session.mmap("rm", page, ["shared", "anon"]);
    session.fork("d");
    const act = { kind: "poketags", of: "d", address: s, tags: [1] } as const;
    expect(session.do(act)).toEqual(failing("EIO"));
  });

  test("a page that was never touched is made", () => {
    const { a, peek, poke } = traced();
    expect(poke(a + 4096n, 5)).toEqual(returning(1));
    expect(peek(a + 4096n, 2)).toEqual(tags(5, 0));
  });
});

describe("NT_ARM_TAGGED_ADDR_CTRL", () => {
  test("reads and sets what prctl does", () => {
    const { session, a } = traced();
    expect(session.do({ kind: "getregset", of: "c" })).toEqual(returning(0x7fff3));
    const set = { kind: "setregset", of: "c", control: 0x7fff5n } as const;
    expect(session.do(set)).toEqual(returning(0x7fff5));
    const late = session.as("c", () => session.do(session.storeAct(tagged(a, 9))));
    expect(late).toEqual({ kind: "done", reports: 1 });
    expect(session.do({ kind: "getregset", of: "p" })).toEqual(returning(0x7fff3));
  });

  test("refuses what prctl refuses", () => {
    const { session } = traced();
    const set = { kind: "setregset", of: "c", control: 0x100000n } as const;
    expect(session.do(set)).toEqual(failing("EINVAL"));
    expect(session.do({ kind: "getregset", of: "c" })).toEqual(returning(0x7fff3));
    expect(session.do({ ...set, of: "nobody" })).toEqual(failing("ESRCH"));
    expect(session.do({ kind: "getregset", of: "nobody" })).toEqual(failing("ESRCH"));
  });
});

describe("a core dump", () => {
  const core = (address: bigint, bytes = 4) => ({ kind: "core", address, bytes }) as const;

  test("has 1/32 of a tagged mapping, two tags a byte, the lower granule low", () => {
    const session = new Session();
    const a = session.mmap("rwm", 2 * page);
    session.setTags(a, 1, 2 * page, 1);
    session.pageout(a, 2 * page);
    expect(session.do(core(a))).toMatchObject({
      kind: "segment",
      fileSize: 256,
      memorySize: 8192,
      flags: 0,
      physicalAddress: 0,
      align: 0,
      bytes: Uint8Array.of(0x21, 0x43, 0x65, 0x87),
    });
    expect(session.do(core(a + 4064n))).toMatchObject({
      bytes: Uint8Array.of(0x0f, 0x21, 0x43, 0x65),
    });
  });

  test("has none of other mappings, or of those that are not dumped", () => {
    const session = new Session();
    const [a, b] = [session.mmap("rw"), session.mmap()];
    expect(session.do(core(a))).toEqual({ kind: "no-segment" });
    expect(session.do(core(0x900000000n))).toEqual({ kind: "no-segment" });
    session.madvise(b, "dontdump");
    expect(session.do(core(b))).toEqual({ kind: "no-segment" });
    session.madvise(b, "dodump");
    expect(session.do(core(b))).toMatchObject({ kind: "segment" });
  });
});
