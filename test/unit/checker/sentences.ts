/** Properties and summaries that several tests use. */
import type { Exploration, Property } from "../../../checker/index.ts";
import type { Counter } from "./toys.ts";

export type CounterProperty = Property<Counter, string, string>;

export const below = (limit: number): CounterProperty => ({
  id: `below-${limit}`,
  kind: "always",
  judge: ({ value }) => (value < limit ? null : `${value} is not below ${limit}`),
});

export const marks = (name: string): CounterProperty => ({
  id: `some-${name}`,
  kind: "reach",
  mark: ({ events }) => events.includes(name),
});

/** The kind of each verdict, by the id of its property. */
export function kindsOf<Move>({ verdicts }: Exploration<Move>): Record<string, string> {
  return Object.fromEntries([...verdicts].map(([id, { kind }]) => [id, kind]));
}
