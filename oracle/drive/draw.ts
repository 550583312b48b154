/** Random choices that come back with their seed, on every machine. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

export class Draw {
  private readonly generator: ReturnType<typeof xoroshiro128plus>;

  /** Run `run` of `seed` is a stream of its own, whichever runs come before it. */
  constructor(seed: number, run: number) {
    const spread = 0x9e3779b1;
    this.generator = xoroshiro128plus(Math.imul(seed + 1, spread) ^ Math.imul(run + 1, 0x85ebca6b));
    /** The first numbers of neighbouring seeds are alike. */
    for (let skipped = 0; skipped < 4; skipped++) this.generator.next();
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return uniformInt(this.generator, least, most);
  }

  /** True in so many of 100 cases. */
  some(percent: number): boolean {
    return this.between(1, 100) <= percent;
  }

  /** One of a list; null of an empty one. */
  pick<T>(list: readonly T[]): T | null {
    return list.length === 0 ? null : (list[this.between(0, list.length - 1)] ?? null);
  }

  shuffled<T>(list: readonly T[]): readonly T[] {
    const left = [...list];
    const out: T[] = [];
    while (left.length > 0) out.push(...left.splice(this.between(0, left.length - 1), 1));
    return out;
  }
}
