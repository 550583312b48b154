/** PR_SET_TAGGED_ADDR_CTRL: the word that user space gives, and what the kernel makes of it. */
import { type Cpu, type Response, resetCpu } from "../architecture/cpu.ts";
import type { Configuration } from "./configuration.ts";
import type { CheckMode, PreferredMode } from "./operations.ts";
import type { ProcessState, TagControl, Thread } from "./state.ts";

const enableBit = 1n;
const syncBit = 1n << 1n;
const asyncBit = 1n << 2n;
const tagShift = 3n;
const tagMask = 0xffffn;
const storeOnlyBit = 1n << 19n;

/** The argument of prctl, put together from what it says. */
export const tagControl = (wish: {
  readonly enable: boolean;
  readonly mode: CheckMode;
  readonly include: number;
  readonly storeOnly: boolean;
}): bigint =>
  (wish.enable ? enableBit : 0n) |
  (wish.mode === "sync" || wish.mode === "sync+async" ? syncBit : 0n) |
  (wish.mode === "async" || wish.mode === "sync+async" ? asyncBit : 0n) |
  (BigInt(wish.include) << tagShift) |
  (wish.storeOnly ? storeOnlyBit : 0n);

/** null: a bit is set that the kernel does not know, or whose feature the CPU lacks. */
export const parseControl = ({ features }: Configuration, word: bigint): TagControl | null => {
  const known = enableBit | syncBit | asyncBit | (tagMask << tagShift);
  const valid = features.storeOnly ? known | storeOnlyBit : known;
  if ((BigInt.asUintN(64, word) & ~valid) !== 0n) return null;
  return {
    taggedAddresses: (word & enableBit) !== 0n,
    sync: (word & syncBit) !== 0n,
    async: (word & asyncBit) !== 0n,
    storeOnly: (word & storeOnlyBit) !== 0n,
    include: Number((word >> tagShift) & tagMask),
  };
};

/** What PR_GET_TAGGED_ADDR_CTRL returns: everything that was asked for. */
export const wordOf = ({ taggedAddresses, sync, async, storeOnly, include }: TagControl): bigint =>
  (taggedAddresses ? enableBit : 0n) |
  (sync ? syncBit : 0n) |
  (async ? asyncBit : 0n) |
  (storeOnly ? storeOnlyBit : 0n) |
  (BigInt(include) << tagShift);

type EffectiveMode = "none" | PreferredMode;

/**
 * The CPU's preferred mode if the thread asked for it; asking for both modes asks for asymmetric
 * mode too, where the CPU has it. Otherwise asynchronous before asymmetric before synchronous.
 */
export const effectiveMode = (state: ProcessState, { sync, async }: TagControl): EffectiveMode => {
  const asymm = sync && async && state.configuration.features.asymmetric;
  const wanted = { async, asymm, sync };
  if (wanted[state.preferred]) return state.preferred;
  if (asymm) return "asymm";
  if (async) return "async";
  return sync ? "sync" : "none";
};

const responses = {
  none: ["ignore", "ignore"],
  sync: ["sync", "sync"],
  async: ["async", "async"],
  asymm: ["sync", "async"],
} as const satisfies Record<EffectiveMode, readonly [Response, Response]>;

const everyTag = 0xffff;

/** The registers of the CPU while this thread runs at EL0. */
export const cpuOf = (state: ProcessState, { control, override }: Thread): Cpu => {
  const [loads, stores] = responses[effectiveMode(state, control)];
  return {
    ...resetCpu(0, state.configuration.blockSize),
    override,
    loads,
    stores,
    storeOnly: control.storeOnly,
    exclude: everyTag & ~control.include,
    randomise: true,
  };
};
