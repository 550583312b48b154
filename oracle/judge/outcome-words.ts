/** What was seen of an operation on pages, in words that complete "the caller ...". */
import { match, P } from "ts-pattern";
import { describeChoice, describeOutcome } from "../../model/index.ts";
import type { LogEvent, ObservedOutcome, ObservedSeen } from "../log/index.ts";
import { tagNumbers } from "./values.ts";

const lookOf = ({ tagged, tags, bytes }: ObservedSeen) => ({
  ...(tagged === undefined ? {} : { tagged }),
  ...(tags === undefined ? {} : { tags: typeof tags === "string" ? tagNumbers(tags) : tags }),
  ...(bytes === undefined ? {} : { bytes }),
});

/** Completes "the caller ...", also where not everything was seen. */
const observedWords = (outcome: ObservedOutcome): string =>
  match(outcome)
    .with({ kind: "pages", handles: P.array() }, ({ handles, seen = [] }) =>
      describeOutcome({ kind: "pages", handles, seen: seen.map(lookOf) }),
    )
    .with({ kind: "pages" }, () => "gets pages, nobody saw which")
    .with({ kind: "page", handle: P.number }, ({ handle, seen = {} }) =>
      describeOutcome({ kind: "page", handle, seen: lookOf(seen) }),
    )
    .with({ kind: "page" }, () => "gets a page, nobody saw which")
    .with({ kind: "tag", tag: P.number }, describeOutcome)
    .with({ kind: "tag" }, () => "reads a tag, nobody saw which")
    .with({ kind: P.union("bytes", "hit"), bytes: P.number }, describeOutcome)
    .with({ kind: "bytes" }, () => "reads bytes, nobody saw which")
    .with({ kind: "hit" }, () => "hits, nobody saw what")
    .with({ kind: "swapped", slots: P.array() }, ({ slots }) =>
      describeOutcome({ kind: "swapped", slots }),
    )
    .with({ kind: "swapped" }, () => "gets slots, nobody saw which")
    .with({ kind: "miss" }, ({ touched = false }) => describeOutcome({ kind: "miss", touched }))
    .with({ kind: "slot", freed: P.boolean }, describeOutcome)
    .with({ kind: "slot" }, () => "is done with the slot")
    .with({ kind: "save-failed" }, ({ entriesLeft = 0 }) =>
      describeOutcome({ kind: "save-failed", entriesLeft }),
    )
    .with({ kind: P.union("done", "no-memory", "failed") }, describeOutcome)
    .exhaustive();

const choiceWords = ({ choice }: LogEvent): string =>
  choice && choice.kind !== "none" ? ` (${describeChoice(choice)})` : "";

/** How a call ended, as far as anybody saw; completes "the caller ...". */
export const outcomeWords = (event: LogEvent): string => {
  const { outcome } = event;
  if (outcome === undefined) return "nobody saw how it ended";
  if (outcome === "unknown") return "nobody knows whether it happened";
  return `${observedWords(outcome)}${choiceWords(event)}`;
};
