/**
 * Keys that go together: a folio when the page cache treats all of it alike, else the page itself.
 * A unit is its first key and its length, one or two; there is nothing to allocate.
 */
import { residence } from "../codes.ts";
import { byte, word } from "../columns.ts";
import { Divisor } from "../divisor.ts";
import type { Kit } from "../kit.ts";
import { kindOf } from "../operations.ts";
import type { Registers } from "../registers.ts";
import { choiceOf, outcomeOf } from "../report.ts";

export class Units {
  private readonly kit: Kit;
  private readonly folio: number;
  private readonly pagesOfFile: Divisor;

  constructor(kit: Kit) {
    this.kit = kit;
    this.folio = 2 ** kit.scope.folioOrder;
    this.pagesOfFile = new Divisor(kit.scope.pagesPerFile);
  }

  fileOf(key: number): number {
    return this.pagesOfFile.quotient(key);
  }

  indexOf(key: number): number {
    return this.pagesOfFile.remainder(key);
  }

  keyOf(file: number, index: number): number {
    return file * this.pagesOfFile.divisor + index;
  }

  /** The first key of the folio of a key: the one whose lock counts. */
  folioOf(key: number): number {
    if (this.folio === 1) return key;
    return key - (this.indexOf(key) & (this.folio - 1));
  }

  isWhole(key: number, resident: number): boolean {
    if (this.folio === 1) return false;
    const { cached } = this.kit.state;
    const first = this.folioOf(key);
    return (
      byte(cached.resident, first) === resident && byte(cached.resident, first + 1) === resident
    );
  }

  /** Keys that are read together. */
  missingFirst({ key }: Registers): number {
    return this.isWhole(key, residence.none) ? this.folioOf(key) : key;
  }

  missingLength({ key }: Registers): number {
    return this.isWhole(key, residence.none) ? 2 : 1;
  }

  /** Keys that are put together. */
  cleanFirst({ key }: Registers): number {
    return this.isWhole(key, residence.clean) ? this.folioOf(key) : key;
  }

  cleanLength({ key }: Registers): number {
    return this.isWhole(key, residence.clean) ? 2 : 1;
  }

  /** An operation on one key takes effect inside another. */
  report(kind: number, key: number, outcome: number, value = 0): void {
    this.kit.report.within(kind, this.fileOf(key), this.indexOf(key), 0, outcome, value);
  }

  reportPut(key: number, choice: number): void {
    const bytes = word(this.kit.state.cached.bytes, key);
    const { report } = this.kit;
    report.within(
      kindOf.put,
      this.fileOf(key),
      this.indexOf(key),
      bytes,
      outcomeOf.done,
      0,
      choice,
    );
  }

  reportMissed(actor: Registers): void {
    const first = this.missingFirst(actor);
    const length = this.missingLength(actor);
    for (let key = first; key < first + length; key++) this.report(kindOf.get, key, outcomeOf.miss);
  }

  reportDroppedPut(actor: Registers): void {
    const first = this.cleanFirst(actor);
    const length = this.cleanLength(actor);
    for (let key = first; key < first + length; key++) this.reportPut(key, choiceOf.dropped);
  }
}
