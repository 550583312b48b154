/** The rulebook: every rule says something, governs something, and is cited where it decides. */
import { describe, expect, test } from "vitest";
import {
  type ProcessRule,
  type ProcessRuleId,
  parseKernelVersion,
  processRulebook,
  step,
} from "../../../../model/contract/process/index.ts";
import { huge, kernel, page, protection, Session, tagged } from "./session.ts";

type Act = Parameters<Session["may"]>[0];

/** A process in synchronous mode with a tagged page, one that is not, and a file. */
const scene = () => {
  const session = new Session(kernel("6.1"));
  session.mode("sync");
  const a = session.mmap();
  session.setTags(a, 5);
  const file = session.memfd();
  session.do({ kind: "fput", file, offset: 0, byte: 1, length: page });
  return { session, a, file };
};

type Scene = ReturnType<typeof scene>;

const anon = ["private", "anon"] as const;
const madvise = (address: bigint, advice: "free" | "dontneed" | "cold") =>
  ({ kind: "madvise", address, length: page, advice }) as const;
const mprotect = (address: bigint, letters: string) =>
  ({ kind: "mprotect", address, length: page, protection: protection(letters) }) as const;
const uffd = ({ session }: Scene) => {
  const to = session.mmap();
  return { to, file: session.number({ kind: "uffd", address: to, length: page }) };
};

/** For each rule an operation that it decides. */
const deciding: Record<ProcessRuleId, (scene: Scene) => Act> = {
  "a-fault-is-a-signal": ({ session, a }) => session.loadAct(a),
  "async-is-reported-at-entry": ({ session, a }) => {
    session.mode("async");
    return session.loadAct(a);
  },
  "one-sigsegv-is-pending-at-a-time": ({ session, a }) => {
    session.do({ kind: "tcfpref", mode: "asymm" });
    session.mode("sync+async");
    const b = session.mmap();
    session.setTags(b, 9, 16);
    return { kind: "copy", to: a, from: tagged(b, 9), length: 32 };
  },
  "tag-bits-are-shown-on-demand": () => ({ kind: "exposetag", value: 1 }),
  "forced-signals-kill": ({ a }) => ({ kind: "blockedfault", address: a, ignored: true }),
  "handlers-run-with-override-clear": () => ({ kind: "sigtco", value: 1 }),
  "modes-belong-to-threads": () => ({ kind: "thread", as: "t" }),
  "prctl-refuses-unknown-bits": () => ({
    kind: "prctl",
    control: 1n << 40n,
    rest: [0n, 0n, 0n],
  }),
  "preferred-mode-if-asked-for": () => ({ kind: "tcfpref", mode: "sync" }),
  "fork-inherits-tags-and-modes": () => ({ kind: "fork", as: "c" }),
  "exec-starts-afresh": () => ({ kind: "exec", as: "e" }),
  "new-tags-are-zero": ({ session }) => session.mmapAct("rwm", page, anon),
  "mmap-maps-zeroes": ({ session }) => session.mmapAct("rw", page, anon),
  "mmap-refuses-nonsense": ({ session }) => session.mmapAct("rw", 0, anon),
  "tags-need-ram": ({ session }) => {
    const file = session.number({ kind: "tmpfile", system: "ramfs", length: page });
    return session.mmapAct("rwm", page, ["shared"], { file });
  },
  "hugetlb-has-tags-since-6.13": ({ session }) =>
    session.mmapAct("rwm", huge, ["private", "anon", "hugetlb"]),
  "new-places-are-named-untagged": ({ session, a }) =>
    session.mmapAct("rw", page, ["private", "anon", "fixed"], { address: tagged(a, 1) }),
  "munmap-takes-whole-pages": ({ a }) => ({ kind: "munmap", address: a + 1n, length: 1 }),
  "munmap-discards-tags": ({ a }) => ({ kind: "munmap", address: a, length: page }),
  "mprotect-takes-whole-pages": ({ a }) => mprotect(a + 1n, "r"),
  "mprotect-needs-mappings": () => mprotect(0x900000000n, "r"),
  "mprotect-never-clears-prot-mte": ({ a }) => mprotect(a, "rw"),
  "enabling-tags-zeroes-them-once": ({ a }) => mprotect(a, "rwm"),
  "tags-move-with-the-mapping": ({ session, a }) => session.remap(a, page, page),
  "mremap-refuses-nonsense": ({ session, a }) => session.remap(a, page, 0),
  "growing-may-fail": ({ session, a }) => session.remap(a, page, 2 * page),
  "locked-pages-stay": ({ a }) => ({ kind: "mlock", address: a, length: page }),
  "madvise-takes-whole-pages": ({ a }) => madvise(a + 1n, "cold"),
  "madvise-fits-the-mapping": () => madvise(0x900000000n, "cold"),
  "dontneed-discards-tags": ({ a }) => madvise(a, "dontneed"),
  "free-may-discard-tags": ({ a }) => madvise(a, "free"),
  "wipeonfork-wipes-tags": ({ a }) => ({ ...madvise(a, "cold"), advice: "wipeonfork" }),
  "other-advice-changes-nothing": ({ a }) => madvise(a, "cold"),
  "huge-pages-are-silent": ({ a }) => ({ kind: "isthp", address: a }),
  "files-keep-bytes-and-tags": ({ file }) => ({ kind: "fget", file, offset: 0, length: 1 }),
  "holes-discard-tags": ({ file }) => ({ kind: "punch", file, offset: 0, length: page }),
  "unchecked-copies-are-whole": ({ a, file }) => ({
    kind: "sysread",
    file,
    address: tagged(a, 5),
    length: 8,
    offset: 0,
  }),
  "checked-copies-stop-at-a-mismatch": ({ a }) => ({ kind: "syspipe", address: a, length: 8 }),
  "copies-stop-at-missing-memory": () => ({ kind: "syspipe", address: 0x9000000n, length: 8 }),
  "tagged-pointers-need-the-abi": ({ session, a }) => {
    session.do({ kind: "prctl", control: 0n, rest: [0n, 0n, 0n] });
    return { kind: "syspipe", address: tagged(a, 5), length: 8 };
  },
  "remote-access-is-unchecked": ({ a }) => ({
    kind: "procmem_read",
    of: null,
    address: a,
    length: 1,
  }),
  "swap-keeps-tags": ({ a }) => ({ kind: "pageout", address: a, length: page }),
  "swapoff-keeps-tags": () => ({ kind: "swapoff" }),
  "migration-is-silent": ({ a }) => ({ kind: "migrate", address: a }),
  "tagged-pages-never-merge": ({ a }) => ({ kind: "ksm", a, b: a, zero: false }),
  "frames-can-be-told-apart": ({ a }) => ({ kind: "present", address: a }),
  "smaps-shows-prot-mte": ({ a }) => ({ kind: "smaps", address: a }),
  "userfaultfd-fills-missing-pages": (at) => at.session.loadAct(uffd(at).to),
  "userfaultfd-takes-untagged-addresses": (at) => {
    const { to, file } = uffd(at);
    return { kind: "uffdzero", file, to: tagged(to, 1), length: page };
  },
  "userfaultfd-pages-have-tag-0": (at) => ({ kind: "uffdzero", ...uffd(at), length: page }),
  "userfaultfd-moves-tags-along": (at) => {
    at.session.state = { ...at.session.state, configuration: kernel("6.12") };
    return { kind: "uffdmove", ...uffd(at), from: at.a, length: page };
  },
  "tracers-read-tags": ({ session, a }) => {
    session.fork();
    return { kind: "peektags", of: "c", address: a, granules: 1 };
  },
  "tracers-write-tags": ({ session, a }) => {
    session.fork();
    return { kind: "poketags", of: "c", address: a, tags: [1] };
  },
  "tracers-need-prot-mte": ({ session }) => {
    session.fork();
    return { kind: "peektags", of: "c", address: 0x9000000n, granules: 1 };
  },
  "tracers-set-modes": ({ session }) => {
    session.fork();
    return { kind: "getregset", of: "c" };
  },
  "core-dumps-have-tags": ({ a }) => ({ kind: "core", address: a, bytes: 4 }),
};

describe("the rulebook", () => {
  const rulebook: Readonly<Record<string, ProcessRule>> = processRulebook;

  test.each(Object.entries(deciding))("%s", (rule, act) => {
    const at = scene();
    const operation = act(at);
    expect(at.session.rules(operation)).toContain(rule);
    const { sentence = "", source = "", governs = [] } = rulebook[rule] ?? {};
    expect(sentence).toMatch(/^[A-Z_\w].*\.$/);
    expect(source.length).toBeGreaterThan(5);
    expect(governs).toContain(operation.kind);
  });

  test("every operation of the kernel is governed by a rule", () => {
    const governed = new Set(Object.values(processRulebook).flatMap(({ governs }) => governs));
    const kinds = new Set(Object.values(deciding).map((act) => act(scene()).kind));
    for (const kind of kinds) expect(governed).toContain(kind);
  });
});

test("nobody acts who is not there", () => {
  const { state } = new Session();
  const [allowed] = step(state, { by: "nobody", kind: "swapoff" });
  expect(allowed).toMatchObject({ state, outcome: { kind: "failed", errno: "ESRCH" } });
});

test.each([
  ["6.12", { major: 6, minor: 12 }],
  ["v7.3", { major: 7, minor: 3 }],
  ["7.3.4", { major: 7, minor: 3 }],
  ["six", null],
  ["6", null],
])("version %s", (text, version) => {
  expect(parseKernelVersion(text)).toEqual(version);
});
