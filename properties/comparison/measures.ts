/** What the table of costs says of a design: each measure with its sentence and its unit. */
import type { Compared } from "./compare.ts";
import type { Costs } from "./costs.ts";

export type Measure = {
  /** At most eight characters: the head of a column. */
  readonly short: string;
  readonly sentence: string;
  readonly of: (costs: Costs, compared: Compared) => string;
};

const whole = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;

export const measures: readonly Measure[] = [
  {
    short: "moves",
    sentence: "pages of data moved so that tags could have a place, by a claim or by a fault",
    of: ({ moves }) => whole(moves),
  },
  {
    short: "drops",
    sentence: "copies of file pages that claims dropped (and the most that one claim did)",
    of: ({ dropsByClaims, mostDroppedAtOnce }) => `${whole(dropsByClaims)} (${mostDroppedAtOnce})`,
  },
  {
    short: "refetch",
    sentence: "reads from the disk of what had been read before (a folio counts once)",
    of: ({ refetches }) => whole(refetches),
  },
  {
    short: "maint.",
    sentence: "cache maintenance, by block or page",
    of: ({ maintenance }) => whole(maintenance),
  },
  {
    short: "a claim",
    sentence: "the most actions of one claim",
    of: ({ worstClaim }) => whole(worstClaim),
  },
  {
    short: "a fault",
    sentence: "the most actions of one fault that gives a page its tags",
    of: ({ worstFault }) => whole(worstFault),
  },
  {
    short: "no mem.",
    sentence: "requests for a page that were told there is none, before memory was made free",
    of: ({ noMemory }) => whole(noMemory),
  },
  {
    short: "serves",
    sentence: "share of the tag storage that held data, on the average",
    of: ({ storageServing }) => percent(storageServing),
  },
  {
    short: "untagged",
    sentence: "share of the memory for data that can never be tagged",
    of: (_costs, { neverTaggable }) => percent(neverTaggable),
  },
  {
    short: "hooks",
    sentence: "functions of the kernel in which the design has to be called",
    of: (_costs, { hooks }) => whole(hooks.length),
  },
];
