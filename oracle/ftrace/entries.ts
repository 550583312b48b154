/**
 * What a kernel trace says, as entries of a log. Much is out of its sight: contents and tags, pages
 * that are given and freed, slots that are freed by tasks that are not traced. Wherever such a thing
 * may have happened there is a gap about the page or the slot, so that only what the trace can show
 * is held against the kernel.
 */
import { match } from "ts-pattern";
import { wrapped } from "../../counterexamples/lines.ts";
import { type Limits, type RuleId, ruleIds } from "../../model/index.ts";
import type { LineReader } from "../judge/index.ts";
import type { LogEntry, LogHead } from "../log/index.ts";
import { readTraceLine, type SwapEntry, type TraceEvent } from "./parse.ts";

/** The rules that a trace of these functions can break. All others are out of its sight. */
export const rulesInSight: readonly RuleId[] = ["a-slot-is-given-once", "swapoff-leaves-no-slot"];

/** What such a trace can decide, and what it cannot: it shows no tags, no bytes, and no page freed. */
export const sightAsText = (): string => {
  const others = ruleIds.filter((rule) => !rulesInSight.includes(rule));
  const lines = [
    ...wrapped(`decided      ${rulesInSight.join(", ")}`, 2, 13),
    ...wrapped(`out of sight ${others.join(", ")}`, 2, 13),
  ];
  return `${lines.join("\n")}\n`;
};

/** Far more than a trace names; no tag of it is ever seen, so one stands for all. */
const many = 2 ** 31;
const limits: Limits = {
  granulesPerPage: 1,
  handles: many,
  taggablePages: many,
  slots: many,
  files: 0,
  pagesPerFile: 0,
  getForm: "keeping",
};

/** A trace begins in the middle of the kernel's life. */
export const traceHead: LogHead = { log: "mte-oracle", version: 1, limits, start: "unknown" };

/** Whose tags a slot holds, and whether they have come back: from then on it may be freed unseen. */
type Saved = { readonly page: string; restored: boolean };

class Translation {
  private readonly pages = new Map<string, number>();
  private readonly slots = new Map<string, number>();
  private readonly saved = new Map<number, Saved>();
  /** Slots of each swap device that were named. */
  private readonly devices = new Map<number, Set<number>>();

  entries(event: TraceEvent): readonly LogEntry[] {
    return match(event)
      .returnType<readonly LogEntry[]>()
      .with({ kind: "nothing" }, () => [])
      .with({ kind: "lost" }, ({ events }) => {
        this.saved.clear();
        return [{ gap: { events } }];
      })
      .with({ kind: "clear" }, ({ page, count }) => this.clear(page, count))
      .with({ kind: "save" }, ({ page, entry }) => this.save(page, entry))
      .with({ kind: "restore" }, ({ entry, page }) => this.restore(entry, page))
      .with({ kind: "invalidate" }, ({ entry }) => this.invalidate(entry))
      .with({ kind: "invalidate-area" }, ({ type }) => this.swapoff(type))
      .with({ kind: "copy" }, ({ to, from }) => this.copy(to, from))
      .exhaustive();
  }

  private page(address: string): number {
    const known = this.pages.get(address) ?? this.pages.size;
    this.pages.set(address, known);
    return known;
  }

  private slot({ type, offset }: SwapEntry): number {
    const name = `${type} ${offset}`;
    const known = this.slots.get(name) ?? this.slots.size;
    this.slots.set(name, known);
    const device = this.devices.get(type) ?? new Set();
    this.devices.set(type, device.add(known));
    return known;
  }

  /** Of several pages at once only the first is named; the others lie behind it. */
  private clear(address: string, count: number): readonly LogEntry[] {
    if (count !== 1) return [];
    const handle = this.page(address);
    const wish = { owner: 0, tagged: true, zeroed: true, context: "sleepable", order: 0 } as const;
    return [
      { gap: { pages: [handle] } },
      {
        operation: { kind: "allocate", ...wish },
        outcome: { kind: "pages", handles: [handle], seen: [{ tagged: true }] },
      },
    ];
  }

  /** The same page may be written to its slot again; another page may not, until that is free. */
  private save(address: string, entry: SwapEntry | null): readonly LogEntry[] {
    const handle = this.page(address);
    if (entry === null) return [{ gap: { pages: [handle] } }];
    const slot = this.slot(entry);
    const before = this.saved.get(slot);
    const free = !before || before.restored || before.page === address;
    this.saved.set(slot, { page: address, restored: false });
    return [
      { gap: { pages: [handle], ...(free ? { slots: [slot] } : {}) } },
      {
        operation: { kind: "swap-out", handles: [handle] },
        outcome: { kind: "swapped", slots: [slot] },
      },
      // The page stays in the swap cache for a while, and is another's after that.
      { gap: { pages: [handle] } },
    ];
  }

  /** The kernel asks for the tags of every page that comes back, also where none went out. */
  private restore(entry: SwapEntry, address: string): readonly LogEntry[] {
    const handle = this.page(address);
    const slot = this.slot(entry);
    const saved = this.saved.get(slot);
    const gap: LogEntry = { gap: { pages: [handle] } };
    if (!saved) return [gap];
    saved.restored = true;
    return [
      gap,
      // Saved tags stay under the slot until it is freed.
      { operation: { kind: "share-slot", slot }, outcome: { kind: "done" } },
      {
        operation: { kind: "swap-in", slot, path: "fault", mapping: "tagged" },
        outcome: { kind: "page", handle },
      },
    ];
  }

  private invalidate(entry: SwapEntry): readonly LogEntry[] {
    const slot = this.slot(entry);
    if (!this.saved.delete(slot)) return [];
    return [{ operation: { kind: "free-slot", slot }, outcome: { kind: "slot" } }];
  }

  /** Slots that came back may be free; those that did not have to be freed before. */
  private swapoff(type: number): readonly LogEntry[] {
    const gone = [...(this.devices.get(type) ?? [])].filter(
      (slot) => this.saved.get(slot)?.restored !== false,
    );
    const kept = [...this.saved.keys()].filter((slot) => !this.devices.get(type)?.has(slot));
    this.devices.delete(type);
    for (const slot of this.saved.keys()) if (!kept.includes(slot)) this.saved.delete(slot);
    // Other devices are not taken away; the contract knows one.
    return [
      { gap: { slots: [...gone, ...kept] } },
      { operation: { kind: "swapoff" }, outcome: { kind: "done" } },
      ...(kept.length > 0 ? [{ gap: { slots: kept } }] : []),
    ];
  }

  private copy(to: string, from: string): readonly LogEntry[] {
    const [source, handle] = [this.page(from), this.page(to)];
    if (source === handle) return [];
    return [
      { gap: { pages: [handle] } },
      {
        operation: { kind: "copy", from: source, owner: 0 },
        outcome: { kind: "page", handle },
      },
    ];
  }
}

/** Reads one trace, line by line, with {@link traceHead} for its head. */
export const traceReader = (): LineReader => {
  const translation = new Translation();
  return (text, place) => {
    const read = readTraceLine(text, place);
    return read.ok ? { ok: true, value: translation.entries(read.value) } : read;
  };
};
