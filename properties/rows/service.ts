/** What callers are owed beside safety: memory when there is some, progress, no waiting in atomic. */
import type { Job, Machinery, Operation, World } from "../../model/index.ts";
import { at } from "../../model/index.ts";
import { commitsOf, type DesignProperty, type Row, rulesRow, stateRow } from "../row.ts";

const noClaims = ({ design }: Machinery): string | null =>
  design.claiming.size === 0 ? "storage is never claimed: it is there for ever" : null;

const noKernelTags = ({ design }: Machinery): string | null =>
  design.kernelTags ? null : "refused by configuration: no kernel tags (HW KASAN)";

const kernelTags = (operation: Operation): boolean =>
  operation.kind === "allocate" && operation.tagged && operation.context === "atomic";

const needsTags = (operation: Job | null): boolean =>
  operation !== null &&
  (operation.kind === "enable-tags" || (operation.kind === "allocate" && operation.tagged));

/** The three hooks in which the discussion would have all claims be made. */
const hooks: Readonly<Record<string, string>> = {
  "enable-tags": "set_ptes",
  copy: "copy_highpage",
  migrate: "copy_highpage",
  "swap-in": "arch_swap_restore",
};

/** Nothing is promised to anybody while every page that could be tagged is somebody's. */
const isShort = ({ site }: Machinery, world: World): boolean =>
  world.frames.every((frame, index) => frame.use === "held" || index >= site.taggableFrames);

/** For each actor of the scope: once `from`, then later idle again, or memory is short. */
const ends = (
  machinery: Machinery,
  id: string,
  actors: (actor: number) => boolean,
  from: (operation: Job | null) => boolean,
): readonly DesignProperty[] =>
  machinery.site.scope.actors.flatMap((actor, index) =>
    actors(index)
      ? [
          {
            kind: "leadsTo" as const,
            id: `${id} (${actor.name})`,
            from: (world) => from(machinery.operationOf(world, index)),
            to: (world) => at(world.actors, index).operation === 0 || isShort(machinery, world),
          },
        ]
      : [],
  );

export const serviceRows: readonly Row[] = [
  rulesRow(
    {
      id: "atomic-tagged-allocation",
      theme: "service",
      sentence:
        "An atomic tagged allocation gives a page that can store its tags if any page was free.",
      source: "LKML 2024-02-20, alternatives to MIGRATE_CMA",
      assumptions: ["A9"],
      appliesNot: noKernelTags,
    },
    ["an-atomic-tagged-page-is-ready", "an-atomic-tagged-allocation-succeeds"],
    kernelTags,
  ),
  rulesRow(
    {
      id: "no-memory-only-when-short",
      theme: "service",
      sentence: "A sleepable caller is told 'no memory' only when memory is short.",
      source: "RFC v1 19/37; the page allocator",
      assumptions: ["A9"],
    },
    ["no-memory-only-when-short"],
    ({ kind }) => kind === "allocate" || kind === "copy" || kind === "swap-in",
  ),
  {
    id: "nothing-sleeps-in-atomic-context",
    theme: "service",
    kind: "step",
    sentence:
      "Nobody sleeps, migrates or waits for a sleeper in an interrupt or under a spin lock.",
    source: "RFC v3 28/35 and its review; I11 of the series' invariants, I21 of cleancache's",
    assumptions: ["A14"],
    build: (machinery) => [
      {
        kind: "step",
        id: "nothing-sleeps-in-atomic-context",
        /** An action that takes a spin lock is atomic from then on, whatever it was before. */
        premise: ({ before, move, events }) =>
          machinery.isAtomicMove(before, move) ||
          events.some(({ kind }) => kind === "slept-in-atomic"),
        judge: ({ events }) => {
          for (const event of events)
            if (event.kind === "slept-in-atomic") return `${event.what} may sleep`;
          return null;
        },
      },
    ],
  },
  {
    ...stateRow(
      {
        id: "no-deadlock",
        sentence: "Somebody can always go on; no interrupt waits for what it interrupted.",
        source: "I24 of cleancache's invariants",
        assumptions: ["A14"],
      },
      (machinery, world, moves) => {
        const { actors } = machinery.site.scope;
        const spins = actors.findIndex((_, actor) => machinery.spinsForEver(world, actor));
        if (spins >= 0) return `${actors[spins]?.name} spins on a lock of what it interrupted`;
        const working = (actor: number) => at(world.actors, actor).operation > 0;
        const busy = actors.some((_, actor) => working(actor));
        const goesOn = moves.some((move) => move.kind === "act" && working(move.actor));
        return busy && !goesOn ? "nobody who is at work can go on" : null;
      },
      (_machinery, world) => world.actors.some((actor) => actor.operation > 0),
    ),
    theme: "service",
  },
  {
    id: "every-operation-ends",
    theme: "service",
    kind: "leadsTo",
    sentence:
      "Every operation that was started ends, if nobody pins pages and memory is not short.",
    source: "I13 of the series' invariants",
    assumptions: ["A10"],
    slices: ["tags", "threads", "moves", "swapoff"],
    build: (machinery) =>
      ends(
        machinery,
        "every-operation-ends",
        () => true,
        (operation) => operation !== null,
      ),
  },
  {
    id: "pins-stop-no-tagged-access",
    theme: "service",
    kind: "leadsTo",
    sentence:
      "Nobody who pins pages keeps another from its tagged page for ever while memory is free.",
    source: "LKML 2024-02-20; RFC v2 19/27 review (vmsplice, O_DIRECT)",
    assumptions: ["A10", "A11"],
    slices: ["unpinned", "pins"],
    build: (machinery) =>
      ends(machinery, "pins-stop-no-tagged-access", (actor) => actor === 0, needsTags),
  },
  {
    id: "a-claim-is-bounded",
    theme: "service",
    kind: "always",
    sentence: "A claim of tag storage takes a bounded number of its own actions.",
    source: "I21 of cleancache's invariants; cma_alloc_range() with its tries",
    assumptions: [],
    appliesNot: noClaims,
    build: (machinery) => {
      const most = machinery.design.claimBound?.(machinery.site.scope) ?? 0;
      return [
        {
          kind: "always",
          id: "a-claim-is-bounded",
          premise: (world) => world.actors.some((actor) => actor.claiming > 0),
          judge: (world) => {
            const long = world.actors.findIndex((actor) => actor.claiming > most);
            return long < 0
              ? null
              : `actor ${long} has made more than ${most} actions in one claim`;
          },
        },
      ];
    },
  },
  {
    id: "every-page-can-be-tagged",
    theme: "service",
    kind: "canAlways",
    sentence: "From every state each page that is no tag storage can still become a tagged page.",
    namesPlaces: true,
    source: "LKML 2024-02-20: with CMA as the carrier no CMA page can be tagged",
    assumptions: [],
    slices: ["reuse"],
    build: ({ site }) =>
      Array.from({ length: site.frames }, (_, frame) => ({
        kind: "canAlways" as const,
        id: `every-page-can-be-tagged (frame ${frame})`,
        goal: (world) => at(world.frames, frame).flagged && at(world.frames, frame).use === "held",
      })),
  },
  {
    id: "unused-storage-serves-data",
    theme: "service",
    kind: "canAlways",
    sentence: "From every state tag storage can still come to hold data or clean copies.",
    source: "RFC v1 cover: why the series exists",
    assumptions: [],
    slices: ["reuse"],
    build: ({ design }) => [
      {
        kind: "canAlways",
        id: "unused-storage-serves-data",
        goal: (world) =>
          design.hostMemory === undefined &&
          world.storage.some(({ use }) => use === "data" || use === "cached"),
      },
    ],
  },
  {
    id: "the-three-hooks-suffice",
    theme: "service",
    kind: "step",
    sentence: "Storage is claimed nowhere but in set_ptes, copy_highpage and arch_swap_restore.",
    source: "LKML 2024-02-20: all changes to mm would go away",
    assumptions: ["A12"],
    appliesNot: noClaims,
    build: ({ design }) => [
      {
        kind: "step",
        id: "the-three-hooks-suffice",
        premise: ({ events }) => events.some(({ kind }) => kind === "claimed"),
        judge: ({ events }) => {
          for (const event of events)
            if (event.kind === "claimed") {
              if (event.by === "allocate")
                return event.atomic
                  ? "kernel memory is coloured where it is allocated, before any hook"
                  : "a zeroing allocation clears tags before the page is mapped";
              if (design.claimsAt === "allocation")
                return `${event.by} claims storage where the page is allocated, or in a fault`;
              if (hooks[event.by] === undefined) return `${event.by} claims storage elsewhere`;
            }
          return null;
        },
      },
    ],
  },
  {
    id: "every-operation-takes-effect-once",
    theme: "service",
    kind: "step",
    sentence: "Every operation takes effect exactly once, between its start and its end.",
    source: "linearizability, Herlihy and Wing 1990",
    assumptions: [],
    build: () => [
      {
        kind: "step",
        id: "every-operation-takes-effect-once",
        /** A commit that nobody may make is wrong before the operation ends, too. */
        premise: ({ events }) =>
          events.some(
            (event) =>
              event.kind === "ended" || (event.kind === "committed" && event.illFormed !== null),
          ),
        judge: ({ events }) => {
          for (const event of events)
            if (event.kind === "ended" && event.operation.kind !== "work" && event.commits !== 1)
              return `${event.operation.kind} took effect ${event.commits} times`;
          const wrong = commitsOf(events).find(({ illFormed }) => illFormed !== null);
          return wrong ? `${wrong.operation.kind}: ${wrong.illFormed}` : null;
        },
      },
    ],
  },
];
