/**
 * Scrambles a state of one or two words (40 bits at most) so that no two states become one: a
 * bijection. A table cuts the place of a state from the result and stores only the rest.
 *
 * The words are first put together anew, as a low part of up to 30 bits and a high part with what
 * is left over. Then each part is changed by the other, or in a way that can be undone: multiplied
 * by an odd number, xored with its own upper half.
 */
import { fresh } from "./fresh.ts";
import { unusedBits } from "./system.ts";

/** How a mixed state is split: places are numbers of `log` bits, the rest lies above other bits. */
export type Split = { readonly log: number; readonly distanceBits: number };

/**
 * Mixes the states of `states` from word `from` up to `end`. Of each it writes two words, from the
 * begin of `mixed` on: its place, and the rest with 1 for a distance. Returns the bits that some
 * state uses though it must not.
 */
type Mix = (
  states: Int32Array,
  from: number,
  end: number,
  split: Split,
  mixed: Int32Array,
) => number;

export type Mixer = {
  /** How many bits the parts have. */
  readonly low: number;
  readonly high: number;
  readonly mix: Mix;
};

const MOST_BITS = 40;
const MOST_LOW_BITS = 30;
/** One bit more than the states have, so that a table can be twice as large as all of them. */
const LEAST_LOW_BITS = 17;

const total = (bits: readonly number[]): number => bits.reduce((sum, each) => sum + each, 0);

/** Whether the states of a system are small enough. */
export const canMix = (bits: readonly number[]): boolean =>
  bits.length <= 2 && total(bits) <= MOST_BITS;

export function mixerOf(bits: readonly number[]): Mixer {
  const all = total(bits);
  const low = Math.min(MOST_LOW_BITS, Math.max(LEAST_LOW_BITS, all + 1));
  const high = Math.max(0, all - low);
  const [first = 0, second = 0] = bits;
  const unused = { first: unusedBits(first), second: second === 0 ? 0 : unusedBits(second) };
  return { low, high, mix: fresh(mixing)(first, second, low, high, unused) };
}

function mixing(
  first: number,
  second: number,
  low: number,
  high: number,
  unused: { readonly first: number; readonly second: number },
): Mix {
  const single = second === 0;
  const isWide = first >= low;
  const lowMask = 2 ** low - 1;
  const highMask = 2 ** high - 1;
  const half = (low + 1) >> 1;
  const toLow = 32 - low;
  // Without a high part the shift is by 32, which is a shift by 0; the mask leaves nothing of it.
  const toHigh = 32 - high;
  const { first: unusedFirst, second: unusedSecond } = unused;

  return (states, from, end, { log, distanceBits }, mixed) => {
    const mask = (1 << log) - 1;
    const up = low - log;
    let strays = 0;
    let to = 0;
    for (let at = from; at < end; ) {
      const one = states[at++] ?? 0;
      const two = single ? 0 : (states[at++] ?? 0);
      strays |= (one & unusedFirst) | (two & unusedSecond);
      let l = (isWide ? one : one | (two << first)) & lowMask;
      let h = (isWide ? (one >>> low) | (two << (first - low)) : two >>> (low - first)) & highMask;
      l = Math.imul(l ^ (Math.imul(h, 0x9e3779b1) >>> toLow), 0x2c1b3c6d) & lowMask;
      l ^= l >>> half;
      h = (h ^ (Math.imul(l, 0x85ebca6b) >>> toHigh)) & highMask;
      l = Math.imul(l ^ (Math.imul(h, 0xc2b2ae35) >>> toLow), 0x297a2d39) & lowMask;
      l ^= l >>> half;
      h = (h ^ (Math.imul(l, 0x27d4eb2f) >>> toHigh)) & highMask;
      mixed[to++] = l & mask;
      mixed[to++] = (((h << up) | (l >>> log)) << distanceBits) | 1;
    }
    return strays;
  };
}
