/** What a litmus program's memory and threads hold between two instructions. */
import type { Program, Register } from "./program.ts";

/** The result of the last comparison: N, Z, C, V. */
export type Flags = {
  readonly negative: boolean;
  readonly zero: boolean;
  readonly carry: boolean;
  readonly overflow: boolean;
};

export type ThreadState = {
  /** Index of the next instruction; one past the last when the thread is done. */
  readonly next: number;
  readonly registers: ReadonlyMap<Register, bigint>;
  readonly flags: Flags;
  /** A synchronous fault ended it. */
  readonly stopped: boolean;
};

/** A failed tag check: by which thread, at which instruction, at which address without its tag. */
export type LitmusFault = {
  readonly thread: string;
  readonly at: number;
  readonly address: bigint;
};

export type LitmusState = {
  readonly threads: readonly ThreadState[];
  readonly memory: ReadonlyMap<bigint, bigint>;
  readonly tags: ReadonlyMap<bigint, number>;
  /** Each once, in the order of threads and instructions. */
  readonly faults: readonly LitmusFault[];
};

const noFlags: Flags = { negative: false, zero: false, carry: false, overflow: false };

export const startOf = (program: Program): LitmusState => ({
  threads: program.threads.map(({ registers }) => ({
    next: 0,
    registers,
    flags: noFlags,
    stopped: false,
  })),
  memory: program.memory,
  tags: program.tags,
  faults: [],
});

const pairs = <V>(map: ReadonlyMap<bigint | string, V>): string =>
  [...map]
    .map(([key, value]) => `${key}=${String(value)}`)
    .sort()
    .join(",");

/** Equal states have equal keys. */
export const keyOf = ({ threads, memory, tags, faults }: LitmusState): string =>
  [
    ...threads.map(
      ({ next, registers, flags, stopped }) =>
        `${stopped ? "!" : ""}${next}:${Object.values(flags).map(Number).join("")}:${pairs(registers)}`,
    ),
    pairs(memory),
    pairs(tags),
    ...faults.map(({ thread, at, address }) => `${thread}@${at}#${address}`),
  ].join(";");
