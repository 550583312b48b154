/** prctl, preferred modes, signals, PSTATE.TCO. */
import { describe, expect, test } from "vitest";
import {
  type CheckMode,
  defaultConfiguration,
  type PreferredMode,
  tagControl,
} from "../../../../model/contract/process/index.ts";
import { done, failing, ok, page, returning, Session, signal, tagged, value } from "./session.ts";

const getprctl = { kind: "getprctl", rest: [0n, 0n, 0n, 0n] } as const;
const prctl = (control: bigint, rest: readonly [bigint, bigint, bigint] = [0n, 0n, 0n]) =>
  ({ kind: "prctl", control, rest }) as const;

const storeOnly = { ...defaultConfiguration, features: { asymmetric: true, storeOnly: true } };
const plainCpu = { ...defaultConfiguration, features: { asymmetric: false, storeOnly: false } };

describe("prctl", () => {
  test("a new process has asked for nothing", () => {
    expect(new Session().do(getprctl)).toEqual(returning(0));
  });

  test.each([
    ["none", 1n],
    ["sync", 3n],
    ["async", 5n],
    ["sync+async", 7n],
  ] as const)("%s reads back as it was set", (mode, bits) => {
    const session = new Session();
    expect(session.mode(mode, 0x1234)).toEqual(ok);
    expect(session.do(getprctl)).toEqual(returning(bits | (0x1234n << 3n)));
  });

  test("unknown bits are refused, and nothing changes", () => {
    const session = new Session();
    session.mode("sync");
    for (const control of [0x100000n, 1n | (1n << 63n), 1n | (1n << 19n), 1n << 32n])
      expect(session.do(prctl(control))).toEqual(failing("EINVAL"));
    expect(session.do(prctl(1n, [0n, 1n, 0n]))).toEqual(failing("EINVAL"));
    expect(session.do({ ...getprctl, rest: [0n, 0n, 0n, 1n] })).toEqual(failing("EINVAL"));
    expect(session.do(getprctl)).toEqual(returning(0x7fff3));
  });

  test("store-only needs the feature", () => {
    const session = new Session(storeOnly);
    expect(session.mode("sync", 0, true)).toEqual(ok);
    expect(session.do(getprctl)).toEqual(returning(0x80003));
  });

  test("the word is put together bit by bit", () => {
    const wish = { enable: false, mode: "none", include: 0xffff, storeOnly: true } as const;
    expect(tagControl(wish)).toBe((0xffffn << 3n) | (1n << 19n));
  });

  test("modes can be taken back; tags stay", () => {
    const session = new Session();
    session.mode("sync");
    const a = session.mmap();
    session.setTags(a, 5);
    session.do(prctl(0n));
    expect(session.load(tagged(a, 9))).toEqual(value(0n));
    expect(session.tags(a)).toBe("5");
  });
});

/** What a load and a store with a mismatch come to. */
const effect = (
  preferred: PreferredMode,
  mode: CheckMode,
  configuration = defaultConfiguration,
) => {
  const session = new Session(configuration);
  session.do({ kind: "tcfpref", mode: preferred });
  session.mode(mode);
  const a = session.mmap();
  const seen = [session.load(tagged(a, 9)), session.store(tagged(a, 9))];
  return seen.map((outcome) => {
    if ("fault" in outcome) return "sync";
    return "reports" in outcome ? "async" : "none";
  });
};

describe("the mode in effect", () => {
  const preferences = ["async", "sync", "asymm"] as const;

  test.each(preferences)("CPU prefers %s: a single mode is what it is", (preferred) => {
    expect(effect(preferred, "none")).toEqual(["none", "none"]);
    expect(effect(preferred, "sync")).toEqual(["sync", "sync"]);
    expect(effect(preferred, "async")).toEqual(["async", "async"]);
  });

  test("both modes leave it to the CPU", () => {
    expect(effect("async", "sync+async")).toEqual(["async", "async"]);
    expect(effect("sync", "sync+async")).toEqual(["sync", "sync"]);
    expect(effect("asymm", "sync+async")).toEqual(["sync", "async"]);
  });

  test("without the feature there is no asymmetric mode", () => {
    const session = new Session(plainCpu);
    expect(session.do({ kind: "tcfpref", mode: "asymm" })).toEqual(failing("EINVAL"));
    expect(effect("async", "sync+async", plainCpu)).toEqual(["async", "async"]);
    expect(effect("sync", "sync+async", plainCpu)).toEqual(["sync", "sync"]);
  });

  test("store-only checks stores", () => {
    const session = new Session(storeOnly);
    session.mode("sync", 0xfffe, true);
    const a = session.mmap();
    expect(session.load(tagged(a, 9))).toEqual(value(0n));
    expect(session.store(tagged(a, 9))).toEqual(signal("SEGV_MTESERR", a));
  });
});

describe("tags that may be generated", () => {
  test("are those of the include mask; without one tag 0", () => {
    const session = new Session();
    const irgn = { kind: "irgn", source: 0n, exclude: 0n, times: 32 } as const;
    expect(session.do(irgn)).toEqual({ kind: "tags-seen", within: 1 });
    session.mode("sync", 0x8030);
    expect(session.do(irgn)).toEqual({ kind: "tags-seen", within: 0x8030 });
    expect(session.outcomes({ kind: "irg", source: 0n, exclude: 0x8000n })).toHaveLength(2);
  });
});

describe("signals", () => {
  const faulty = (mode: CheckMode = "sync") => {
    const session = new Session();
    session.mode(mode);
    const a = session.mmap();
    session.setTags(a, 5);
    return { session, a };
  };

  test("an asynchronous mismatch is one report at the next entry, and none without", () => {
    const { session, a } = faulty("async");
    const fill = {
      kind: "fill",
      address: tagged(a, 9),
      length: 40,
      byte: 1,
      direction: "up",
    } as const;
    expect(session.do(fill)).toEqual({ kind: "count", count: 40, fault: null, reports: 1 });
    expect(session.load(tagged(a, 5))).toMatchObject({ kind: "value" });
    expect(session.do(getprctl)).toEqual(returning(0x7fff5));
  });

  test("a synchronous fault after a recorded mismatch is the only signal", () => {
    const { session, a } = faulty("sync+async");
    session.do({ kind: "tcfpref", mode: "asymm" });
    const b = session.mmap("rwm", page);
    session.setTags(b, 5, 16);
    const copy = { kind: "copy", to: tagged(a, 9), from: tagged(b, 5), length: 32 } as const;
    expect(session.rules(copy)).toContain("one-sigsegv-is-pending-at-a-time");
    expect(session.do(copy)).toEqual({
      kind: "count",
      count: 16,
      fault: signal("SEGV_MTESERR", b + 16n).fault,
    });
  });

  test("si_addr has no top byte unless the handler wants it", () => {
    const { session, a } = faulty();
    const pointer = tagged(a, 0xa9);
    expect(session.load(pointer)).toEqual(signal("SEGV_MTESERR", a));
    session.do({ kind: "exposetag", value: 1 });
    expect(session.load(pointer)).toEqual(signal("SEGV_MTESERR", a, a, 9));
    session.mprotect(a, "");
    expect(session.load(pointer)).toEqual(signal("SEGV_ACCERR", a, a, 0xa9));
    session.do({ kind: "exposetag", value: 0 });
    expect(session.load(pointer)).toEqual(signal("SEGV_ACCERR", a));
  });

  test("every fault has its code", () => {
    const { session, a } = faulty();
    const stg = (address: bigint) =>
      session.do({ kind: "store-tag", insn: "stg", source: a, address, mode: "offset" });
    expect(stg(a + 8n)).toEqual(signal("BUS_ADRALN", a + 8n));
    session.do({ kind: "munmap", address: a, length: page });
    expect(stg(a)).toEqual(signal("SEGV_MAPERR", a));
    const ldgm = { kind: "tag-block", insn: "ldgm", address: a, value: 0n } as const;
    expect(session.do(ldgm)).toMatchObject({ fault: { code: "SIGILL" } });
  });

  test("blocked or ignored, a synchronous fault kills and an asynchronous one does not", () => {
    for (const ignored of [true, false]) {
      const { session, a } = faulty();
      const before = session.state;
      const act = { kind: "blockedfault", address: tagged(a, 9), ignored } as const;
      expect(session.do(act)).toEqual({ kind: "killed", signal: 11 });
      expect(session.do({ ...act, address: tagged(a, 5) })).toEqual({ kind: "exited", status: 0 });
      expect(session.state).toBe(before);
      const late = faulty("async");
      const lateAct = { ...act, address: tagged(late.a, 9) };
      expect(late.session.do(lateAct)).toEqual({ kind: "exited", status: 0 });
      expect(late.session.peek(late.a)).toEqual([0]);
    }
  });
});

describe("PSTATE.TCO", () => {
  test("is clear in handlers, and kept over system calls and signals", () => {
    const session = new Session();
    for (const tco of [0, 1] as const) {
      expect(session.do({ kind: "sigtco", value: tco })).toEqual({
        kind: "override",
        inside: 0,
        after: tco,
      });
      expect(session.do({ kind: "systco", value: tco })).toEqual({
        kind: "override",
        inside: null,
        after: tco,
      });
    }
  });

  test("stops checks of this thread, and not the storing of tags", () => {
    const session = new Session();
    session.mode("sync");
    const a = session.mmap();
    expect(session.do({ kind: "tco", value: 1 })).toEqual(done);
    session.setTags(a, 5, 16);
    expect(session.store(tagged(a, 9))).toEqual(done);
    session.do({ kind: "tco", value: 0 });
    expect(session.load(tagged(a, 9))).toEqual(signal("SEGV_MTESERR", a));
    expect(session.tags(a)).toBe("5");
  });
});
