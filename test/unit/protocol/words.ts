/** What a page shows, in all readings of an observation. */
import type { Seen } from "../../../model/index.ts";
import { type Observation, readingsOf } from "../../../oracle/index.ts";

export const seenOf = (observation: Observation): readonly Seen[] =>
  readingsOf(observation).flatMap((outcome) => {
    if (outcome.kind === "pages") return outcome.seen;
    return outcome.kind === "page" ? [outcome.seen] : [];
  });
