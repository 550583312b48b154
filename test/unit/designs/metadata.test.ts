/** What RFC v1 and v2 do that no other design does, step by step, with nobody else at work. */
import { expect, test } from "vitest";
import {
  at,
  type Design,
  designNamed,
  type Job,
  type Label,
  Machinery,
  makeGeometry,
  type Scope,
  type World,
} from "../../../model/index.ts";

const named = (name: string): Design => {
  const design = designNamed(name);
  if (!design) throw new Error(`no design ${name}`);
  return design;
};

/** Two pages, so many of them served by one storage page. */
const scopeOf = (pagesPerStoragePage: number): Scope => ({
  geometry: makeGeometry({ granulesPerPage: 1, pagesPerStoragePage, blockPages: 1 }, [1]),
  otherCmaPages: 0,
  tagValues: 1,
  byteValues: 1,
  slots: 0,
  files: 0,
  pagesPerFile: 0,
  getForm: "keeping",
  folioOrder: 0,
  pins: 1,
  dirtyLines: false,
  mayFail: false,
  actors: [
    {
      name: "task",
      kind: "task",
      cpu: 0,
      owner: 1,
      everyones: false,
      may: ["allocate-tagged", "allocate-untagged", "enable-tags"],
    },
  ],
});

/** Which of these choices at a label, told before the action is done. */
type Choose = (choices: readonly number[], label: Label) => number;

const least: Choose = (choices) => Math.min(...choices);
const greatest: Choose = (choices) => Math.max(...choices);

class Story {
  readonly machinery: Machinery;
  world: World;
  labels: Label[] = [];
  marks: string[] = [];

  constructor(design: string, pages: number) {
    this.machinery = new Machinery(named(design), scopeOf(pages));
    this.world = this.machinery.initial;
  }

  /** Starts an operation and does no more than so many of its actions. */
  tell(wanted: (job: Job) => boolean, choose: Choose, mostActions = 80): void {
    const { machinery } = this;
    this.labels = [];
    this.marks = [];
    for (let action = 0; action < mostActions; action++) {
      const begins = action === 0;
      const moves = machinery.moves(this.world).flatMap((move) => {
        if (move.kind !== "act" || (move.starts !== null) !== begins) return [];
        const job = move.starts === null ? null : machinery.operations[move.starts];
        return job === null || (job !== undefined && wanted(job)) ? [move] : [];
      });
      if (moves.length === 0) return;
      const label = machinery.labelOf(this.world, 0);
      const choices = moves.map(({ choice }) => choice);
      const choice = choose(choices, label);
      const move = moves.find((each) => each.choice === choice);
      if (!move) throw new Error(`nobody can choose ${choice} at ${label}`);
      const { next, events } = machinery.step(this.world, move);
      if (!begins) this.labels.push(label);
      this.world = next;
      for (const event of events) if (event.kind === "marked") this.marks.push(event.mark);
    }
  }

  times(label: Label): number {
    return this.labels.filter((each) => each === label).length;
  }
}

const allocates =
  (tagged: boolean) =>
  (job: Job): boolean =>
    job.kind === "allocate" && job.tagged === tagged;

/** Data lies in the only storage page. */
const withData = (design: string, pages: number): Story => {
  const story = new Story(design, pages);
  story.tell(allocates(false), greatest);
  expect(at(story.world.storage, 0).use).toBe("data");
  return story;
};

test.each([
  ["metadata", 5],
  ["metadata-v2", 3],
] as const)("%s tries each page %d times before there is no memory", (design, tries) => {
  const story = withData(design, 2);
  at(story.world.held, 0).pinned = true;
  story.tell(allocates(true), least);
  expect(story.times("isolate-storage")).toBe(2 * tries);
  expect(story.times("return-page")).toBe(2);
  expect(new Set(story.marks)).toEqual(
    new Set(["claim-finds-a-pinned-page", "claim-gives-up", "page-without-storage-is-returned"]),
  );
  expect(story.world.frames.map(({ use }) => use)).toEqual(["free", "free"]);
  expect(story.world.extra["triedPages"]).toEqual([0, 0]);
});

test("a task that is being killed gets its page without storage, and it waits for a fault", () => {
  const story = withData("metadata", 2);
  story.tell(allocates(true), (choices, label) =>
    label === "check-signal" ? 1 : Math.min(...choices),
  );
  expect(story.marks).toEqual(["claim-is-killed", "tags-wait-for-a-fault"]);
  expect(at(story.world.held, 1).state).toBe("deferred");
  expect(story.world.users).toEqual([0]);
});

test("a page in storage stands in its own way: v1 reserves for its replacement before it moves", () => {
  const story = withData("metadata", 1);
  story.tell((job) => job.kind === "enable-tags", least, 200);
  expect(story.marks).toContain("fault-is-replayed");
  expect(story.marks).not.toContain("fault-replaces-the-page");
  expect(story.machinery.operationOf(story.world, 0)?.kind).toBe("enable-tags");
});
