/**
 * The ghost: contract states interned, so that a world carries one number, and every judgement
 * made once. A refusal does not end a run: it is reported, and judging goes on with that rule off,
 * so that every other property is looked at beyond it.
 */
import {
  boot,
  type Choice,
  forgetCauses,
  type Limits,
  type Memory,
  type Operation,
  type Outcome,
  type RuleId,
  step,
} from "../contract/memory/index.ts";

export type Refusal = { readonly rule: RuleId; readonly cause: string };

export type JudgedCommit = {
  readonly truth: number;
  readonly refusals: readonly Refusal[];
  /** No caller may ask that here: the design, not the contract, is at fault. */
  readonly illFormed: string | null;
};

/** An operation takes effect: who decided what, and all that the caller saw. */
export type OperationCommit = {
  readonly operation: Operation;
  readonly choice: Choice;
  readonly outcome: Outcome;
};

/** The same as an event that step properties look at. */
export type Committed = {
  readonly kind: "committed";
  readonly operation: Operation;
  readonly outcome: string;
  /** The commit in full: who decided what, and all that the caller saw. */
  readonly commit: Omit<OperationCommit, "operation">;
  readonly refusals: readonly Refusal[];
  /** No caller may ask that here: the design, not the contract, is at fault. */
  readonly illFormed: string | null;
};

/** Who was copied from whom matters to a repeated copy alone, and no script asks for one. */
const forgetCopies = (memory: Memory): Memory =>
  memory.pages.some((page) => page !== null && page.copyOf !== null)
    ? { ...memory, pages: memory.pages.map((page) => page && { ...page, copyOf: null }) }
    : memory;

export class Judge {
  readonly limits: Limits;
  readonly initial: number;
  private readonly memories: Memory[] = [];
  private readonly ids = new Map<string, number>();
  private readonly names = new WeakMap<Operation, string>();
  private readonly judged = new Map<string, JudgedCommit>();
  private readonly renamed = new Map<string, number>();
  private readonly off: ReadonlySet<RuleId>;
  private readonly causes: boolean;

  /** `causes`: remember why a cache key is empty, for a replay that explains; not for a search. */
  constructor(
    limits: Limits,
    { off = [], causes = false }: { off?: readonly RuleId[]; causes?: boolean } = {},
  ) {
    this.limits = limits;
    this.off = new Set(off);
    this.causes = causes;
    this.initial = this.intern(boot(limits));
  }

  /** How many contract states are remembered. */
  get size(): number {
    return this.memories.length;
  }

  /** Forgets everything but the first state: for a walk that begins anew. */
  forget(): void {
    this.memories.length = 0;
    this.ids.clear();
    this.judged.clear();
    this.renamed.clear();
    this.intern(boot(this.limits));
  }

  memory(truth: number): Memory {
    const memory = this.memories[truth];
    if (!memory) throw new RangeError(`no contract state ${truth}`);
    return memory;
  }

  /** The number of a state with other names in it. `naming` says which, in a short unique form. */
  rename(truth: number, naming: string, renamed: (memory: Memory) => Memory): number {
    const key = `${truth} ${naming}`;
    const known = this.renamed.get(key);
    if (known !== undefined) return known;
    const fresh = this.intern(renamed(this.memory(truth)));
    this.renamed.set(key, fresh);
    return fresh;
  }

  judge(truth: number, operation: Operation, choice: Choice, outcome: Outcome): JudgedCommit {
    const decided = choice.kind === "none" ? "" : JSON.stringify(choice);
    const key = `${truth} ${this.nameOf(operation)} ${decided} ${JSON.stringify(outcome)}`;
    const known = this.judged.get(key);
    if (known) return known;
    const fresh = this.judgeAfresh(truth, operation, choice, outcome);
    this.judged.set(key, fresh);
    return fresh;
  }

  /** The contract steps, in this very world; what came of it, as an event. */
  commit(world: { truth: number }, { operation, choice, outcome }: OperationCommit): Committed {
    const { truth, refusals, illFormed } = this.judge(world.truth, operation, choice, outcome);
    world.truth = truth;
    const commit = { choice, outcome };
    return { kind: "committed", operation, outcome: outcome.kind, commit, refusals, illFormed };
  }

  /** Most operations come from a catalogue, the same object every time: written out once. */
  private nameOf(operation: Operation): string {
    const known = this.names.get(operation);
    if (known !== undefined) return known;
    const name = JSON.stringify(operation);
    this.names.set(operation, name);
    return name;
  }

  private judgeAfresh(
    truth: number,
    operation: Operation,
    choice: Choice,
    outcome: Outcome,
  ): JudgedCommit {
    const refusals: Refusal[] = [];
    const off = new Set(this.off);
    for (;;) {
      const judgement = step(
        { limits: this.limits, off },
        this.memory(truth),
        operation,
        choice,
        outcome,
      );
      if (judgement.kind === "ill-formed") return { truth, refusals, illFormed: judgement.why };
      if (judgement.kind === "accepted")
        return { truth: this.intern(judgement.memory), refusals, illFormed: null };
      refusals.push({ rule: judgement.rule, cause: judgement.cause });
      off.add(judgement.rule);
    }
  }

  private intern(memory: Memory): number {
    const canonical = this.causes ? memory : forgetCopies(forgetCauses(memory));
    const key = JSON.stringify(canonical);
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    const id = this.memories.length;
    this.memories.push(canonical);
    this.ids.set(key, id);
    return id;
  }
}
