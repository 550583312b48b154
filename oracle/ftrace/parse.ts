/** Lines of Linux ftrace text: kprobe events on the functions that save, restore and drop tags. */
import { type Attempt, attempt, refuse } from "../../model/index.ts";
import type { LogPlace } from "../log/index.ts";

/** What one line says; addresses and swap entries are told apart by their text and number. */
export type TraceEvent =
  | { readonly kind: "clear"; readonly page: string; readonly count: number }
  | { readonly kind: "save"; readonly page: string; readonly entry: SwapEntry | null }
  | { readonly kind: "restore"; readonly entry: SwapEntry; readonly page: string }
  | { readonly kind: "invalidate"; readonly entry: SwapEntry }
  | { readonly kind: "invalidate-area"; readonly type: number }
  | { readonly kind: "copy"; readonly to: string; readonly from: string }
  | { readonly kind: "lost"; readonly events: number }
  /** A remark, or an event about something else. */
  | { readonly kind: "nothing" };

export type SwapEntry = { readonly type: number; readonly offset: string };

/** `task-pid [cpu] flags time: event: rest`; the flags may be missing. */
const eventLine = /^\s*.+-\d+\s+(?:\(\s*[\d-]+\)\s+)?\[\d+\]\s+(?:\S+\s+)?\d+\.\d+:\s+\S+:\s*(.*)$/;
const lostLine = /^CPU:\d+ \[LOST (\d+) EVENTS\]$/;
/** `(function+0x0/0x98) name=value ...` */
const probe = /^\((\w+)(?:\+0x[\da-f]+(?:\/0x[\da-f]+)?)?\)\s*(.*)$/;

/** swp_entry_t keeps the device above the offset, 5 bits of it below bit 63 (swapops.h). */
const typeShift = 58n;

const entryOf = (value: bigint): SwapEntry => ({
  type: Number(value >> typeShift),
  offset: (value & ((1n << typeShift) - 1n)).toString(16),
});

const nothing: TraceEvent = { kind: "nothing" };

class Arguments {
  private readonly place: LogPlace;
  private readonly values: ReadonlyMap<string, string>;

  constructor(text: string, place: LogPlace) {
    this.place = place;
    this.values = new Map(
      [...text.matchAll(/(\w+)=(\S+)/g)].map(([, name = "", value = ""]) => [name, value]),
    );
  }

  /** An argument by its own name, or by that of its register: `a0` is the first. */
  number(name: string, register: number): bigint {
    return this.maybe(name, register) ?? this.missing(name, register);
  }

  maybe(name: string, register: number | null): bigint | null {
    const text =
      this.values.get(name) ?? (register === null ? undefined : this.values.get(`a${register}`));
    if (text === undefined) return null;
    if (/^(?:0x[\da-fA-F]{1,16}|\d{1,19})$/.test(text)) return BigInt(text);
    return refuse({ ...this.place, field: name }, "a number", text.slice(0, 40));
  }

  address(name: string, register: number): string {
    return this.number(name, register).toString(16);
  }

  private missing(name: string, register: number): never {
    return refuse({ ...this.place, field: name }, `${name}=, or a${register}=`, "neither");
  }
}

const eventOf = (name: string, given: Arguments): TraceEvent => {
  switch (name) {
    case "tag_clear_highpage":
      return { kind: "clear", page: given.address("page", 0), count: 1 };
    case "tag_clear_highpages":
      return {
        kind: "clear",
        page: given.address("page", 0),
        count: Number(given.maybe("count", 1) ?? 1n),
      };
    case "mte_save_tags": {
      const entry = given.maybe("entry", null);
      const page = given.address("page", 0);
      return { kind: "save", page, entry: entry === null ? null : entryOf(entry) };
    }
    case "mte_restore_tags":
      return {
        kind: "restore",
        entry: entryOf(given.number("entry", 0)),
        page: given.address("page", 1),
      };
    case "mte_invalidate_tags": {
      const type = Number(given.number("type", 0));
      return { kind: "invalidate", entry: { type, offset: given.address("offset", 1) } };
    }
    case "mte_invalidate_tags_area":
      return { kind: "invalidate-area", type: Number(given.number("type", 0)) };
    case "copy_highpage":
      return { kind: "copy", to: given.address("to", 0), from: given.address("from", 1) };
    default:
      return nothing;
  }
};

/** Any line of a trace; what is no such line is refused. */
export const readTraceLine = (text: string, place: LogPlace): Attempt<TraceEvent> =>
  attempt(() => {
    if (text.startsWith("#")) return nothing;
    const lost = lostLine.exec(text.trim());
    if (lost) return { kind: "lost", events: Number(lost[1]) };
    const [, rest] = eventLine.exec(text) ?? [];
    if (rest === undefined)
      return refuse({ ...place, field: "line" }, "a line of ftrace text", text.slice(0, 40));
    const [, name = "", values = ""] = probe.exec(rest) ?? [];
    return eventOf(name, new Arguments(values, place));
  });
