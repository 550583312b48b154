/**
 * The work: a seeded mix of whole operations by one caller who keeps his own books, so that every
 * request is one that may be granted. Nothing is allocated once it is made.
 *
 * In a hundred operations: 20 tagged allocations (claims), 20 frees, 20 tag writes, 10 tag reads, 11
 * reads of a file page that is not in the page cache (gets), 11 evictions of a clean page (puts), 2
 * truncations (an old copy must not hit), 3 swapped out, 3 swapped in. Where one has nothing to work
 * on, or too much has piled up, its opposite is done.
 */
import { kindOf, type Manager, outcomeOf, reply, wish } from "../../impl/index.ts";
import { marks, type Scope, totalPages } from "../../model/index.ts";
import { Pool } from "./pool.ts";
import { Random } from "./random.ts";

/** What the work needs of a manager. */
export type Runner = Pick<Manager, "run" | "report">;

export type Size = {
  /** Tagged pages in use: three quarters of it at first, never more than all. */
  readonly pages: number;
  /** File pages that are ever read. */
  readonly keys: number;
};

/** What is counted, in the order of the counters. */
export const counted = [
  "operations",
  "refused",
  "no memory",
  "claims",
  "claims that dropped a copy",
  "frees",
  "tag writes",
  "tag reads",
  "gets",
  "hits",
  "misses",
  "puts",
  "puts stored",
  "puts in the place of another",
  "truncations",
  "swapped out",
  "swapped in",
] as const;
export type Counted = (typeof counted)[number];

const placeOf = (name: Counted): number => counted.indexOf(name);
const bitOf = (name: (typeof marks)[number]): number => 1 << marks.indexOf(name);
const bits = {
  dropped: bitOf("claim-drops-a-copy"),
  hit: bitOf("hit"),
  stored: bitOf("put-stored"),
  displaced: bitOf("put-takes-the-place-of-another"),
};
const places = {
  operations: placeOf("operations"),
  refused: placeOf("refused"),
  noMemory: placeOf("no memory"),
  claims: placeOf("claims"),
  dropped: placeOf("claims that dropped a copy"),
  frees: placeOf("frees"),
  writes: placeOf("tag writes"),
  reads: placeOf("tag reads"),
  gets: placeOf("gets"),
  hits: placeOf("hits"),
  misses: placeOf("misses"),
  puts: placeOf("puts"),
  stored: placeOf("puts stored"),
  displaced: placeOf("puts in the place of another"),
  truncations: placeOf("truncations"),
  out: placeOf("swapped out"),
  in: placeOf("swapped in"),
};
/** Over how many times their number the pages in use are scattered, and the most of all memory. */
const scattering = 8;
const mostOfMemory = 15 / 16;
const wishes = wish.tagged | wish.zeroed;

export class Workload {
  private readonly runner: Runner;
  private readonly random: Random;
  private readonly pagesPerFile: number;
  private readonly granules: number;
  private readonly frames: number;
  private readonly tagValues: number;
  private readonly live: Pool;
  private readonly swapped: Pool;
  /** File pages in the page cache, and the others. */
  private readonly resident: Pool;
  private readonly absent: Pool;
  private readonly counters = new Float64Array(counted.length);

  constructor(runner: Runner, scope: Scope, { pages, keys }: Size, seed: number) {
    this.runner = runner;
    this.random = new Random(seed);
    this.pagesPerFile = scope.pagesPerFile;
    this.granules = scope.geometry.granulesPerPage;
    this.frames = totalPages(scope.geometry);
    this.tagValues = scope.tagValues;
    this.live = new Pool(pages);
    this.swapped = new Pool(Math.min(scope.slots, pages >> 2));
    /** Pages of a folio come and go together: its first one stands for it. */
    const folio = 2 ** scope.folioOrder;
    this.resident = new Pool(keys / folio);
    this.absent = new Pool(keys / folio);
    for (let key = 0; key < keys; key += folio) this.absent.add(key);
  }

  /** Brings the working set about: pages in use, and half of the file pages in the page cache. */
  begin(): void {
    this.scatter();
    while (2 * this.resident.size < this.resident.capacity) this.read();
    this.counters.fill(0);
  }

  /**
   * Far more pages are taken than are kept, and given back in no order: as after long use, the pages
   * in use lie in many blocks, so that a block is now and then left by its last user.
   */
  private scatter(): void {
    const most = Math.floor(this.frames * mostOfMemory);
    const taken = new Pool(Math.min(scattering * this.live.capacity, most));
    while (!taken.isFull) {
      if (!this.run(kindOf.allocate, 0, wishes)) throw new Error("an allocation was refused");
      taken.add(this.runner.report.value);
    }
    while (4 * taken.size > 3 * this.live.capacity)
      this.run(kindOf.free, taken.take(this.random.below(taken.size)));
    while (taken.size > 0) this.live.add(taken.take(taken.size - 1));
  }

  /** How often it came about since the work began. */
  countOf(name: Counted): number {
    return this.counters[placeOf(name)] ?? 0;
  }

  /** One operation. */
  next(): void {
    const dice = this.random.below(100);
    if (dice < 20) this.allocate();
    else if (dice < 40) this.free();
    else if (dice < 60) this.writeTag();
    else if (dice < 70) this.readTag();
    else if (dice < 81) this.read();
    else if (dice < 92) this.evict();
    else if (dice < 94) this.truncate();
    else if (dice < 97) this.swapOut();
    else this.swapIn();
  }

  private count(place: number): void {
    this.counters[place] = (this.counters[place] ?? 0) + 1;
  }

  private run(kind: number, first: number, second = 0, third = 0): boolean {
    this.count(places.operations);
    if (this.runner.run(0, kind, first, second, third) === reply.ran) return true;
    this.count(places.refused);
    return false;
  }

  private anyLive(): number {
    return this.live.at(this.random.below(this.live.size));
  }

  private allocate(): void {
    /** Room for what is swapped out and comes back. */
    if (this.live.size + this.swapped.size >= this.live.capacity) {
      this.free();
      return;
    }
    if (!this.run(kindOf.allocate, 0, wishes)) return;
    const { report } = this.runner;
    this.count(places.claims);
    if ((report.marks & bits.dropped) !== 0) this.count(places.dropped);
    if (report.outcome === outcomeOf.pages) this.live.add(report.value);
    else this.count(places.noMemory);
  }

  private free(): void {
    if (2 * this.live.size <= this.live.capacity) {
      this.allocate();
      return;
    }
    if (this.run(kindOf.free, this.live.take(this.random.below(this.live.size))))
      this.count(places.frees);
  }

  private writeTag(): void {
    const { random } = this;
    const granule = random.below(this.granules);
    if (this.run(kindOf["write-tag"], this.anyLive(), granule, random.below(this.tagValues)))
      this.count(places.writes);
  }

  private readTag(): void {
    if (this.run(kindOf["read-tag"], this.anyLive(), this.random.below(this.granules)))
      this.count(places.reads);
  }

  private onFile(kind: number, key: number): boolean {
    const file = (key / this.pagesPerFile) | 0;
    return this.run(kind, file, key - file * this.pagesPerFile);
  }

  private read(): void {
    if (this.absent.size * 4 <= this.absent.capacity) {
      this.evict();
      return;
    }
    const key = this.absent.take(this.random.below(this.absent.size));
    if (!this.onFile(kindOf["read-file"], key)) return;
    this.resident.add(key);
    this.count(places.gets);
    this.count((this.runner.report.marks & bits.hit) !== 0 ? places.hits : places.misses);
  }

  private evict(): void {
    if (this.resident.size * 4 <= this.resident.capacity) {
      this.read();
      return;
    }
    const key = this.resident.take(this.random.below(this.resident.size));
    if (!this.onFile(kindOf.evict, key)) return;
    this.absent.add(key);
    const { marks: seen } = this.runner.report;
    this.count(places.puts);
    if ((seen & bits.stored) !== 0) this.count(places.stored);
    if ((seen & bits.displaced) !== 0) this.count(places.displaced);
  }

  private truncate(): void {
    if (this.onFile(kindOf.truncate, this.absent.at(this.random.below(this.absent.size))))
      this.count(places.truncations);
  }

  private swapOut(): void {
    if (this.swapped.isFull || 2 * this.live.size <= this.live.capacity) {
      this.swapIn();
      return;
    }
    if (!this.run(kindOf["swap-out"], this.live.take(this.random.below(this.live.size)))) return;
    this.swapped.add(this.runner.report.value);
    this.count(places.out);
  }

  private swapIn(): void {
    if (this.swapped.size === 0) {
      this.readTag();
      return;
    }
    const slot = this.swapped.take(this.random.below(this.swapped.size));
    if (!this.run(kindOf["swap-in"], slot, 0, 1)) return;
    if (this.runner.report.outcome === outcomeOf.page) this.live.add(this.runner.report.value);
    else this.count(places.noMemory);
    this.count(places.in);
  }
}
