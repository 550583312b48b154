/**
 * Demands other than those of ordinary processes, under which any design can be explored: who needs
 * tags, and in which context. A profile changes what the actors of a scope ask for, and nothing of
 * the design, so a counterexample holds all of it. A design that is configured to refuse kernel tags
 * refuses them here too.
 *
 * Not told: the page tag in page->flags, and the order in which it is published. The model knows
 * PG_mte_tagged alone; the planted bug `tags-cleared-after-publishing` has that order wrong.
 */
import { match } from "ts-pattern";
import type { ActorSpec, Offer, Scope } from "../model/index.ts";
import type { Slice } from "./slices.ts";

export const profiles = ["processes", "hw-kasan", "mte-guest"] as const;

export type Profile = (typeof profiles)[number];

const without = (offers: readonly Offer[], ...others: readonly Offer[]): readonly Offer[] =>
  offers.filter((offer) => !others.includes(offer));

const and = (offers: readonly Offer[], ...others: readonly Offer[]): readonly Offer[] => [
  ...new Set([...offers, ...others]),
];

/** An interrupt of CPU 0 that takes kernel memory, where a scope has none. */
const interrupt: ActorSpec = {
  name: "interrupt",
  kind: "interrupt",
  cpu: 0,
  owner: 2,
  everyones: false,
  may: ["allocate-tagged", "free"],
};

/** Each page that the kernel takes for itself is tagged: in its threads, and in interrupts. */
const forKernel = (scope: Scope): Scope => {
  const actors = scope.actors.map((actor): ActorSpec => {
    const { kind, everyones, may } = actor;
    if (kind === "task" && !everyones) return actor;
    return { ...actor, may: and(without(may, "allocate-untagged"), "allocate-tagged", "free") };
  });
  const interrupted = actors.some(({ kind }) => kind === "interrupt");
  return { ...scope, actors: interrupted ? actors : [...actors, interrupt] };
};

/**
 * A guest may tag any of its memory without the host seeing it, so all of it counts as tagged from the
 * start; the process that runs it maps it untagged, and its pages come back from swap through that.
 */
const forGuest = (scope: Scope): Scope => ({
  ...scope,
  actors: scope.actors.map((actor) => {
    const swaps = actor.may.some((offer) => offer === "swap-in-fault" || offer === "swap-in-shmem");
    const may = without(
      actor.may,
      "allocate-untagged",
      "enable-tags",
      "swap-in-fault",
      "swap-in-shmem",
    );
    return {
      ...actor,
      may: and(
        may,
        ...(actor.may.includes("allocate-untagged") ? (["allocate-tagged"] as const) : []),
        ...(swaps ? (["swap-in-untagged"] as const) : []),
      ),
    };
  }),
});

/** The same slice under other demands. */
export const profiled = (slice: Slice, profile: Profile): Slice => ({
  ...slice,
  scope: match(profile)
    .with("processes", () => slice.scope)
    .with("hw-kasan", () => forKernel(slice.scope))
    .with("mte-guest", () => forGuest(slice.scope))
    .exhaustive(),
});
