/**
 * A design whose callers are content with few pages. Where blocks are large there are many pages, and
 * what makes a scope of many pages too large to exhaust is that callers take all of them. Here nobody
 * begins to take a page while so many are taken. Every run is a run of the design.
 */
import { at, type Design, Machinery, type Move, type Scope, type World } from "../model/index.ts";
import type { Slice } from "./slices.ts";

/** Operations that end with a page more in a caller's hands. */
const takingPages: ReadonlySet<string> = new Set(["allocate", "copy", "swap-in"]);

class FrugalMachinery extends Machinery {
  private readonly mostHeld: number;

  constructor(design: Design, scope: Scope, mostHeld: number) {
    super(design, scope);
    this.mostHeld = mostHeld;
  }

  protected override movesOf(world: World, actor: number, moves: Move[]): void {
    const his: Move[] = [];
    super.movesOf(world, actor, his);
    const content = this.pagesTaken(world) >= this.mostHeld;
    for (const move of his) if (!content || !this.beginsToTake(move)) moves.push(move);
  }

  /** In callers' hands, or on the way there. */
  private pagesTaken({ held, actors }: World): number {
    const taken = held.filter(({ state }) => state !== "none").length;
    const underWay = actors.filter(({ operation, commits }) => {
      const job = this.operations[operation];
      return commits === 0 && takingPages.has(job?.kind ?? "");
    });
    return taken + underWay.length;
  }

  private beginsToTake(move: Move): boolean {
    if (move.kind !== "act" || move.starts === null) return false;
    return takingPages.has(at(this.operations, move.starts)?.kind ?? "");
  }
}

/** What runs a design in a slice. */
export const machineryOf = (
  design: Design,
  { scope, mostHeld }: Pick<Slice, "scope" | "mostHeld">,
): Machinery =>
  mostHeld === undefined
    ? new Machinery(design, scope)
    : new FrugalMachinery(design, scope, mostHeld);
