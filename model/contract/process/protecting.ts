/** mprotect, pkey_mprotect, mlock, munlock: what changes of mappings that stay where they are. */
import type { Pointer } from "../architecture/index.ts";
import { areasBetween, changeAreas, isMapped } from "./areas.ts";
import { type Allowed, type Asked, failed, type Range, rangeOf, returned } from "./asked.ts";
import { pageOfId, setPage, setProcess, zeroPage } from "./changes.ts";
import { pageSize } from "./configuration.ts";
import { cutAt } from "./huge.ts";
import { cutsHugetlb, populate } from "./mapping.ts";
import type { MappingOperation, Protection } from "./operations.ts";
import type { ProcessRuleId } from "./rulebook.ts";
import type { ProcessName, ProcessState } from "./state.ts";
import { entriesBetween } from "./table.ts";

type Of<Kind extends MappingOperation["kind"]> = Asked<Extract<MappingOperation, { kind: Kind }>>;

/** Pages that exist are flagged at once, and their tags are 0; those that were flagged keep them. */
const flagged = (state: ProcessState, name: ProcessName, { start, end }: Range): ProcessState => {
  const process = state.processes.get(name);
  if (!process) return state;
  return entriesBetween(process.pages, start, end).reduce((so, [, id]) => {
    const page = pageOfId(so, id);
    // A page on swap is looked at when it comes back.
    return page.tagged || page.swapped || id === zeroPage
      ? so
      : setPage(so, id, { ...page, tagged: true, tags: null });
  }, state);
};

/** Sets the protection of a range that is mapped throughout and allows it. PROT_MTE stays. */
const protect = (
  state: ProcessState,
  name: ProcessName,
  range: Range,
  { read, write, execute, tagged }: Protection,
): ProcessState => {
  const process = state.processes.get(name);
  if (!process) return state;
  const areas = changeAreas(process, range.start, range.end, (area) => ({
    ...area,
    read,
    write,
    execute,
    tagged: area.tagged || tagged,
  }));
  const cut = cutAt(cutAt(state, name, range.start), name, range.end);
  const changed = setProcess(cut, name, areas);
  return tagged ? flagged(changed, name, range) : changed;
};

const change = (
  { state, name, process }: Asked<unknown>,
  address: Pointer,
  length: number,
  protection: Protection,
): readonly Allowed[] => {
  const range = rangeOf(address, length);
  if (!range) return failed(state, "EINVAL", "mprotect-takes-whole-pages");
  if (length === 0) return returned(state, 0, "mprotect-takes-whole-pages");
  if (cutsHugetlb(process, range.start, range.end))
    return failed(state, "EINVAL", "mprotect-takes-whole-pages");
  // Mapping after mapping: what comes before an error stays changed.
  let so = state;
  let at = range.start;
  for (const area of areasBetween(process, range.start, range.end)) {
    if (area.start > at) break;
    const end = Math.min(area.end, range.end);
    if (protection.tagged && !area.taggable)
      return failed(so, "EINVAL", area.hugetlb ? "hugetlb-has-tags-since-6.13" : "tags-need-ram");
    so = protect(so, name, { start: at, end }, protection);
    at = end;
  }
  if (at < range.end) return failed(so, "ENOMEM", "mprotect-needs-mappings");
  const rule: ProcessRuleId = protection.tagged
    ? "enabling-tags-zeroes-them-once"
    : "mprotect-never-clears-prot-mte";
  return returned(so, 0, rule);
};

const mprotect = (asked: Of<"mprotect">): readonly Allowed[] => {
  const { address, length, protection } = asked.operation;
  return change(asked, address, length, protection);
};

const pkeyMprotect = (asked: Of<"pkey_mprotect">): readonly Allowed[] => {
  const { address, length, protection, key } = asked.operation;
  // No protection key was ever allocated; key 0 is everybody's.
  return key === -1 || key === 0
    ? change(asked, address, length, protection)
    : failed(asked.state, "EINVAL", "mprotect-takes-whole-pages");
};

/** mlock and munlock round outwards to page boundaries. */
const lock = ({ state, name, process, operation }: Of<"mlock" | "munlock">) => {
  const { kind, address, length } = operation;
  const offset = Number(BigInt.asUintN(12, address));
  const range = rangeOf(address - BigInt(offset), length + (offset % pageSize));
  if (!range || !isMapped(process, range.start, range.end))
    return failed(state, "ENOMEM", "locked-pages-stay");
  const locked = kind === "mlock";
  const areas = changeAreas(process, range.start, range.end, (area) => ({ ...area, locked }));
  const marked = setProcess(state, name, areas);
  const made = locked
    ? areasBetween(process, range.start, range.end).reduce(
        (so, { start, end, write, shared }) =>
          populate(so, name, {
            start: Math.max(start, range.start),
            end: Math.min(end, range.end),
            write: write && !shared,
          }),
        marked,
      )
    : marked;
  return returned(made, 0, "locked-pages-stay");
};

export const protecting = { mprotect, pkeyMprotect, lock };
