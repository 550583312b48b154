/**
 * One instruction of one thread: a pure transition. Sources: Arm ARM, C6.2 for the instructions;
 * D10 (the Memory Tagging Extension) for what is checked: loads, stores and atomics are; LDG, STG
 * and STZG are not; a check compares the logical tag with the allocation tag of the granule.
 */
import { match } from "ts-pattern";
import {
  accessBytes,
  type CheckMode,
  type ConditionName,
  granuleOf,
  type Instruction,
  logicalTag,
  type Operator,
  type Place,
  type Program,
  type Register,
  type Source,
  withoutTag,
  withTag,
} from "./program.ts";
import type { Flags, LitmusFault, LitmusState, ThreadState } from "./state.ts";

const word = (value: bigint): bigint => BigInt.asUintN(64, value);

const read = ({ registers }: ThreadState, register: Register): bigint =>
  register === "ZR" ? 0n : (registers.get(register) ?? 0n);

const sourceValue = (thread: ThreadState, source: Source): bigint =>
  source.kind === "constant" ? word(source.value) : read(thread, source.name);

const addressOf = (thread: ThreadState, { base, index, offset }: Place): bigint =>
  word(read(thread, base) + (index === null ? 0n : read(thread, index)) + offset);

const withRegister = (thread: ThreadState, register: Register, value: bigint): ThreadState =>
  register === "ZR"
    ? thread
    : { ...thread, registers: new Map(thread.registers).set(register, word(value)) };

const computed = (operator: Operator, left: bigint, right: bigint): bigint =>
  match(operator)
    .with("eor", () => left ^ right)
    .with("and", () => left & right)
    .with("orr", () => left | right)
    .with("add", () => word(left + right))
    .with("sub", () => word(left - right))
    .exhaustive();

const compared = (left: bigint, right: bigint): Flags => {
  const difference = word(left - right);
  const signed = (value: bigint): bigint => BigInt.asIntN(64, value);
  return {
    negative: signed(difference) < 0n,
    zero: difference === 0n,
    carry: left >= right,
    overflow: signed(difference) !== signed(left) - signed(right),
  };
};

const holds = (when: ConditionName, { negative, zero, carry, overflow }: Flags): boolean =>
  match(when)
    .with("EQ", () => zero)
    .with("NE", () => !zero)
    .with("CS", "HS", () => carry)
    .with("CC", "LO", () => !carry)
    .with("MI", () => negative)
    .with("PL", () => !negative)
    .with("VS", () => overflow)
    .with("VC", () => !overflow)
    .with("HI", () => carry && !zero)
    .with("LS", () => !carry || zero)
    .with("GE", () => negative === overflow)
    .with("LT", () => negative !== overflow)
    .with("GT", () => !zero && negative === overflow)
    .with("LE", () => zero || negative !== overflow)
    .with("AL", () => true)
    .exhaustive();

/** What becomes of a failed check of an access that reads, writes, or does both. */
const reaction = (mode: CheckMode, reads: boolean): "ignored" | "recorded" | "fatal" =>
  match(mode)
    .returnType<"ignored" | "recorded" | "fatal">()
    .with("none", () => "ignored")
    .with("sync", () => "fatal")
    .with("async", () => "recorded")
    .with("asymmetric", () => (reads ? "fatal" : "recorded"))
    .exhaustive();

const byPlace = (a: LitmusFault, b: LitmusFault): number =>
  a.thread < b.thread ? -1 : a.thread > b.thread ? 1 : a.at - b.at || Number(a.address - b.address);

const recorded = (faults: readonly LitmusFault[], fault: LitmusFault): readonly LitmusFault[] =>
  faults.some((other) => byPlace(other, fault) === 0)
    ? faults
    : [...faults, fault].toSorted(byPlace);

/** A program steps outside of what this model says: an access that is not a whole location. */
export class OutsideLitmus extends Error {
  override readonly name = "OutsideLitmus";
}

type Moment = {
  readonly program: Program;
  readonly state: LitmusState;
  readonly index: number;
  readonly thread: ThreadState;
};

const withThread = ({ state, index }: Moment, thread: ThreadState): LitmusState => ({
  ...state,
  threads: state.threads.map((other, at) => (at === index ? thread : other)),
});

const onwards = (thread: ThreadState): ThreadState => ({ ...thread, next: thread.next + 1 });

/** A checked access: `then` gives the thread afterwards and what is stored, if anything is. */
const access = (
  moment: Moment,
  { place, reads }: { readonly place: Place; readonly reads: boolean },
  then: (held: bigint) => { readonly thread: ThreadState; readonly stored: bigint | null },
): LitmusState => {
  const { program, state, index, thread } = moment;
  const pointer = addressOf(thread, place);
  const address = withoutTag(pointer);
  if (address % accessBytes !== 0n)
    throw new OutsideLitmus(`an access at an address that is no multiple of ${accessBytes}`);
  const fits = logicalTag(pointer) === (state.tags.get(granuleOf(pointer)) ?? 0);
  const reacts = fits ? "ignored" : reaction(program.mode, reads);
  const name = program.threads[index]?.name ?? "";
  const faults =
    reacts === "ignored"
      ? state.faults
      : recorded(state.faults, { thread: name, at: thread.next, address });
  if (reacts === "fatal") return { ...withThread(moment, { ...thread, stopped: true }), faults };
  const { thread: after, stored } = then(state.memory.get(address) ?? 0n);
  const memory = stored === null ? state.memory : new Map(state.memory).set(address, stored);
  return { ...withThread(moment, onwards(after)), memory, faults };
};

const storeTag = (moment: Moment, from: Register, place: Place, zeroing: boolean): LitmusState => {
  const { state, thread } = moment;
  const start = granuleOf(addressOf(thread, place));
  const tags = new Map(state.tags).set(start, logicalTag(read(thread, from)));
  const memory = zeroing
    ? new Map(state.memory).set(start, 0n).set(start + accessBytes, 0n)
    : state.memory;
  return { ...withThread(moment, onwards(thread)), tags, memory };
};

const executed = (moment: Moment, instruction: Instruction): LitmusState => {
  const { state, thread } = moment;
  const register = (to: Register, value: bigint): LitmusState =>
    withThread(moment, onwards(withRegister(thread, to, value)));
  const jump = (taken: boolean, target: number): LitmusState =>
    withThread(moment, taken ? { ...thread, next: target } : onwards(thread));
  return match(instruction)
    .with({ kind: "move" }, ({ to, from }) => register(to, sourceValue(thread, from)))
    .with({ kind: "compute" }, ({ operator, to, left, right }) =>
      register(to, computed(operator, read(thread, left), sourceValue(thread, right))),
    )
    .with({ kind: "compare" }, ({ left, right }) => {
      const flags = compared(read(thread, left), sourceValue(thread, right));
      return withThread(moment, onwards({ ...thread, flags }));
    })
    .with({ kind: "select" }, ({ to, when, left, right }) =>
      register(to, read(thread, holds(when, thread.flags) ? left : right)),
    )
    .with({ kind: "branch" }, ({ register: tested, ifZero, target }) =>
      jump(tested === null || (read(thread, tested) === 0n) === ifZero, target),
    )
    .with({ kind: "branch-if" }, ({ when, target }) => jump(holds(when, thread.flags), target))
    .with({ kind: "load" }, ({ to, at }) =>
      access(moment, { place: at, reads: true }, (held) => ({
        thread: withRegister(thread, to, held),
        stored: null,
      })),
    )
    .with({ kind: "store" }, ({ from, at }) =>
      access(moment, { place: at, reads: false }, () => ({
        thread,
        stored: sourceValue(thread, from),
      })),
    )
    .with({ kind: "swap" }, ({ to, from, at }) =>
      access(moment, { place: at, reads: true }, (held) => ({
        thread: withRegister(thread, to, held),
        stored: read(thread, from),
      })),
    )
    .with({ kind: "compare-and-swap" }, ({ to, expected, from, at }) =>
      access(moment, { place: at, reads: true }, (held) => ({
        thread: withRegister(thread, to, held),
        stored: held === read(thread, expected) ? read(thread, from) : null,
      })),
    )
    .with({ kind: "load-and-compute" }, ({ operator, to, from, at }) =>
      access(moment, { place: at, reads: true }, (held) => ({
        thread: withRegister(thread, to, held),
        stored: computed(operator, held, read(thread, from)),
      })),
    )
    .with({ kind: "load-tag" }, ({ to, at }) => {
      const tag = state.tags.get(granuleOf(addressOf(thread, at))) ?? 0;
      return register(to, withTag(read(thread, to), tag));
    })
    .with({ kind: "store-tag" }, ({ from, at, zeroing }) => storeTag(moment, from, at, zeroing))
    .with({ kind: "barrier" }, () => withThread(moment, onwards(thread)))
    .exhaustive();
};

/** The state after the next instruction of a thread; null when the thread has none left. */
export const stepOf = (program: Program, state: LitmusState, index: number): LitmusState | null => {
  const thread = state.threads[index];
  if (thread === undefined || thread.stopped) return null;
  const instruction = program.threads[index]?.instructions[thread.next];
  return instruction === undefined
    ? null
    : executed({ program, state, index, thread }, instruction);
};
