/**
 * A row of the table: one named sentence over the runs of a design, with its source. A row builds
 * what the checker judges for one design in one scope, or says why it does not apply.
 */
import type { Property } from "../checker/index.ts";
import type { Event, Machinery, Move, Operation, RuleId, World } from "../model/index.ts";

export type DesignProperty = Property<World, Move, Event>;

export type Row = {
  /** kebab-case */
  readonly id: string;
  readonly theme: "safety" | "cache" | "service";
  readonly kind: DesignProperty["kind"];
  readonly sentence: string;
  readonly source: string;
  /** Numbers of docs/assumptions.md that a verdict on this row rests on. */
  readonly assumptions: readonly string[];
  /** Only in these slices: elsewhere the question is another one, or its graph too large. */
  readonly slices?: readonly string[];
  /** Speaks of one frame or another by its name: then none may be exchanged with another. */
  readonly namesPlaces?: true;
  /** Why the row says nothing about the design; `null` where it does. */
  readonly appliesNot?: (machinery: Machinery) => string | null;
  /** Ids may repeat the row's with a suffix: the row holds when all of them do. */
  readonly build: (machinery: Machinery, slice: string) => readonly DesignProperty[];
};

type Committed = Extract<Event, { kind: "committed" }>;

const isCommitted = (event: Event): event is Committed => event.kind === "committed";
export const commitsOf = (events: readonly Event[]): readonly Committed[] =>
  events.filter(isCommitted);

/** The row of some rules of the contract: no commit is refused by any of them. */
export const rulesRow = (
  row: Omit<Row, "build" | "kind" | "theme"> & { readonly theme?: Row["theme"] },
  rules: readonly RuleId[],
  governs: (operation: Operation, outcome: string) => boolean,
): Row => {
  const wanted: ReadonlySet<string> = new Set(rules);
  return {
    theme: "safety",
    ...row,
    kind: "step",
    build: () => [
      {
        kind: "step",
        id: row.id,
        premise: ({ events }) => {
          for (const event of events)
            if (isCommitted(event) && governs(event.operation, event.outcome)) return true;
          return false;
        },
        judge: ({ events }) => {
          for (const event of events) {
            if (!isCommitted(event)) continue;
            for (const { rule, cause } of event.refusals)
              if (wanted.has(rule)) return `${rule}: ${cause}`;
          }
          return null;
        },
      },
    ],
  };
};

/** The row of one thing that is true in every state. */
export const stateRow = (
  row: Omit<Row, "build" | "kind" | "theme">,
  judge: (machinery: Machinery, world: World, moves: readonly Move[]) => string | null,
  premise: (machinery: Machinery, world: World) => boolean = () => true,
): Row => ({
  theme: "safety",
  ...row,
  kind: "always",
  build: (machinery) => [
    {
      kind: "always",
      id: row.id,
      premise: (world) => premise(machinery, world),
      judge: (world, moves) => judge(machinery, world, moves),
    },
  ],
});
