/** States by themselves: the first one, what is newest in them, and what they forget. */
import { expect, test } from "vitest";
import {
  boot,
  forgetCauses,
  freeTaggablePages,
  isRuleId,
  newestBytes,
  ruleIds,
} from "../../../model/contract/index.ts";
import {
  contractOf,
  drop,
  evict,
  happens,
  put,
  replay,
  tagged,
  untagged,
  writeBack,
  writeFile,
} from "./happenings.ts";

const contract = contractOf();
const stored = replay(contract, [writeFile(7), writeBack(), put(7), evict]);

test("at boot nothing is allocated or swapped out, and every file is full of zeroes", () => {
  const cached = { kind: "empty", because: "never-put" };
  const page = { disk: 0, resident: null, cached, unsaved: null };
  expect(boot({ ...contract.limits, handles: 1, slots: 2, files: 1 })).toEqual({
    pages: [null],
    slots: [null, null],
    mounted: true,
    files: [{ exists: true, pages: [page, page] }],
  });
});

test("free taggable pages are those that no live page lies in", () => {
  const memory = replay(contract, [tagged(0), untagged(1), untagged(2, "untaggable")]);
  expect(freeTaggablePages(contract.limits, memory)).toBe(2);
});

test("of a page that is not resident the disk has the newest bytes", () => {
  const newest = stored.files.map(({ pages }) => pages.map(newestBytes));
  expect(newest).toEqual([
    [7, 0],
    [0, 0],
  ]);
});

test("forgetting causes keeps what a key holds, and makes all empty keys alike", () => {
  const forgotten = { kind: "empty", because: "forgotten" };
  const cached = forgetCauses(stored).files.map(({ pages }) => pages.map((page) => page.cached));
  expect(cached).toEqual([
    [{ kind: "holds", bytes: 7 }, forgotten],
    [forgotten, forgotten],
  ]);
});

test("one cause that is known is forgotten, wherever it stands", () => {
  const dropped = replay(contract, [drop], forgetCauses(stored));
  expect(dropped.files[0]?.pages[0]?.cached).toEqual({ kind: "empty", because: "dropped" });
  expect(forgetCauses(dropped).files[0]?.pages[0]?.cached).toEqual({
    kind: "empty",
    because: "forgotten",
  });
  const other = { file: 1, index: 1 };
  const last = [
    happens({ kind: "write-file", ...other, bytes: 3 }),
    happens({ kind: "truncate", ...other }),
  ];
  const known = replay(contract, last, forgetCauses(stored));
  expect(forgetCauses(known)).toEqual(forgetCauses(stored));
});

test("a state that knows no cause is given back itself", () => {
  const forgetful = forgetCauses(stored);
  expect(forgetCauses(forgetful)).toBe(forgetful);
});

test("the ids are those of the rulebook and no inherited word", () => {
  expect(ruleIds.every(isRuleId)).toBe(true);
  for (const word of ["", "toString", "constructor"]) expect(isRuleId(word)).toBe(false);
});
