/**
 * Runs as a fast-check arbitrary. Generating walks both floors at once, so that the walk is not done
 * twice; what it came to is remembered beside the run. A run shrinks by leaving steps out, largest
 * pieces first, and what is left is done again.
 */
import * as fc from "fast-check";
import type { Design, Scope } from "../../model/index.ts";
import type { Floors, Under } from "./floors.ts";
import { drawSwarm, type Walked, walk } from "./generate.ts";
import { redo } from "./redo.ts";
import type { Run, Step } from "./run.ts";
import { floorsOf } from "./under-test.ts";

/** Where runs of a suite happen: what is under test, once for each scope. */
export class Arena {
  readonly theme: string;
  readonly design: Design;
  readonly scope: Scope;
  readonly lists: boolean;
  private readonly under: Under;
  private built: Floors | null = null;

  constructor(theme: string, design: Design, scope: Scope, lists: boolean, under: Under) {
    this.theme = theme;
    this.design = design;
    this.scope = scope;
    this.lists = lists;
    this.under = under;
  }

  /** Built when the first run happens in it. */
  get lockstep(): Floors {
    this.built ??= floorsOf(this.design, this.scope, this.lists, this.under);
    return this.built;
  }
}

export type Watcher = (arena: Arena, step: Step) => void;

export class RunArbitrary extends fc.Arbitrary<Run> {
  private readonly arenas: readonly Arena[];
  private readonly length: number;
  private readonly watch: Watcher;
  private readonly walked = new WeakMap<Run, Walked>();

  constructor(arenas: readonly Arena[], length: number, watch: Watcher) {
    super();
    this.arenas = arenas;
    this.length = length;
    this.watch = watch;
  }

  override generate(source: fc.Random): fc.Value<Run> {
    const random = (below: number): number => source.nextInt(0, below - 1);
    const arena = this.arenas[random(this.arenas.length)];
    if (!arena) throw new Error("a suite has a scope at least");
    const { lockstep } = arena;
    const swarm = drawSwarm(random, lockstep);
    const walked = walk(random, lockstep, swarm, this.length, (step) => this.watch(arena, step));
    return this.remembered(arena, swarm, walked);
  }

  private remembered(arena: Arena, swarm: Run["swarm"], walked: Walked): fc.Value<Run> {
    const { theme, design, lists, scope } = arena;
    const run: Run = { theme, design: design.name, scope, lists, swarm, steps: walked.steps };
    this.walked.set(run, walked);
    return new fc.Value(run, arena);
  }

  override canShrinkWithoutContext(_value: unknown): _value is Run {
    return false;
  }

  override shrink(run: Run, context: unknown): fc.Stream<fc.Value<Run>> {
    const arena = this.arenas.find((each) => each === context);
    return arena ? fc.stream(this.shorter(arena, run)) : fc.Stream.nil();
  }

  private *shorter(arena: Arena, run: Run): IterableIterator<fc.Value<Run>> {
    const { steps } = run;
    for (let size = Math.ceil(steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
      for (let first = 0; first < steps.length; first += size) {
        const left = [...steps.slice(0, first), ...steps.slice(first + size)];
        const walked = redo(arena.lockstep, left);
        if (walked.steps.length < steps.length) yield this.remembered(arena, run.swarm, walked);
      }
    }
  }

  /** What the run came to. */
  outcomeOf(run: Run): Walked {
    const walked = this.walked.get(run);
    if (!walked) throw new Error("a run of another suite");
    return walked;
  }
}
