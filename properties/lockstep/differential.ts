/**
 * The cache may lose what it keeps at any moment, so whoever reads files must not be able to tell
 * whether there is one: the same work with the cache on, with every put refused, and with no cache at
 * all tells its callers the same. Handles are among what is told: they are the smallest free numbers,
 * wherever the pages lie.
 *
 * There is one exception that this file stays out of: after a write-back that failed, a reader may
 * see the old bytes or the new ones, depending on whether the page stayed in memory. A manager that
 * decides by itself lets no write-back fail.
 */
import {
  kindOf,
  Manager,
  type ManagerOptions,
  marksOfReport,
  outcomeKinds,
  type PackedOperation,
  type Patch,
  packOperation,
  reply,
  unpackOperation,
} from "../../impl/index.ts";
import {
  at,
  type Design,
  describeOperation,
  Machinery,
  type Mark,
  type Scope,
} from "../../model/index.ts";

/** One manager of several that do the same work. */
export type Side = { readonly name: string; readonly manager: Manager };

/** A put that has decided to store refuses instead; the rest of the design is as it was. */
const refusingPuts: Patch = ({ scripts }) => {
  const evict = scripts.evict;
  const claim = evict?.actions["put-claim"];
  if (!evict || !claim) return scripts;
  const refused = -1;
  const refusing = {
    ...claim,
    do: (actor: Parameters<typeof claim.do>[0]) => claim.do(actor, refused),
  };
  return { ...scripts, evict: { ...evict, actions: { ...evict.actions, "put-claim": refusing } } };
};

/** A wish: a kind of operation, and a number that picks its arguments among what is possible. */
export type Wish = { readonly kind: number; readonly pick: number };

/** What was done and told, once for every side. */
export type Differing = { readonly operation: string; readonly told: readonly string[] };

/** What one side answers: whether it did it, and what its caller learns from that. */
const answerOf = ({ manager }: Side, [kind, first, second, third]: PackedOperation): string => {
  const did = manager.run(0, kind, first, second, third);
  if (did !== reply.ran) return `not done (${did})`;
  const { outcome, value } = manager.report;
  return `${outcomeKinds[outcome] ?? "nothing"} ${value}`;
};

/** The work of one caller, done by all sides alike. */
export class Differential {
  readonly sides: readonly Side[];
  /** How often each side came across what is worth coming across. */
  readonly marks: readonly Map<Mark, number>[];
  /** What was read, in all: the outcomes that the sides are compared in. */
  reads = 0;
  operations = 0;
  private readonly fresh: readonly Uint8Array[];
  /** By kind: all that can ever be asked. */
  private readonly asked: ReadonlyMap<number, readonly PackedOperation[]>;

  constructor(sides: readonly Side[], design: Design, scope: Scope) {
    this.sides = sides;
    this.marks = sides.map(() => new Map());
    this.fresh = sides.map(({ manager }) => manager.snapshot());
    const asked = new Map<number, PackedOperation[]>();
    for (const operation of new Machinery(design, scope).operations) {
      const packed = operation && packOperation(operation);
      if (packed) asked.set(packed[0], [...(asked.get(packed[0]) ?? []), packed]);
    }
    this.asked = asked;
  }

  reset(): void {
    for (const [index, { manager }] of this.sides.entries()) manager.restore(at(this.fresh, index));
  }

  /** All sides do what a wish means now; null where they tell the same. */
  do({ kind, pick }: Wish): Differing | null {
    if (kind === kindOf.drop) {
      this.drop(pick);
      return null;
    }
    const possible = this.possible(at(this.sides, 0), kind);
    if (possible.length === 0) return null;
    const operation = at(possible, pick % possible.length);
    const told = this.sides.map((side) => answerOf(side, operation));
    this.operations++;
    if (reading.has(kind)) this.reads++;
    for (const [index, { manager }] of this.sides.entries()) this.count(index, manager);
    if (told.every((each) => each === told[0])) return null;
    return { operation: describeOperation(unpackOperation(operation)), told };
  }

  /** Memory pressure takes copies away: from each side those that it has. */
  private drop(pick: number): void {
    for (const side of this.sides) {
      const possible = this.possible(side, kindOf.drop);
      if (possible.length > 0) answerOf(side, at(possible, pick % possible.length));
    }
  }

  private possible({ manager }: Side, kind: number): readonly PackedOperation[] {
    return (this.asked.get(kind) ?? []).filter((operation) => manager.couldBegin(0, 1, operation));
  }

  private count(index: number, manager: Manager): void {
    const marks = at(this.marks, index);
    for (const mark of marksOfReport(manager)) marks.set(mark, (marks.get(mark) ?? 0) + 1);
  }
}

const reading: ReadonlySet<number> = new Set([
  kindOf["read-file"],
  kindOf["read-tag"],
  kindOf["read-bytes"],
  kindOf["swap-in"],
]);

/** One actor, who may touch everybody's pages and does everything; nothing fails, nobody pins. */
export const aloneIn = (scope: Scope): Scope => ({
  ...scope,
  pins: 0,
  mayFail: false,
  actors: [
    {
      name: "task",
      kind: "task",
      cpu: 0,
      owner: 0,
      everyones: true,
      may: [...new Set(scope.actors.flatMap(({ may }) => may))],
    },
  ],
});

/**
 * The sides of a cache: on, on with every put refused, and off.
 *
 * @param planted what is wrong with the cache that is on; nothing where it is left out
 */
export const sidesOf = (
  cache: Design,
  none: Design,
  scope: Scope,
  planted?: Patch,
): readonly Side[] => {
  const side = (name: string, design: Design, options: ManagerOptions = {}): Side => ({
    name,
    manager: new Manager(design, scope, { lists: true, ...options }),
  });
  return [
    side("off", none),
    side("every put refused", cache, { patch: refusingPuts }),
    side("on", cache, planted ? { patch: planted } : {}),
  ];
};
