/** Columns lie one behind the other in one buffer, words before bytes, one for each field. */
import { expect, test } from "vitest";
import { byte, codesOf, columnsOf, cutOf, word } from "../../../impl/columns.ts";
import { frameUses, worldRecords } from "../../../model/index.ts";
import { scopeOf } from "./scopes.ts";

test("each piece begins where the last one of its kind ended", () => {
  const { plan, all } = cutOf(({ bytes, words }) => ({
    first: bytes(3),
    second: words(2),
    third: bytes(0),
    fourth: words(1),
    fifth: bytes(2),
  }));
  expect(all.length).toBe(3 * 4 + 5);
  const { first, second, third, fourth, fifth } = plan;
  const pieces = [first, second, third, fourth, fifth];
  expect(pieces.map(({ byteOffset }) => byteOffset)).toEqual([12, 0, 15, 8, 15]);
  expect(pieces.map(({ byteLength }) => byteLength)).toEqual([3, 8, 0, 4, 2]);
  for (const piece of pieces) expect(piece.buffer).toBe(all.buffer);
});

test("a plan is first measured with pieces that hold nothing", () => {
  const seen: number[] = [];
  cutOf(({ bytes, words }) => seen.push(bytes(3).length, words(2).length));
  expect(seen).toEqual([0, 0, 3, 2]);
});

test("numbers take words, flags and names bytes, and lists are laid out elsewhere", () => {
  const { frame, slot } = worldRecords(scopeOf({}), 0);
  const { plan } = cutOf((cut) => ({
    frames: columnsOf(frame, 5, cut),
    slots: columnsOf(slot, 3, cut),
  }));
  const { frames, slots } = plan;
  expect(Object.keys(frames).sort()).toEqual(["bytes", "claimed", "flagged", "locked", "use"]);
  expect(Object.keys(slots).sort()).toEqual(["busy", "bytes", "owner", "saved", "sharers"]);
  for (const column of [frames.use, frames.locked, frames.flagged, frames.claimed])
    expect(column).toEqual(new Uint8Array(5));
  expect(frames.bytes).toEqual(new Int32Array(5));
  expect([slots.sharers, slots.owner, slots.bytes]).toEqual([1, 2, 3].map(() => new Int32Array(3)));
  expect([slots.busy, slots.saved]).toEqual([1, 2].map(() => new Uint8Array(3)));
});

test("an entry that is not there reads as nothing", () => {
  expect([word(new Int32Array([7]), 0), word(new Int32Array([7]), 1)]).toEqual([7, 0]);
  expect([byte(new Uint8Array([7]), 0), byte(new Uint8Array([7]), 1)]).toEqual([7, 0]);
});

test("the code of a name is its place in the table", () => {
  const codes = codesOf(frameUses);
  expect(Object.keys(codes)).toEqual([...frameUses]);
  for (const [place, name] of frameUses.entries()) expect(codes[name]).toBe(place);
});
