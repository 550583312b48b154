/** What happens in a step in the words of the field: what the environment does, and the events. */
import { match } from "ts-pattern";
import { describeDeed, describeOperation, type Environment, type Event } from "../model/index.ts";

/** What the world did on its own; completes "the environment ...". */
export const describeEnvironment = (does: Environment): string =>
  match(does)
    .with({ kind: "pin" }, ({ handle }) => `pins page ${handle}`)
    .with({ kind: "unpin" }, ({ handle }) => `lets page ${handle} go`)
    .with(
      { kind: "write-back-data" },
      ({ storage }) => `writes the dirty data line of storage page ${storage} back`,
    )
    .with(
      { kind: "write-back-tags" },
      ({ frame }) => `writes the dirty tag line of frame ${frame} back`,
    )
    .with({ kind: "own" }, ({ name, object }) => describeDeed(name, object))
    .exhaustive();

/** The events of a step, one line for each thing that a reader wants to know of. */
export const describeEvent = (event: Event): readonly string[] =>
  match(event)
    .returnType<readonly string[]>()
    .with({ kind: "committed" }, ({ operation, outcome, refusals, illFormed }) => [
      `takes effect: ${describeOperation(operation)}: ${outcome}`,
      ...refusals.map(({ rule, cause }) => `the contract refuses it, ${rule}: ${cause}`),
      ...(illFormed === null ? [] : [`nobody may ask that here: ${illFormed}`]),
    ])
    .with({ kind: "slept-in-atomic" }, ({ what }) => [`may sleep in atomic context: ${what}`])
    .with({ kind: "claimed" }, ({ atomic }) => [
      `begins to claim tag storage${atomic ? ", in atomic context" : ""}`,
    ])
    .with({ kind: "ended" }, () => ["the operation ends"])
    .with({ kind: "marked" }, ({ mark }) => [`note: ${mark}`])
    .exhaustive();
