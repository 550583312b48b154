/**
 * The judge of a log. It keeps the set of contract states that explain what was read so far; an
 * entry that leaves none is a deviation. Then it believes the entry, forgets what it knew of the
 * things that the entry names, and goes on, so that one run reports many deviations.
 */
import type { Operation, RuleId } from "../../model/index.ts";
import {
  isGap,
  type LogEntry,
  type LogEvent,
  type LogGap,
  type LogHead,
  type ObservedSeen,
} from "../log/index.ts";
import { allowedInstead, frontierOf } from "./account.ts";
import { type Complaint, complaintOf, explainedFrom, type Setting } from "./explain.ts";
import { pieceWhere } from "./group.ts";
import { type Part, partsOf, strayPage, straySlot, wholeOf } from "./part.ts";
import { type Names, noNames, type Piece, TooManyStandIns } from "./piece.ts";
import { Quick } from "./quick.ts";
import { beyondBounds } from "./range.ts";
import { type Gathered, Store, TooManyPieces } from "./store.ts";
import { anyPage, tagText } from "./values.ts";
import type { EntryVerdict } from "./verdict.ts";
import { isWhole, judgeWhole } from "./whole.ts";

export type JudgeOptions = {
  /** The most pieces of one group; beyond it the judge forgets, and says so. */
  readonly cap?: number;
  /** Rules that are not applied. */
  readonly off?: ReadonlySet<RuleId>;
};

/** Many more than any log with few unknowns needs, and still quick. */
const usualCap = 4096;

const explained: EntryVerdict = { kind: "explained" };

type Failure = {
  readonly complaint: Complaint;
  readonly part: Part | null;
  readonly gathered: Gathered | null;
};

const mostRulesOff = 4;

export class LogJudge {
  private readonly store: Store;
  private readonly quick: Quick;
  private readonly setting: Omit<Setting, "left">;

  constructor(head: LogHead, { cap = usualCap, off = new Set() }: JudgeOptions = {}) {
    this.store = new Store(head.limits, head.start ?? "boot", cap);
    this.quick = new Quick(this.store);
    this.setting = { limits: head.limits, off, inFlight: head.inFlight ?? 0 };
  }

  /** Judges the next entry. */
  entry(entry: LogEntry): EntryVerdict {
    if (isGap(entry)) return this.gap(entry);
    if (this.quick.takes(entry)) return explained;
    const why = beyondBounds(entry, this.store.limits);
    return why === null
      ? this.slowly(entry)
      : { kind: "ill-formed", why, frontier: { states: [], more: 0 } };
  }

  private gap({ gap: { pages, slots } }: LogGap): EntryVerdict {
    if (pages === undefined && slots === undefined) {
      this.store.forgetAll();
      return explained;
    }
    const { handles, slots: bound } = this.store.limits;
    const within = (numbers: readonly number[] = [], limit: number): readonly number[] =>
      [...new Set(numbers)].filter((number) => number < limit);
    this.store.forget({ ...noNames, pages: within(pages, handles), slots: within(slots, bound) });
    return explained;
  }

  private slowly(event: LogEvent): EntryVerdict {
    try {
      const failure = this.explain(event, this.setting.off);
      if (failure === null) return explained;
      const verdict = this.verdictOf(failure);
      this.believe(event);
      return verdict;
    } catch (thrown) {
      if (!(thrown instanceof TooManyPieces || thrown instanceof TooManyStandIns)) throw thrown;
      this.forget(event);
      const what = `${this.store.cap} states of the things that it names`;
      return { kind: "inconclusive", why: `more than ${what} explain the log up to here` };
    }
  }

  private verdictOf({ complaint, part, gathered }: Failure): EntryVerdict {
    const frontier = gathered ? frontierOf(gathered.group) : { states: [], more: 0 };
    if (complaint.kind === "ill-formed") return { ...complaint, frontier };
    const { rule, cause } = complaint;
    const allowed =
      part && gathered
        ? allowedInstead(this.store, part, gathered, this.setting)
        : { outcomes: [], more: 0 };
    return { kind: "deviation", rule, cause, allowed, frontier };
  }

  /** `null`: explained, and the set of states has moved on. */
  private explain(event: LogEvent, off: ReadonlySet<RuleId>): Failure | null {
    const { operation } = event;
    if (isWhole(operation)) {
      const setting = { ...this.setting, off };
      const judging = { store: this.store, operation, observed: event.outcome, setting };
      const complaint = judgeWhole(judging);
      return complaint && { complaint, part: null, gathered: null };
    }
    for (const part of this.parts(event)) {
      const failure = this.explainPart(part, off);
      if (failure !== null) return failure;
    }
    return null;
  }

  /** One part for all, as long as there are not many ways to see it; else page by page. */
  private parts(event: LogEvent): readonly Part[] {
    const parts = partsOf(event);
    const whole = wholeOf(event, parts);
    return whole ? [whole] : parts;
  }

  private explainPart(part: Part, off: ReadonlySet<RuleId>): Failure | null {
    const gathered = this.store.gather(part.names);
    const { group, left } = gathered;
    const setting: Setting = { ...this.setting, off, left };
    const pieces: Piece[] = [];
    const complaints: Complaint[] = [];
    for (const piece of group.pieces) {
      const found = explainedFrom(part, group.names, piece, setting);
      for (const after of found.pieces) pieces.push(after);
      complaints.push(...found.complaints);
    }
    if (pieces.length > 0) {
      this.moveOn(part, gathered, pieces);
      return null;
    }
    const complaint = complaintOf(complaints);
    return { complaint, part, gathered };
  }

  private moveOn(part: Part, gathered: Gathered, pieces: readonly Piece[]): void {
    const { names } = gathered.group;
    this.countStrays(part, gathered, pieces);
    const stays = (field: keyof Names, at: number): boolean =>
      !(field === "pages" && names.pages[at] === strayPage) &&
      !(field === "slots" && names.slots[at] === straySlot);
    const left: Names = {
      ...names,
      pages: names.pages.filter((handle) => handle !== strayPage),
      slots: names.slots.filter((slot) => slot !== straySlot),
    };
    this.store.commit(
      gathered,
      left,
      pieces.map((piece) => pieceWhere(piece, stays)),
    );
    this.forgetCopies(part, names, pieces);
  }

  /** Pages and slots that nobody saw come, and those that turn out to be one of them. */
  private countStrays(part: Part, { group }: Gathered, pieces: readonly Piece[]): void {
    const { names } = group;
    const { store } = this;
    const given = part.observed;
    for (const [at, handle] of names.pages.entries())
      if (handle === strayPage) store.strayPages += pieces.some(({ pages }) => pages[at]) ? 1 : 0;
      else if (
        store.strayPages > 0 &&
        store.flatPage(handle) === null &&
        pieces.every(({ pages }) => pages[at]) &&
        !(typeof given === "object" && (given.kind === "pages" || given.kind === "page"))
      )
        store.strayPages--;
    for (const [at, slot] of names.slots.entries())
      if (slot === straySlot) store.straySlots += pieces.some(({ slots }) => slots[at]) ? 1 : 0;
  }

  /** Copies of a page that is gone are copies of nobody; of one that may be gone, who knows. */
  private forgetCopies({ operation }: Part, names: Names, pieces: readonly Piece[]): void {
    const gone = operation.kind === "free" ? [operation.handle] : swappedOut(operation);
    for (const handle of gone) {
      const at = names.pages.indexOf(handle);
      const stays = pieces.some(({ pages }) => pages[at]);
      if (stays && pieces.every(({ pages }) => pages[at])) continue;
      for (const copy of this.store.takeCopies(handle))
        this.store.setCopyOf(copy, handle, stays ? anyPage : null);
    }
  }

  private forget(event: LogEvent): void {
    const { operation } = event;
    if (isWhole(operation)) {
      if (operation.kind === "swapoff") this.store.forgetSlots();
      else this.store.forgetFiles();
      return;
    }
    for (const { names } of partsOf(event)) this.store.forget(withoutStrays(names));
  }

  /** Goes on from what the entry shows, whatever was known before. */
  private believe(event: LogEvent): void {
    const off = new Set(this.setting.off);
    this.forget(event);
    for (let tries = 0; tries <= mostRulesOff; tries++) {
      const failure = this.explain(event, off);
      if (failure === null) break;
      if (failure.complaint.kind === "ill-formed") return;
      off.add(failure.complaint.rule);
    }
    if (off.size > this.setting.off.size) this.showAsSeen(event);
  }

  /** A page that was handed over looks as it was seen, although the contract says otherwise. */
  private showAsSeen({ outcome }: LogEvent): void {
    if (typeof outcome !== "object") return;
    if (outcome.kind === "page" && outcome.handle !== undefined)
      this.showPage(outcome.handle, outcome.seen ?? {});
    if (outcome.kind === "pages")
      for (const [at, handle] of (outcome.handles ?? []).entries())
        this.showPage(handle, outcome.seen?.[at] ?? {});
  }

  private showPage(handle: number, { tagged, tags, bytes }: ObservedSeen): void {
    const gathered = this.store.gather({ ...noNames, pages: [handle] });
    const { names, pieces } = gathered.group;
    const at = names.pages.indexOf(handle);
    const text = typeof tags === "string" || tags === undefined ? tags : tagText(tags);
    const shown = pieces.map((piece) => ({
      ...piece,
      pages: piece.pages.map((page, each) => {
        if (page === null || each !== at) return page;
        const flagged = tagged ?? page.tags !== null;
        return {
          ...page,
          tags: flagged ? (text ?? page.tags) : null,
          bytes: bytes ?? page.bytes,
        };
      }),
    }));
    this.store.commit(gathered, names, shown);
  }
}

const swappedOut = (operation: Operation): readonly number[] =>
  operation.kind === "swap-out" ? operation.handles : [];

const withoutStrays = (names: Names): Names => ({
  ...names,
  pages: names.pages.filter((handle) => handle !== strayPage),
  slots: names.slots.filter((slot) => slot !== straySlot),
});
