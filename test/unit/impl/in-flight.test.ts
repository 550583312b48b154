/** Whoever finds no memory is told how many pages others hold in the middle of something. */
import { expect, test } from "vitest";
import type { ActorSpec } from "../../../model/index.ts";
import { Hand } from "./hand.ts";
import { scopeOf } from "./scopes.ts";

const task = { kind: "task", cpu: 0, owner: 0, everyones: true } as const;

const handWith = (design: string, may: ActorSpec["may"], otherCmaPages = 0): Hand =>
  new Hand(design, {
    ...scopeOf({ blocks: 1, pages: 2, granules: 1, slots: 1, files: 0, pagesPerFile: 0 }),
    otherCmaPages,
    actors: [
      { ...task, name: "task", may: ["allocate-tagged"] },
      { ...task, name: "other", cpu: 1, may },
    ],
  });

/** What the commit of the last action chose. */
const chosen = ({ lockstep }: Hand) =>
  lockstep.events.flatMap((event) => (event.kind === "committed" ? [event.commit.choice] : []));

test("a page that is being swapped out is in flight", () => {
  const hand = handWith("carveout", ["allocate-untagged", "swap-out"]);
  hand.all(0, { kind: "allocate" });
  hand.all(1, { kind: "allocate" });
  hand.begin(1, { kind: "swap-out" });
  hand.begin(0, { kind: "allocate" });
  expect(chosen(hand)).toMatchObject([{ kind: "short" }]);
  expect(hand.marks).toContain("no-free-page");
});

test("a page that was swapped out is in flight until it is given back", () => {
  const hand = handWith("carveout", ["allocate-untagged", "swap-out"]);
  hand.all(0, { kind: "allocate" });
  hand.all(1, { kind: "allocate" });
  hand.begin(1, { kind: "swap-out" });
  hand.goTo(1, "give-back");
  hand.begin(0, { kind: "allocate" });
  expect(chosen(hand)).toEqual([{ kind: "short", inFlight: 1 }]);
});

test("a page that a fault has taken is in flight", () => {
  const hand = handWith("cma", ["allocate-untagged", "enable-tags"]);
  /** Data in the only storage page: a fault on it takes a frame for it. */
  hand.all(1, { kind: "allocate" }, 2);
  hand.all(1, { kind: "allocate" }, 0);
  hand.begin(1, { kind: "enable-tags", handle: 0 });
  hand.goTo(1, "move-bytes");
  hand.begin(0, { kind: "allocate" });
  expect(chosen(hand)).toEqual([{ kind: "short", inFlight: 1 }]);
});

test("a page that is being swapped in is in flight", () => {
  const hand = handWith("carveout", ["swap-out", "swap-in-fault"]);
  hand.all(0, { kind: "allocate" });
  hand.all(1, { kind: "swap-out" });
  hand.all(0, { kind: "allocate" });
  hand.begin(1, { kind: "swap-in" });
  hand.begin(0, { kind: "allocate" });
  expect(chosen(hand)).toEqual([{ kind: "short", inFlight: 1 }]);
});

test("a page that can have no tags is not in flight for whoever wants tags", () => {
  const hand = handWith("cma", ["allocate-untagged"], 1);
  hand.all(0, { kind: "allocate" });
  hand.begin(1, { kind: "allocate" }, 1);
  hand.begin(0, { kind: "allocate" });
  expect(chosen(hand)).toEqual([{ kind: "short", inFlight: 0 }]);
});
