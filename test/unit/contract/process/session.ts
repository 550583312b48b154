/** A process at work, for tests: operations by their names, outcomes as plain data. */
import {
  type Advice,
  type Allowed,
  begin,
  type CheckMode,
  type Configuration,
  defaultConfiguration,
  type MapFlag,
  type Outcome,
  type ProcessOperation,
  type ProcessState,
  type Protection,
  parseKernelVersion,
  type RemapFlag,
  step,
  tagControl,
} from "../../../../model/contract/process/index.ts";

/** Every member of a union without the thread that acts. */
type Act<O = ProcessOperation> = O extends ProcessOperation ? Omit<O, "by"> : never;

export const page = 4096;
export const huge = 512 * page;

export const kernel = (version: string): Configuration => ({
  ...defaultConfiguration,
  kernel: parseKernelVersion(version) ?? defaultConfiguration.kernel,
});

export const protection = (letters: string): Protection => ({
  read: letters.includes("r"),
  write: letters.includes("w"),
  execute: letters.includes("x"),
  tagged: letters.includes("m"),
});

export const tagged = (pointer: bigint, tag: number): bigint => pointer | (BigInt(tag) << 56n);

/** What is left of an outcome when nothing was reported. */
const plain = (outcome: Outcome): object => {
  const { reports, ...rest } = outcome;
  return reports === 1 ? { ...rest, reports } : rest;
};

export class Session {
  state: ProcessState;
  by = "p";

  constructor(configuration: Configuration = defaultConfiguration) {
    this.state = begin(configuration);
  }

  /** Everything that may happen; the session goes on as it was. */
  may(act: Act): readonly Allowed[] {
    // The spread of a union is a union of spreads only for the compiler that is told so.
    const operation: ProcessOperation = { by: this.by, ...act };
    return step(this.state, operation);
  }

  /** What may be seen, each once. */
  outcomes(act: Act): readonly object[] {
    const seen = this.may(act).map(({ outcome }) => plain(outcome));
    return seen.filter(
      (each, index) => seen.findIndex((other) => text(other) === text(each)) === index,
    );
  }

  /** The one thing that happens, or the choice with that number. */
  do(act: Act, choice = 0): object {
    const allowed = this.may(act)[choice];
    if (!allowed) throw new Error("nothing may happen");
    this.state = allowed.state;
    return plain(allowed.outcome);
  }

  rules(act: Act): readonly string[] {
    return [...new Set(this.may(act).flatMap(({ rules }) => rules))];
  }

  as<Result>(by: string, act: () => Result): Result {
    const before = this.by;
    this.by = by;
    try {
      return act();
    } finally {
      this.by = before;
    }
  }

  mode(mode: CheckMode, include = 0xfffe, storeOnly = false): object {
    const control = tagControl({ enable: true, mode, include, storeOnly });
    return this.do({ kind: "prctl", control, rest: [0n, 0n, 0n] });
  }

  pointer(act: Act): bigint {
    const outcome = this.do(act);
    if (!("pointer" in outcome) || typeof outcome.pointer !== "bigint")
      throw new Error(text(outcome));
    return outcome.pointer;
  }

  number(act: Act): number {
    const outcome = this.do(act);
    if (!("value" in outcome) || typeof outcome.value !== "bigint") throw new Error(text(outcome));
    return Number(outcome.value);
  }

  mmapAct(letters: string, length: number, flags: readonly MapFlag[], more: Partial<Mmap> = {}) {
    return {
      kind: "mmap",
      length,
      protection: protection(letters),
      flags,
      file: null,
      offset: 0,
      address: null,
      align: page,
      ...more,
    } as const;
  }

  mmap(letters = "rwm", length = page, flags: readonly MapFlag[] = ["private", "anon"], more = {}) {
    return this.pointer(this.mmapAct(letters, length, flags, more));
  }

  memfd(length = page): number {
    return this.number({ kind: "memfd", length, hugetlb: false });
  }

  mprotect(address: bigint, letters: string, length = page): object {
    return this.do({ kind: "mprotect", address, length, protection: protection(letters) });
  }

  madvise(address: bigint, advice: Advice, length = page): object {
    return this.do({ kind: "madvise", address, length, advice });
  }

  remap(address: bigint, oldLength: number, newLength: number, flags: readonly RemapFlag[] = []) {
    return {
      kind: "mremap",
      address,
      oldLength,
      newLength,
      flags,
      to: null,
      force: false,
    } as const;
  }

  setTags(address: bigint, tag: number, length = page, increment = 0): object {
    return this.do({ kind: "set-tags", address, length, tag, increment });
  }

  /** Tags as hex digits. */
  tags(address: bigint, granules = 1): string {
    const outcome = this.do({ kind: "read-tags", address, granules });
    return "tags" in outcome && outcome.tags instanceof Uint8Array
      ? [...outcome.tags].map((tag) => tag.toString(16)).join("")
      : text(outcome);
  }

  peek(address: bigint, length = 1): readonly number[] | string {
    const outcome = this.do({ kind: "peek", address, length });
    return "bytes" in outcome && outcome.bytes instanceof Uint8Array
      ? [...outcome.bytes]
      : text(outcome);
  }

  poke(address: bigint, ...bytes: readonly number[]): object {
    return this.do({ kind: "poke", address, bytes: Uint8Array.from(bytes) });
  }

  loadAct(address: bigint, size = 8) {
    return { kind: "access", insn: "ldr", address, size, value: 0n, compare: 0n } as const;
  }

  storeAct(address: bigint, value = 1n, size = 8) {
    return { kind: "access", insn: "str", address, size, value, compare: 0n } as const;
  }

  load(address: bigint): object {
    return this.do(this.loadAct(address));
  }

  store(address: bigint, value = 1n): object {
    return this.do(this.storeAct(address, value));
  }

  fork(as = "c"): void {
    this.do({ kind: "fork", as });
  }

  pageout(address: bigint, length = page): object {
    return this.do({ kind: "pageout", address, length });
  }
}

type Mmap = Extract<Act, { kind: "mmap" }>;

const text = (value: object): string =>
  JSON.stringify(value, (_, each) => (typeof each === "bigint" ? `${each}n` : each));

export const ok = { kind: "returned", value: 0n };
export const done = { kind: "done" };
export const failing = (errno: string) => ({ kind: "failed", errno });
export const yes = { kind: "answer", yes: true };
export const no = { kind: "answer", yes: false };
export const value = (number: bigint) => ({ kind: "value", value: number });
export const returning = (number: number | bigint) => ({
  kind: "returned",
  value: BigInt(number),
});

export const signal = (code: string, low: bigint, high = low, top = 0) => ({
  kind: "fault",
  fault: { code, address: { low, high }, top },
});
