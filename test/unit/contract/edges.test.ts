/** The edges of what pages and swap may do: the last thing accepted, and the first refused. */
import { describe, expect, test } from "vitest";
import {
  allowedOutcomes,
  describeChoice,
  noChoice,
  noMemory,
  type Seen,
} from "../../../model/contract/index.ts";
import {
  allocate,
  contractOf,
  evict,
  gets,
  getsPages,
  happens,
  judge,
  placed,
  readFile,
  replay,
  short,
  store,
  swapIn,
  swapOut,
  tag,
  tagged,
  untagged,
  writeBack,
  writeFile,
} from "./happenings.ts";

const contract = contractOf();
const tight = contractOf({ taggablePages: 1 });
const page = [tagged(0), tag(0, 5), store(0, 7)];
const share = happens({ kind: "share-slot", slot: 0 });
const refusal = (rule: string) => ({ kind: "refused", rule });

describe("of two pages allocated at once", () => {
  const two = (wish: Parameters<typeof allocate>[0], ...seen: readonly Seen[]) =>
    happens(allocate({ order: 1, ...wish }), getsPages([0, 1], ...seen));
  const none = replay(contract, []);

  test("each lies where it was placed, in taggable memory if nobody said", () => {
    const half = { ...two({ tagged: false }), choice: placed("untaggable") };
    const homes = replay(contract, [half]).pages.map((found) => found?.home);
    expect(homes.slice(0, 2)).toEqual(["untaggable", "taggable"]);
  });

  test("neither may be tagged and in storage", () => {
    const half = { ...two({}), choice: placed("taggable", "untaggable") };
    expect(judge(contract, none, half)).toMatchObject(refusal("storage-is-never-tagged"));
  });

  test("both are ready in atomic context", () => {
    const half = two({ context: "atomic" }, { tagged: true }, { tagged: false });
    expect(judge(contract, none, half)).toMatchObject(refusal("an-atomic-tagged-page-is-ready"));
  });

  test("neither is flagged unasked", () => {
    const half = two({ tagged: false }, { tagged: false }, { tagged: true });
    expect(judge(contract, none, half)).toMatchObject(refusal("no-tags-unasked"));
  });
});

describe("with no taggable page free", () => {
  test("an untagged page may still be had in storage, and moved within it", () => {
    const move = happens({ kind: "migrate", handle: 1 }, gets(1), placed("untaggable"));
    const { pages } = replay(tight, [tagged(0), untagged(1, "untaggable"), move]);
    expect(pages[1]?.home).toBe("untaggable");
  });

  test("a page that is in taggable memory may move within that", () => {
    const move = happens({ kind: "migrate", handle: 0 }, gets(0), placed("taggable"));
    expect(replay(tight, [tagged(0), move]).pages[0]?.home).toBe("taggable");
  });
});

describe("migration", () => {
  test.each<Seen>([{ tagged: false }, { tags: [5] }, { tags: [5, 0, 0] }])(
    "loses no flag and no granule: %j",
    (seen) => {
      const moved = happens({ kind: "migrate", handle: 0 }, gets(0, seen));
      expect(judge(contract, replay(contract, page), moved)).toMatchObject(
        refusal("migration-keeps-tags"),
      );
    },
  );
});

describe("tags", () => {
  test("are written from the lowest to the highest", () => {
    expect(replay(contract, [tagged(0), tag(0, 15), tag(0, 0, 1)]).pages[0]?.tags).toEqual([15, 0]);
  });
});

describe("a page from swap", () => {
  const gone = [...page, swapOut(0, 0)];

  test("without tags need not be looked at", () => {
    const back = replay(contract, [untagged(0), swapOut(0, 0), happens(swapIn(0), gets(0))]);
    expect(back.pages[0]).toMatchObject({ tagged: false, tags: [] });
  });

  test("takes no handle that is in use", () => {
    const onto = happens(swapIn(0), gets(1));
    expect(judge(contract, replay(contract, [...gone, tagged(1)]), onto)).toMatchObject(
      refusal("no-page-is-given-twice"),
    );
  });

  test("is refused memory only when it is short", () => {
    const refused = happens(swapIn(0), noMemory, short(3));
    expect(judge(contract, replay(contract, gone), refused)).toMatchObject(
      refusal("no-memory-only-when-short"),
    );
  });

  test("of which a shared slot keeps its tags may be restored again, and changes in nothing", () => {
    const back = replay(contract, [...gone, share, happens(swapIn(0), gets(0))]);
    const again = (seen: Seen) =>
      judge(contract, back, happens({ kind: "restore-again", slot: 0, handle: 0 }, gets(0, seen)));
    expect(again({}).kind).toBe("accepted");
    for (const seen of [{ tagged: false }, { tags: [5] }, { bytes: 0 }])
      expect(again(seen)).toMatchObject(refusal("restoring-again-changes-nothing"));
  });

  test("of which no tags were saved may be restored again, whatever it is by now", () => {
    const again = happens({ kind: "restore-again", slot: 0, handle: 0 }, gets(0));
    const back = [untagged(0), swapOut(0, 0), share, happens(swapIn(0), gets(0))];
    expect(judge(contract, replay(contract, back), again).kind).toBe("accepted");
  });
});

describe("a copy", () => {
  const copyTo = (handle: number, home: "taggable" | "untaggable" = "taggable") =>
    happens({ kind: "copy", from: 0, owner: 2 }, gets(handle), placed(home));
  const refused = (inFlight: number) =>
    happens({ kind: "copy", from: 0, owner: 2 }, noMemory, short(inFlight));

  test("takes no handle that is in use, nor a taggable page that there is not", () => {
    expect(judge(contract, replay(contract, page), copyTo(0))).toMatchObject(
      refusal("no-page-is-given-twice"),
    );
    expect(judge(tight, replay(tight, page), copyTo(1))).toMatchObject(
      refusal("no-more-pages-than-memory"),
    );
  });

  test("of a tagged page lies in taggable memory", () => {
    expect(judge(contract, replay(contract, page), copyTo(1, "untaggable"))).toMatchObject(
      refusal("storage-is-never-tagged"),
    );
  });

  test("is refused memory only when it is short", () => {
    const memory = replay(contract, page);
    expect(judge(contract, memory, refused(3)).kind).toBe("accepted");
    expect(judge(contract, memory, refused(2))).toMatchObject(refusal("no-memory-only-when-short"));
  });
});

test("where the rule is off, a swapoff that left slots empties them all", () => {
  const lenient = contractOf({}, "swapoff-leaves-no-slot");
  const history = [tagged(0), tagged(1), swapOut(0, 0), swapOut(1, 1)];
  const { slots } = replay(lenient, [...history, happens({ kind: "swapoff" })]);
  expect(slots).toEqual([null, null]);
});

test("where the rule is off, a page without a slot stays where it is", () => {
  const lenient = contractOf({}, "a-folio-is-swapped-whole");
  const half = happens({ kind: "swap-out", handles: [0, 1] }, { kind: "swapped", slots: [1] });
  const { pages, slots } = replay(lenient, [tagged(0), tagged(1), half]);
  expect(pages.map((found) => found !== null)).toEqual([false, true, false, false]);
  expect(slots.map((found) => found !== null)).toEqual([false, true]);
});

test("where the rule is off, an untagged allocation is still offered no tags", () => {
  const lenient = contractOf({}, "no-tags-unasked");
  const none = replay(lenient, []);
  const wish = allocate({ tagged: false });
  const offered = allowedOutcomes(lenient, none, wish).map(({ outcome }) => outcome);
  expect([...new Set(offered)]).toEqual([getsPages([0], { tagged: false, bytes: 0 }), noMemory]);
});

test("a write-back that failed to write what the disk had anyway leaves one answer", () => {
  const same = [writeFile(0), writeBack({ kind: "failed" }), evict];
  expect(judge(contract, replay(contract, same), readFile(1))).toMatchObject({
    cause: "the newest bytes are 0, 1 were read",
  });
});

test("no choice is a choice of its own kind", () => {
  expect(describeChoice(noChoice)).toBe("nothing is left to decide");
});
