/** What a state can show at all: the outcomes that are tried out when somebody asks what may be. */
import { expect, test } from "vitest";
import { boot } from "../../../model/contract/index.ts";
import { freeIndices, pageLooks, seenBytes } from "../../../model/contract/memory/candidates.ts";
import {
  contractOf,
  evict,
  gets,
  put,
  readFile,
  replay,
  store,
  tag,
  tagged,
  untagged,
  writeBack,
  writeFile,
} from "./happenings.ts";

const contract = contractOf();
const { limits } = contract;

test("free places are named smallest first", () => {
  expect(freeIndices([null, {}, null, 0])).toEqual([0, 2]);
});

test("bytes to be shown are those of pages, disks, resident copies, keys and failed writes", () => {
  expect(seenBytes(boot(limits))).toEqual([0]);
  expect(seenBytes({ ...boot(limits), files: [] })).toEqual([0]);
  const onPage = replay(contract, [untagged(0), store(0, 12), tagged(1), store(1, 3)]);
  expect(seenBytes(onPage)).toEqual([0, 3, 12]);
  expect(seenBytes(replay(contract, [writeFile(5)]))).toEqual([0, 5]);
  const saved = replay(contract, [writeFile(5), writeBack(), put(5), writeFile(6), writeBack()]);
  expect(seenBytes(replay(contract, [writeFile(4)], saved))).toEqual([0, 4, 5, 6]);
  const failed = replay(contract, [writeFile(9), writeBack({ kind: "failed" }), evict]);
  expect(seenBytes(failed)).toEqual([0, 9]);
  expect(seenBytes(replay(contract, [readFile(0)], failed))).toEqual([0, 9]);
});

test("a page looks like its model, or like it with tags just cleared, each look once", () => {
  const memory = replay(contract, [tagged(0), tag(0, 5), untagged(1), store(1, 7)]);
  const cleared = (bytes: number) => ({ tagged: true, tags: [0, 0], bytes });
  expect(pageLooks(limits, memory, 3, [0, 1, 2])).toEqual([
    gets(3, { tagged: true, tags: [5, 0], bytes: 0 }),
    gets(3, cleared(0)),
    gets(3, { tagged: false, tags: [], bytes: 7 }),
    gets(3, cleared(7)),
  ]);
  const fresh = replay(contract, [tagged(0)]);
  expect(pageLooks(limits, fresh, 0, [0])).toEqual([gets(0, cleared(0))]);
});
