/** What the allocator and the fault of RFC v1 and v2 could get wrong: results not looked at, mostly. */
import { storeTags } from "../../hardware/arena.ts";
import type { Label } from "../../world/labels.ts";
import { at } from "../../world/site.ts";
import type { Action, Next, Turn } from "../script.ts";
import { type DesignBug, replacing } from "./bug.ts";

/** The work of the action, then another way on. */
const goingTo =
  (other: (next: Next, turn: Turn) => Label | "end" | null) =>
  (action: Action): Action => {
    const { next: _next, ...declared } = action;
    return {
      ...declared,
      do: (turn, choice) => {
        const next: Next =
          action.next === undefined
            ? action.do(turn, choice)
            : { to: action.next, ...action.do(turn, choice) };
        return { ...next, to: other(next, turn) ?? next.to };
      },
    };
  };

const both = ["metadata", "metadata-v2"];

export const metadataBugs: readonly DesignBug[] = [
  {
    id: "fault-maps-without-storage",
    sentence:
      "The fault does not look at whether storage was reserved, and maps the page for tags.",
    source: "beside S6: RFC v3 22/35; here RFC v1 29/37, the result of the reservation",
    story: ["data lies in the storage", "PROT_MTE on a page that it serves", "the access faults"],
    designs: both,
    design: replacing(
      ["enable-tags"],
      "unlock-failed",
      goingTo((_next, { actor }) => (actor.target < 0 ? "lock-page-table" : null)),
    ),
  },
  {
    id: "killed-claim-taken-for-storage",
    sentence:
      "A page that was given to a dying task without storage is initialised as if it had some.",
    source: "RFC v1 34/37: -EINTR is made a success, and callers have to know",
    story: ["data lies in the storage", "a task that is being killed allocates a tagged page"],
    designs: both,
    design: replacing(["allocate"], "clear-page", (action) =>
      action.next === undefined
        ? action
        : {
            ...action,
            do: (turn, choice) => {
              const done = action.do(turn, choice);
              if (done?.marks?.includes("tags-wait-for-a-fault") !== true) return done;
              const { world, site, actor } = turn;
              storeTags(world, site, actor.frame, []);
              at(world.frames, actor.frame).flagged = true;
              return undefined;
            },
          },
    ),
  },
  {
    id: "refused-page-is-lost",
    sentence: "A page whose storage was refused is not returned before the next one is taken.",
    source: "RFC v1 19/37: return_page_to_buddy() on the failure path",
    story: ["data lies in the storage", "a tagged page is asked for", "there is no memory"],
    designs: both,
    design: replacing(["allocate"], "return-page", (action) =>
      action.next === undefined
        ? {
            ...action,
            do: (turn, choice) => {
              const { frame } = turn.actor;
              const next = action.do(turn, choice);
              at(turn.world.frames, frame).use = "busy";
              return next;
            },
          }
        : action,
    ),
  },
  {
    id: "busy-block-taken-after-the-last-try",
    sentence: "When all tries were in vain the block is taken all the same, data and all.",
    source: "beside S6: RFC v3 22/35; here RFC v1 25/37, the result of alloc_contig_range()",
    story: ["data lies in the storage", "a page that it serves is allocated", "the data is freed"],
    designs: both,
    design: replacing(
      null,
      "isolate-storage",
      goingTo(({ to }) => (to === "unlock-failed" ? "invalidate-data-lines" : null)),
    ),
  },
  {
    id: "page-counts-as-reserved-too-early",
    sentence: "A page counts as reserved before its block is free of data.",
    source: "beside S3: RFC v2, PG_tag_storage_reserved is looked at without the mutex",
    story: ["a page is allocated", "data comes to lie in its storage", "PROT_MTE on the page"],
    designs: ["metadata-v2"],
    design: replacing(["enable-tags"], "isolate-storage", (action) =>
      action.next === undefined
        ? {
            ...action,
            do: (turn, choice) => {
              const next = action.do(turn, choice);
              if (next.to === "move-storage")
                at(turn.world.frames, turn.actor.frame).claimed = true;
              return next;
            },
          }
        : action,
    ),
  },
];
