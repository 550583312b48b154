/**
 * What there is to act on: threads, and places in their memory by the names of the steps that gave
 * them. A run says the same when it is done again and the kernel puts things elsewhere.
 */
import { addressOf as placeOf } from "../../model/contract/architecture/pointer.ts";
import { areaAt } from "../../model/contract/process/areas.ts";
import { pageOfId } from "../../model/contract/process/changes.ts";
import { reach } from "../../model/contract/process/reach.ts";
import type { Area } from "../../model/contract/process/state.ts";
import type { Draw } from "../drive/draw.ts";
import type { Running } from "../scenarios/kernel.ts";

export const pageBytes = 4096;
export const granule = 16;
const everyTag = 15;

/** A named mapping of a process, from the address that the name stands for to its end. */
export type Ground = {
  readonly name: string;
  /** Address without its top byte. */
  readonly start: number;
  /** Bytes from there on that lie in the same mapping. */
  readonly length: number;
  readonly area: Area;
};

export const threadsOf = ({ state }: Running): readonly string[] => [...state.threads.keys()];

/** Every name of memory that is still mapped in the process of this thread. */
export const groundsOf = ({ state, bindings }: Running, thread: string): readonly Ground[] => {
  const process = state.processes.get(state.threads.get(thread)?.process ?? "");
  if (!process) return [];
  return [...bindings.addresses].flatMap(([name, pointer]) => {
    const start = placeOf(pointer);
    const area = areaAt(process, Math.floor(start / pageBytes));
    if (!area || start % pageBytes !== 0) return [];
    return [{ name, start, length: area.end * pageBytes - start, area }];
  });
};

export const at = (name: string, offset: number, tag: number | null = null): string =>
  `${name}${offset === 0 ? "" : `+${offset}`}${tag === null || tag === 0 ? "" : `@${tag}`}`;

/** Places that matter: both ends of a page, a granule's end, anywhere. */
export const drawOffset = (draw: Draw, length: number, size: number): number => {
  const last = Math.max(0, length - size);
  const pages = Math.max(1, Math.ceil(length / pageBytes));
  const page = draw.between(0, pages - 1) * pageBytes;
  const places = [
    page,
    page + granule * draw.between(0, 3),
    page + pageBytes - granule,
    page + pageBytes - size,
    page + granule - Math.ceil(size / 2),
    granule * draw.between(0, Math.floor(last / granule)),
  ];
  return Math.min(last, Math.max(0, draw.pick(places) ?? 0));
};

/** The tag of the granule at an offset, as far as the state knows. */
const tagAt = ({ state }: Running, thread: string, ground: Ground, offset: number): number => {
  const name = state.threads.get(thread)?.process ?? "";
  const address = ground.start + offset;
  const reached = reach(state, name, Math.floor(address / pageBytes), "force-read");
  if (reached.kind !== "page") return 0;
  const { tags } = pageOfId(reached.state, reached.id);
  return tags?.[Math.floor((address % pageBytes) / granule)] ?? 0;
};

/** Mostly the tag that is there; else its neighbour, 0, or any. */
export const drawTag = (
  draw: Draw,
  running: Running,
  thread: string,
  ground: Ground,
  offset: number,
): number => {
  const right = tagAt(running, thread, ground, offset);
  if (draw.some(70)) return right;
  return draw.pick([0, (right + 1) % (everyTag + 1), draw.between(0, everyTag)]) ?? 0;
};
