/**
 * The index of clean copies: from the key of a file page to the storage page that holds it. A hash
 * table of fixed size, chained through the storage pages themselves; chains are kept in the order of
 * page numbers, so that the same copies are always the same bytes.
 */
import { word } from "./columns.ts";
import type { PackedState } from "./state.ts";

/** 2^32 divided by the golden ratio: multiplying by it spreads neighbouring keys. */
const spread = 0x9e3779b1;
const bitsOfHash = 32;

export class Copies {
  private readonly state: PackedState;
  private readonly shift: number;

  constructor(state: PackedState) {
    this.state = state;
    this.shift = bitsOfHash - state.bucketBits;
  }

  private bucketOf(key: number): number {
    return Math.imul(key, spread) >>> this.shift;
  }

  /** The storage page with the copy of a key, or -1. */
  find(key: number): number {
    const { buckets, chain, storage } = this.state;
    let page = word(buckets, this.bucketOf(key));
    while (page >= 0 && word(storage.key, page) !== key) page = word(chain, page);
    return page;
  }

  /** A storage page whose key is set already. */
  insert(page: number): void {
    const { buckets, chain, storage } = this.state;
    const bucket = this.bucketOf(word(storage.key, page));
    let before = -1;
    let behind = word(buckets, bucket);
    while (behind >= 0 && behind < page) {
      before = behind;
      behind = word(chain, behind);
    }
    chain[page] = behind;
    if (before < 0) buckets[bucket] = page;
    else chain[before] = page;
  }

  /** A page that is in no chain has nobody before or behind it, so that nothing changes. */
  remove(page: number): void {
    const { buckets, chain, storage } = this.state;
    const bucket = this.bucketOf(word(storage.key, page));
    let before = -1;
    let at = word(buckets, bucket);
    while (at >= 0 && at !== page) {
      before = at;
      at = word(chain, at);
    }
    if (before < 0) buckets[bucket] = word(chain, page);
    else chain[before] = word(chain, page);
    chain[page] = -1;
  }
}
