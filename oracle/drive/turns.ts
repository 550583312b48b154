/**
 * Whose turn it is. What a run has rarely asked comes before what it has asked often, so that what
 * is seldom possible is done when it is; some disorder, so that the same is not always before the
 * same.
 */
import type { Draw } from "./draw.ts";

/** How much of a kind is asked, beside others. */
export type Weighed<Kind> = { readonly kind: Kind; readonly weight: number };

/** Zero leaves a kind out of the run: what is never done cannot hide what the rest does. */
const weights = [0, 0.3, 1, 1, 3] as const;

export const drawWeight = (draw: Draw): number => draw.pick(weights) ?? 1;

/** What was asked half as often as something else may come after it. */
const mostDisorder = 100;

export class Turns<Kind> {
  private readonly draw: Draw;
  private readonly weighed: readonly Weighed<Kind>[];
  private readonly asked = new Map<Kind, number>();

  constructor(draw: Draw, weighed: readonly Weighed<Kind>[]) {
    this.draw = draw;
    this.weighed = weighed;
  }

  note(kind: Kind): void {
    this.asked.set(kind, this.timesOf(kind) + 1);
  }

  /** The rarest for its weight first, with disorder. */
  inOrder(): readonly Kind[] {
    return this.weighed
      .map(({ kind, weight }) => {
        const disorder = this.draw.between(0, mostDisorder) / mostDisorder;
        const times = this.timesOf(kind);
        return { kind, turn: (times + disorder * (1 + times)) / weight };
      })
      .toSorted((one, other) => one.turn - other.turn)
      .map(({ kind }) => kind);
  }

  private timesOf(kind: Kind): number {
    return this.asked.get(kind) ?? 0;
  }
}
