/**
 * After a deviation: what was seen is believed, so that one mistake is told once. Tags and bytes
 * that were read are put into the page; of anything else nobody knows what it came to.
 */
import {
  offsetInPage,
  pageOf,
  addressOf as placeOf,
} from "../../model/contract/architecture/pointer.ts";
import { pageOfId, setPage, zeroPage } from "../../model/contract/process/changes.ts";
import { type Reached, reach } from "../../model/contract/process/reach.ts";
import type { PageNumber, ProcessState } from "../../model/contract/process/state.ts";
import { addressIn } from "../scenarios/address.ts";
import type { Running } from "../scenarios/kernel.ts";
import { firstThread } from "../scenarios/scope.ts";
import type { Observed } from "./observed.ts";
import type { ProcessStep } from "./step.ts";

const pageBytes = 4096;
const granule = 16;
const granulesPerPage = pageBytes / granule;

/** What a look showed from an address on: a tag for each granule, or bytes; null: not looked at. */
type Look = {
  readonly of: "tags" | "bytes";
  readonly by: string;
  readonly pointer: bigint;
  readonly values: readonly (number | null)[];
};

const inDigits = (text: string, each: 1 | 2): readonly (number | null)[] =>
  Array.from({ length: Math.floor(text.length / each) }, (_, at) => {
    const value = Number.parseInt(text.slice(at * each, (at + 1) * each), 16);
    return Number.isNaN(value) ? null : value;
  });

const inBytes = (value: bigint, size: number): readonly number[] =>
  Array.from({ length: size }, (_, at) => Number((value >> BigInt(8 * at)) & 0xffn));

const usualSize = 8;

const lookOf = ({ bindings }: Running, step: ProcessStep, saw: Observed): Look | null => {
  if (!("addr" in step) || step.addr === undefined) return null;
  const pointer = addressIn(step.addr, bindings.addresses);
  if (pointer === undefined) return null;
  const by = step.op === "peektags" ? step.pid : (step.proc ?? firstThread);
  const place = { by, pointer };
  if (step.op === "tags" || step.op === "tagsall" || step.op === "peektags") {
    if (saw.tags !== undefined) return { of: "tags", ...place, values: inDigits(saw.tags, 1) };
    return saw.tag === undefined ? null : { of: "tags", ...place, values: [Number(saw.tag)] };
  }
  if (step.op === "ldg" && saw.tag !== undefined)
    return { of: "tags", ...place, values: [Number(saw.tag)] };
  if (
    (step.op === "peek" || step.op === "vmread" || step.op === "procmem_read") &&
    saw.data !== undefined
  )
    return { of: "bytes", ...place, values: inDigits(saw.data, 2) };
  if (step.op === "load" && saw.val !== undefined)
    return { of: "bytes", ...place, values: inBytes(saw.val, step.size ?? usualSize) };
  return null;
};

/** The page that shows it; everybody's zeroes stay zeroes. */
const ownPage = (state: ProcessState, name: string, number: PageNumber): Reached => {
  const read = reach(state, name, number, "force-read");
  return read.kind === "page" && read.id === zeroPage
    ? reach(state, name, number, "force-write")
    : read;
};

/** null: it cannot have been there. */
const put = (state: ProcessState, { of, by, pointer, values }: Look): ProcessState | null => {
  const name = state.threads.get(by)?.process;
  if (name === undefined) return null;
  const unit = of === "tags" ? granule : 1;
  const start = Math.floor(placeOf(pointer) / unit) * unit;
  let so = state;
  for (const [at, value] of values.entries()) {
    const address = start + at * unit;
    if (value === null) continue;
    const reached = ownPage(so, name, pageOf(address));
    if (reached.kind !== "page") return null;
    const page = pageOfId(reached.state, reached.id);
    const old = of === "tags" ? page.tags : page.bytes;
    const row = old?.slice() ?? new Uint8Array(of === "tags" ? granulesPerPage : pageBytes);
    row[offsetInPage(address) / unit] = value;
    so = setPage(reached.state, reached.id, { ...page, [of]: row });
  }
  return so;
};

/** The state in which the look is true; null where it showed no contents. */
export const believed = (running: Running, step: ProcessStep, saw: Observed): Running | null => {
  const look = lookOf(running, step, saw);
  const state = look && put(running.state, look);
  return state && { ...running, state };
};
