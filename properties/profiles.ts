/**
 * Demands other than those of ordinary processes, under which any design can be explored: who needs
 * tags, and in which context. A profile changes what the actors of a scope ask for, and nothing of
 * the design, so a counterexample holds all of it. A design that is configured to refuse kernel tags
 * refuses them here too.
 *
 * What HW KASAN needs beside, a page tag in page->flags that is published in the right order, is a
 * variant of its own (`cleancache-coloured`): the order is the same in every design.
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

const isKernel = ({ kind, everyones }: ActorSpec): boolean => kind === "interrupt" || everyones;

/** What a kernel thread or an interrupt asks for once each page that it takes has to be tagged. */
const tagging = ({ kind, everyones, may }: ActorSpec): readonly Offer[] => {
  if (kind === "interrupt")
    return and(without(may, "allocate-untagged"), "allocate-tagged", "free");
  if (!everyones || !may.includes("allocate-untagged")) return may;
  return and(without(may, "allocate-untagged"), "allocate-tagged");
};

/**
 * Each page that the kernel takes for itself is tagged and stays where it is: in its threads, and in
 * interrupts, of which there is one in nearly every scope.
 */
const forKernel = (scope: Scope): Scope => {
  /** Where files go and come an interrupt that the design has no use for would only multiply states. */
  const isInterrupted = scope.actors.some(
    ({ kind, may }) => kind === "interrupt" || may.includes("unlink"),
  );
  const actors = isInterrupted ? scope.actors : [...scope.actors, interrupt];
  return {
    ...scope,
    actors: actors.map((actor) =>
      isKernel(actor) ? { ...actor, unmovable: true, may: tagging(actor) } : actor,
    ),
  };
};

/**
 * A guest may tag any of its memory without the host seeing it, so all of it counts as tagged from the
 * start; the process that runs it maps it untagged, and its pages come back from swap, and by
 * swapoff, through that.
 */
const forGuest = (scope: Scope): Scope => ({
  ...scope,
  actors: scope.actors.map((actor) => {
    const swaps = actor.may.some((offer) => offer === "swap-in-fault" || offer === "swap-in-shmem");
    const swapsOff = actor.may.includes("swap-in-swapoff");
    const may = without(
      actor.may,
      "allocate-untagged",
      "enable-tags",
      "swap-in-fault",
      "swap-in-shmem",
      "swap-in-swapoff",
    );
    return {
      ...actor,
      may: and(
        may,
        ...(actor.may.includes("allocate-untagged") ? (["allocate-tagged"] as const) : []),
        ...(swaps ? (["swap-in-untagged"] as const) : []),
        ...(swapsOff ? (["swap-in-swapoff-untagged"] as const) : []),
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
