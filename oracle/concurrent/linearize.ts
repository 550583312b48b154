/**
 * Is a portion of a history linearizable: can every call take effect at one instant between its call
 * and its end, so that the contract explains all of them in that order? Calls and ends are taken in
 * the order of time. A call is made to take effect only when its end forces it to (just in time),
 * together with whatever others have to come before; states that several orders lead to are one.
 */

import { type Complaint, type Explained, explainedFrom, type Setting } from "../judge/explain.ts";
import type { Part } from "../judge/part.ts";
import { canonical, type Piece, pieceText, TooManyStandIns, taggableIn } from "../judge/piece.ts";
import { Store, TooManyPieces } from "../judge/store.ts";
import type { LogHead } from "../log/index.ts";
import { type Focus, focused } from "./focus.ts";
import type { Call } from "./history.ts";
import { footprintOf, isStrayCall, type Portion } from "./partition.ts";

/** Calls in the order in which they took effect, the last one first. */
type Path = { readonly call: Call; readonly before: Path } | null;

/** One way to explain what has ended: a state, and which calls under way have taken effect. */
type Way = {
  readonly piece: Piece;
  readonly text: string;
  readonly taken: ReadonlySet<Call>;
  readonly path: Path;
};

export type PortionVerdict =
  | { readonly kind: "linearizable" }
  | {
      readonly kind: "not-linearizable";
      /** The first call whose end nothing explains. */
      readonly call: Call;
      /** Why not, in each of the states that it could have met. */
      readonly complaints: readonly Complaint[];
      /** One order that explains every call that ended before. */
      readonly prefix: readonly Call[];
      /** Calls under way when it ended, itself aside. */
      readonly pending: readonly Call[];
    }
  | { readonly kind: "unknown"; readonly why: string };

type Moment = { readonly time: number; readonly call: Call; readonly ends: boolean };

/** Calls come before ends of the same time: what touches may overlap. */
const momentsOf = (calls: readonly Call[]): readonly Moment[] =>
  calls
    .flatMap((call): readonly Moment[] => [
      { time: call.call, call, ends: false },
      ...(call.end === null ? [] : [{ time: call.end, call, ends: true }]),
    ])
    .sort((a, b) => a.time - b.time || Number(a.ends) - Number(b.ends) || a.call.at - b.call.at);

const keyOf = ({ text, taken }: Way): string =>
  `${[...taken].map(({ at }) => at).sort((a, b) => a - b)} ${text}`;

const orderOf = (path: Path): readonly Call[] => {
  const order: Call[] = [];
  for (let at = path; at !== null; at = at.before) order.push(at.call);
  return order.reverse();
};

class TooManyWays extends Error {}

class Search {
  private readonly portion: Portion;
  private readonly setting: Setting;
  private readonly cap: number;
  private readonly pending = new Set<Call>();
  /** What a call does to a state, as long as it is under way. */
  private readonly effects = new Map<Call, Map<string, readonly Piece[]>>();
  private ways: readonly Way[];
  /** Those that were looked at for the last end. */
  private tried: readonly Way[] = [];

  constructor(portion: Portion, head: LogHead, cap: number) {
    const { limits } = head;
    this.portion = portion;
    this.cap = cap;
    const left = { least: limits.taggablePages, most: limits.taggablePages };
    this.setting = { limits, off: new Set(), inFlight: head.inFlight ?? 0, left };
    const { group } = new Store(limits, head.start ?? "boot", cap).gather(portion.names);
    this.ways = group.pieces.map((piece) => this.way(piece, new Set(), null));
  }

  run(): PortionVerdict {
    for (const { call, ends } of momentsOf(this.portion.calls))
      if (ends) {
        const next = this.end(call);
        if (next.length === 0) return this.refusal(call);
        this.ways = next;
        this.pending.delete(call);
        this.effects.delete(call);
      } else this.pending.add(call);
    return { kind: "linearizable" };
  }

  private way(piece: Piece, taken: ReadonlySet<Call>, path: Path): Way {
    const plain = canonical(piece);
    return { piece: plain, text: pieceText(plain), taken, path };
  }

  /** Every way in which the call has taken effect, whatever else had to before it. */
  private end(call: Call): readonly Way[] {
    const found = new Map<string, Way>();
    const seen = new Set<string>();
    const tried: Way[] = [];
    this.tried = tried;
    const open = [...this.ways];
    const involved = this.involvedWith(call);
    for (let way = open.pop(); way !== undefined; way = open.pop()) {
      const key = keyOf(way);
      if (seen.has(key)) continue;
      seen.add(key);
      tried.push(way);
      if (seen.size > this.cap) throw new TooManyWays();
      if (way.taken.has(call)) {
        const taken = new Set([...way.taken].filter((each) => each !== call));
        const done = { ...way, taken };
        found.set(keyOf(done), done);
      } else for (const other of involved) open.push(...this.take(way, other));
    }
    return [...found.values()];
  }

  /**
   * Calls under way that are about the same things, or about the same as one of these. All others can
   * as well take effect later: nothing that these do depends on them.
   */
  private involvedWith(call: Call): ReadonlySet<Call> {
    const involved = new Set([call]);
    for (const one of involved)
      for (const other of this.pending) if (this.touch(one, other)) involved.add(other);
    return involved;
  }

  private touch(one: Call, other: Call): boolean {
    const { about } = this.portion;
    const [these, those] = [about.get(one) ?? null, about.get(other) ?? null];
    if (these === null || those === null) return true;
    for (const thing of these) if (those.has(thing)) return true;
    return false;
  }

  private take(way: Way, call: Call): readonly Way[] {
    if (way.taken.has(call)) return [];
    const taken = new Set([...way.taken, call]);
    return this.effect(way, call).map((piece) =>
      this.way(piece, taken, { call, before: way.path }),
    );
  }

  /** Everything that the call can have done to a state. */
  private effect({ piece }: Way, call: Call): readonly Piece[] {
    const { focus, text } = this.focus(piece, call);
    const known = this.effects.get(call) ?? new Map<string, readonly Piece[]>();
    this.effects.set(call, known);
    const pieces = known.get(text) ?? this.explained(focus, piece, call).pieces;
    known.set(text, pieces);
    return pieces.map(focus.back);
  }

  private focus(piece: Piece, call: Call): { readonly focus: Focus; readonly text: string } {
    const focus = focused(call.event.operation, footprintOf(call), this.portion.names, piece);
    return { focus, text: `${this.elsewhere(focus, piece)} ${pieceText(focus.piece)}` };
  }

  /** Taggable pages that others of the portion hold. */
  private elsewhere(focus: Focus, piece: Piece): number {
    return taggableIn(piece) - taggableIn(focus.piece);
  }

  private explained(focus: Focus, piece: Piece, { event }: Call): Explained {
    const { operation, choice, outcome } = event;
    const part: Part = { operation, choice, observed: outcome, names: focus.names };
    const free = this.setting.limits.taggablePages - this.elsewhere(focus, piece);
    const setting = { ...this.setting, left: { least: free, most: free } };
    return explainedFrom(part, focus.names, focus.piece, setting);
  }

  private refusal(call: Call): PortionVerdict {
    const [longest] = this.ways;
    const complaints = new Map<string, Complaint>();
    for (const { piece, taken } of this.tried) {
      if (taken.has(call)) continue;
      const { focus } = this.focus(piece, call);
      for (const each of this.explained(focus, piece, call).complaints)
        complaints.set(JSON.stringify(each), each);
    }
    return {
      kind: "not-linearizable",
      call,
      complaints: [...complaints.values()].slice(0, 4),
      prefix: orderOf(longest?.path ?? null),
      pending: [...this.pending].filter((each) => each !== call),
    };
  }
}

/** @param cap the most ways that are kept, or tried for one end */
export const linearized = (portion: Portion, head: LogHead, cap: number): PortionVerdict => {
  if (portion.calls.some(isStrayCall))
    return { kind: "unknown", why: "nobody saw which page or slot a call was given" };
  try {
    return new Search(portion, head, cap).run();
  } catch (thrown) {
    if (thrown instanceof TooManyStandIns)
      return { kind: "unknown", why: "too many tags are unknown" };
    if (!(thrown instanceof TooManyWays || thrown instanceof TooManyPieces)) throw thrown;
    return { kind: "unknown", why: `more than ${cap} ways explain what has ended` };
  }
};
