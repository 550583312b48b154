/** What would have been allowed, and which decisions explain what was seen. */
import { expect, test } from "vitest";
import {
  allowedOutcomes,
  boot,
  choicesThatExplain,
  noMemory,
} from "../../../model/contract/index.ts";
import {
  allocate,
  contractOf,
  evict,
  getsPages,
  placed,
  put,
  replay,
  short,
  swapIn,
  swapOut,
  tag,
  tagged,
  untagged,
  writeBack,
  writeFile,
} from "./happenings.ts";

const contract = contractOf();
const fresh = boot(contract.limits);
const ready = { tagged: true, tags: [0, 0], bytes: 0 };
const deferred = { tagged: false, bytes: 0 };

test("an atomic tagged allocation has one good answer, a sleepable one has more", () => {
  const first = { choice: placed("taggable"), outcome: getsPages([0], ready) };
  const none = { choice: short(4), outcome: noMemory };
  expect(allowedOutcomes(contract, fresh, allocate({ context: "atomic" }))).toEqual([first, none]);
  expect(allowedOutcomes(contract, fresh, allocate())).toEqual([
    first,
    { choice: placed("taggable"), outcome: getsPages([0], deferred) },
    { choice: placed("untaggable"), outcome: getsPages([0], deferred) },
    none,
  ]);
});

test("the smallest free handle is named, and every placement that fits", () => {
  const memory = replay(contract, [tagged(0), tagged(2)]);
  const answers = allowedOutcomes(contract, memory, allocate({ tagged: false, order: 1 }));
  expect(answers.slice(0, 4).map(({ choice }) => choice)).toEqual([
    placed("taggable", "taggable"),
    placed("taggable", "untaggable"),
    placed("untaggable", "taggable"),
    placed("untaggable", "untaggable"),
  ]);
  expect(answers[0]?.outcome).toMatchObject({ handles: [1, 3] });
});

test("of a large allocation only placements of all pages alike are listed", () => {
  const large = contractOf({ handles: 16, taggablePages: 16 });
  const outcome = getsPages([...Array(16).keys()]);
  const asked = allocate({ tagged: false, order: 4 });
  expect(choicesThatExplain(large, boot(large.limits), asked, outcome)).toHaveLength(2);
});

test("'no memory' is explained by every count that leaves nothing free", () => {
  const memory = replay(contract, [tagged(0), tagged(1)]);
  expect(choicesThatExplain(contract, memory, allocate(), noMemory)).toEqual([
    short(2),
    short(3),
    short(4),
  ]);
});

test("a page comes back from swap as it went, or not at all", () => {
  const memory = replay(contract, [tagged(0), tag(0, 5), swapOut(0, 0)]);
  const [back, ...others] = allowedOutcomes(contract, memory, swapIn(0));
  expect(back?.outcome).toMatchObject({ seen: { tagged: true, tags: [5, 0], bytes: 0 } });
  expect(others).toEqual([{ choice: short(4), outcome: noMemory }]);
});

test("a put may be stored or dropped, and a get may always miss", () => {
  const clean = replay(contract, [writeFile(7), writeBack()]);
  expect(choicesThatExplain(contract, clean, put(7).operation, { kind: "done" })).toEqual([
    { kind: "stored" },
    { kind: "dropped" },
  ]);
  const get = { kind: "get", file: 0, index: 0 } as const;
  const outcomes = allowedOutcomes(contract, replay(contract, [put(7), evict], clean), get);
  expect(outcomes.map(({ outcome }) => outcome)).toEqual([
    { kind: "hit", bytes: 7 },
    { kind: "miss", touched: false },
  ]);
});

test("a wrong outcome has no explanation, and an ill-formed call no outcome", () => {
  expect(choicesThatExplain(contract, fresh, allocate(), getsPages([0], { tags: [1, 0] }))).toEqual(
    [],
  );
  expect(allowedOutcomes(contract, fresh, { kind: "free", handle: 0 })).toEqual([]);
  const stored = replay(contract, [untagged(0, "untaggable")]);
  expect(allowedOutcomes(contract, stored, { kind: "enable-tags", handle: 0 })).toEqual([
    { choice: short(4), outcome: noMemory },
  ]);
});
