/** The operations of a machinery by what they are: for whoever has one in hand and needs its number. */
import { at } from "../world/site.ts";
import type { Job } from "./job.ts";

/** Equal for equal operations, in whatever order their fields were written. */
const nameOf = (operation: Job): string =>
  JSON.stringify(Object.entries(operation).sort(([a], [b]) => (a < b ? -1 : 1)));

export class Catalogue {
  private readonly numbers: readonly ReadonlyMap<string, number>[];

  /** @param offers by actor, the numbers of what it may ask for */
  constructor(
    operations: readonly (Job | null)[],
    offers: readonly (readonly { readonly number: number }[])[],
  ) {
    this.numbers = offers.map((his) => {
      const numbers = new Map<string, number>();
      for (const { number } of his) {
        const operation = operations[number];
        if (operation) numbers.set(nameOf(operation), number);
      }
      return numbers;
    });
  }

  /** Null where the actor may not ask for it. */
  numberOf(actor: number, operation: Job): number | null {
    return at(this.numbers, actor).get(nameOf(operation)) ?? null;
  }
}
