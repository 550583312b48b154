/**
 * The workload: a phone. Processes start, with MTE and without in turn: they read their program and
 * get pages; with MTE some are tagged, and others are asked PROT_MTE for later. They fork and exit.
 * Files are read and changed. When little memory is free, pages of processes in the background are
 * swapped out, and come back when they are used; when there is none, the page cache shrinks too. And
 * data larger than the page cache is read from its beginning to its end, again and again. Every
 * number grows with the memory.
 */
import type { Operation, Outcome } from "../../model/index.ts";
import type { Random } from "./random.ts";
import { caller, reaper, type Subject } from "./subject.ts";

/** For each 64 data pages. */
const perUnit = {
  program: 6,
  tagged: 8,
  protectedLater: 2,
  untagged: 6,
  swapped: 4,
  cache: 20,
  uses: 24,
  writes: 2,
  migrations: 2,
} as const;
const unitPages = 64;
/** Of 1: where so much of the memory is in use, pages in the background are swapped out. */
const watermark = 5 / 8;
/** Processes that are alive at a time; the oldest ones exit. */
const mostProcesses = 5;
const rounds = 8;
/** A page whose access faults this often is left alone. */
const mostFaults = 6;

type Kind = "tagged" | "untagged";

type Swapped = { readonly slot: number; readonly was: Kind };

type Process = {
  readonly tagged: number[];
  readonly untagged: number[];
  readonly swapped: Swapped[];
};

/** The subject does not come to an end with what it was asked. */
class GivenUp extends Error {}

export class Phone {
  private readonly subject: Subject;
  private readonly random: Random;
  private readonly units: number;
  private readonly pages: number;
  private readonly keys: number;
  private readonly processes: Process[] = [];
  /** File pages in the page cache, the one read longest ago first. */
  private readonly resident = new Set<number>();

  constructor(subject: Subject, random: Random) {
    this.subject = subject;
    this.random = random;
    const { geometry, files, pagesPerFile } = subject.scope;
    this.pages = geometry.regions.reduce((sum, region) => sum + region.pages, 0);
    this.units = Math.max(1, Math.floor(this.pages / unitPages));
    this.keys = files * pagesPerFile;
  }

  run(): void {
    try {
      for (let round = 0; round < rounds; round++) this.round(round);
    } catch (thrown) {
      if (!(thrown instanceof GivenUp)) throw thrown;
    }
  }

  private round(round: number): void {
    this.start(round);
    this.use();
    if (this.processes.length >= mostProcesses) this.exit();
    this.background();
    this.compact();
    if (round % 2 === 1) this.scan();
  }

  private many(perUnit: number): number {
    return perUnit * this.units;
  }

  private ask(operation: Operation): Outcome | null {
    const outcome = this.subject.ask(caller, operation, () => this.kill(operation));
    if (outcome === null) throw new GivenUp();
    this.subject.pause();
    return outcome === "refused" ? null : outcome;
  }

  /**
   * Somebody tries and tries, because memory is short: a page of the oldest process is taken from it,
   * as the OOM killer would take them all. False: there is none left.
   */
  private kill(operation: Operation): boolean {
    const needed = "handle" in operation ? operation.handle : -1;
    for (const { tagged, untagged } of this.processes)
      for (const pages of [untagged, tagged]) {
        const handle = pages.find((each) => each !== needed);
        if (handle === undefined) continue;
        pages.splice(pages.indexOf(handle), 1);
        if (this.subject.ask(reaper, { kind: "free", handle }) !== "refused") return true;
      }
    return false;
  }

  /** A page of memory; what runs short is made free, and asked for again. */
  private allocate(tagged: boolean): number | null {
    const page = { kind: "allocate", owner: 0, tagged, zeroed: true } as const;
    for (let tries = 0; tries < 3; tries++) {
      const outcome = this.ask({ ...page, context: "sleepable", order: 0 });
      if (outcome?.kind === "pages") return outcome.handles[0] ?? null;
      this.reclaim();
    }
    return null;
  }

  private start(round: number): void {
    const program = (round * this.many(perUnit.program)) % this.keys;
    for (let page = 0; page < this.many(perUnit.program); page++)
      this.read((program + page) % this.keys);
    const process: Process = { tagged: [], untagged: [], swapped: [] };
    this.processes.push(process);
    const isWithTags = round % 2 === 0;
    const { untagged, tagged } = perUnit;
    this.fill(process, isWithTags ? untagged : untagged + tagged);
    if (isWithTags) this.tag(process);
    this.fork(process);
    this.subject.sample();
  }

  private fill({ untagged }: Process, pages: number): void {
    for (let page = 0; page < this.many(pages); page++) {
      const handle = this.allocate(false);
      if (handle === null) continue;
      untagged.push(handle);
      this.ask({ kind: "write-bytes", handle, bytes: 0 });
    }
  }

  private tag(process: Process): void {
    for (let page = 0; page < this.many(perUnit.tagged); page++) {
      const handle = this.allocate(true);
      if (handle !== null) process.tagged.push(handle);
      if (handle !== null) this.touch(handle);
    }
    for (let page = 0; page < this.many(perUnit.protectedLater); page++) {
      const handle = process.untagged.pop();
      if (handle === undefined) break;
      process.tagged.push(handle);
      this.ask({ kind: "enable-tags", handle });
      this.touch(handle);
    }
  }

  /** A store of a tag; it faults where the page has no place for tags yet. */
  private touch(handle: number): void {
    const tag = this.random(this.subject.scope.tagValues);
    for (let faults = 0; faults < mostFaults; faults++) {
      if (this.ask({ kind: "write-tag", handle, granule: 0, tag })) return;
      this.ask({ kind: "enable-tags", handle });
    }
  }

  private fork({ tagged, untagged }: Process): void {
    const from = tagged[0] ?? untagged[0];
    if (from === undefined) return;
    const outcome = this.ask({ kind: "copy", from, owner: 0 });
    if (outcome?.kind === "page") this.ask({ kind: "free", handle: outcome.handle });
  }

  private use(): void {
    for (let use = 0; use < this.many(perUnit.uses); use++) {
      const process = this.anyProcess();
      const handle = process && this.anyOf(process.tagged);
      if (handle === undefined || use % 3 === 0) this.read(this.random(this.keys));
      else if (use % 3 === 1) this.ask({ kind: "read-tag", handle, granule: 0 });
      else this.touch(handle);
    }
    for (let write = 0; write < this.many(perUnit.writes); write++) {
      const where = this.whereIs(this.random(this.keys));
      if (write % 2 === 0) this.ask({ kind: "truncate", ...where });
      else if (this.ask({ kind: "write-file", ...where, bytes: 0 })) {
        this.ask({ kind: "write-back", ...where });
        this.resident.add(where.file * this.subject.scope.pagesPerFile + where.index);
      }
    }
    for (const process of this.processes) this.swapIn(process);
  }

  private exit(): void {
    const process = this.processes.shift();
    if (!process) return;
    for (const handle of [...process.tagged, ...process.untagged])
      this.ask({ kind: "free", handle });
    for (const { slot } of process.swapped) this.ask({ kind: "free-slot", slot });
    this.subject.sample();
  }

  private compact(): void {
    for (let page = 0; page < this.many(perUnit.migrations); page++) {
      const process = this.anyProcess();
      const handle = process && this.anyOf(process.tagged);
      if (handle !== undefined) this.ask({ kind: "migrate", handle });
    }
  }

  private scan(): void {
    for (let key = 0; key < this.keys; key++) this.read(key);
    this.subject.sample();
  }

  private read(key: number): void {
    this.ask({ kind: "read-file", ...this.whereIs(key) });
    this.resident.delete(key);
    this.resident.add(key);
    while (this.resident.size > this.many(perUnit.cache)) this.evictOldest();
  }

  private evictOldest(): void {
    const [oldest] = this.resident;
    if (oldest === undefined) return;
    this.resident.delete(oldest);
    /** Of a folio that is cached whole, the first page stands for all. */
    const first = oldest - (oldest % 2 ** this.subject.scope.folioOrder);
    for (const key of new Set([first, oldest])) this.ask({ kind: "evict", ...this.whereIs(key) });
  }

  /** Memory is short: half of the page cache goes, and the oldest process is swapped out in part. */
  private reclaim(): void {
    for (let pages = this.resident.size >> 1; pages > 0; pages--) this.evictOldest();
    this.swapOut(this.many(perUnit.swapped));
  }

  /** Little memory is free: pages that nobody has used for long are swapped out. */
  private background(): void {
    const used = this.processes.reduce(
      (sum, { tagged, untagged }) => sum + tagged.length + untagged.length,
      0,
    );
    if (used >= watermark * this.pages) this.swapOut(this.many(perUnit.swapped));
  }

  /** So many pages of the oldest processes, those without tags and those with tags in turn. */
  private swapOut(pages: number): void {
    for (let page = 0; page < pages; page++) {
      const process = this.processes.find(
        ({ tagged, untagged }) => tagged.length + untagged.length > 0,
      );
      if (!process) return;
      const wanted: Kind = page % 2 === 0 ? "untagged" : "tagged";
      const other: Kind = page % 2 === 0 ? "tagged" : "untagged";
      const was = process[wanted].length > 0 ? wanted : other;
      const handle = process[was].shift();
      if (handle === undefined) return;
      const outcome = this.ask({ kind: "swap-out", handles: [handle] });
      if (outcome?.kind === "swapped")
        process.swapped.push(...outcome.slots.map((slot) => ({ slot, was })));
      else process[was].push(handle);
    }
  }

  /** Half of what is gone is used again. */
  private swapIn(process: Process): void {
    const gone = process.swapped.splice(0, Math.ceil(process.swapped.length / 2));
    for (const { slot, was } of gone) {
      const asked = { kind: "swap-in", slot, path: "fault", mapping: was } as const;
      const outcome = this.ask(asked);
      if (outcome?.kind === "page") process[was].push(outcome.handle);
      else process.swapped.push({ slot, was });
    }
  }

  private whereIs(key: number): { readonly file: number; readonly index: number } {
    const { pagesPerFile } = this.subject.scope;
    return { file: Math.floor(key / pagesPerFile), index: key % pagesPerFile };
  }

  private anyProcess(): Process | undefined {
    return this.anyOf(this.processes);
  }

  private anyOf<T>(list: readonly T[]): T | undefined {
    return list.length === 0 ? undefined : list[this.random(list.length)];
  }
}
