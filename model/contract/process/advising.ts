/** madvise: what a process tells the kernel of its memory, and what that does to bytes and tags. */
import { match, P } from "ts-pattern";
import { areasBetween, changeAreas, isMapped } from "./areas.ts";
import { type Allowed, type Asked, failed, type Range, rangeOf, returned } from "./asked.ts";
import { fresh, pageOfId, setPage, setProcess, zeroPage } from "./changes.ts";
import { punched } from "./file-pages.ts";
import { blockOf, cutAt, hugePages } from "./huge.ts";
import { populate } from "./mapping.ts";
import type { Advice, MappingOperation } from "./operations.ts";
import type { Errno } from "./outcome.ts";
import { reach } from "./reach.ts";
import { pagedOut } from "./reclaim.ts";
import type { ProcessRuleId } from "./rulebook.ts";
import type { Area, PageNumber, ProcessName, ProcessState } from "./state.ts";
import { entriesBetween, without } from "./table.ts";

type Advise = Asked<Extract<MappingOperation, { kind: "madvise" }>>;

const isPrivateAnonymous = ({ backing, shared }: Area): boolean => !backing && !shared;

/** Why this mapping cannot be given this advice; null when it can. */
const refusal = (area: Area, advice: Advice): Errno | null =>
  match(advice)
    .returnType<Errno | null>()
    .with("dontneed", () => (area.locked ? "EINVAL" : null))
    .with(P.union("cold", "pageout"), () => (area.locked || area.hugetlb ? "EINVAL" : null))
    .with("free", () => (isPrivateAnonymous(area) && !area.hugetlb ? null : "EINVAL"))
    .with("remove", () => {
      if (area.locked || !area.backing) return "EINVAL";
      return area.shared && area.write ? null : "EACCES";
    })
    .with("wipeonfork", () => (isPrivateAnonymous(area) ? null : "EINVAL"))
    .with(P.union("hugepage", "nohugepage"), () => (area.hugetlb ? "EINVAL" : null))
    .with("collapse", () => (isPrivateAnonymous(area) && !area.hugetlb ? null : "EINVAL"))
    .with("dofork", () => null)
    .with("populate_read", () => (area.read || area.write ? null : "EFAULT"))
    .with("populate_write", () => (area.write ? null : "EFAULT"))
    .otherwise(() => null);

/** What is kept with the mapping and acts later. */
const remembered = (area: Area, advice: Advice): Area =>
  match(advice)
    .returnType<Area>()
    .with("dontfork", () => ({ ...area, skipOnFork: true }))
    .with("dofork", () => ({ ...area, skipOnFork: false }))
    .with("wipeonfork", () => ({ ...area, wipeOnFork: true }))
    .with("keeponfork", () => ({ ...area, wipeOnFork: false }))
    .with("dontdump", () => ({ ...area, skipInDump: true }))
    .with("dodump", () => ({ ...area, skipInDump: false }))
    .with("hugepage", () => ({ ...area, huge: "always" }))
    .with("nohugepage", () => ({ ...area, huge: "never" }))
    .with("mergeable", () => ({
      ...area,
      // The merger takes private anonymous memory only, and ignores the wish for any other.
      mergeable: !area.shared && !area.hugetlb,
    }))
    .with("unmergeable", () => ({ ...area, mergeable: false }))
    .otherwise(() => area);

/** The entries of the page table go; files keep their pages. */
const dropped = (state: ProcessState, name: ProcessName, { start, end }: Range): ProcessState => {
  const cut = cutAt(cutAt(state, name, start), name, end);
  const process = cut.processes.get(name);
  return process
    ? setProcess(cut, name, { ...process, pages: without(process.pages, start, end) })
    : state;
};

const markedDroppable = (
  state: ProcessState,
  name: ProcessName,
  { start, end }: Range,
): ProcessState => {
  const process = state.processes.get(name);
  if (!process) return state;
  return entriesBetween(process.pages, start, end).reduce((so, [, id]) => {
    const page = pageOfId(so, id);
    return id === zeroPage || page.swapped ? so : setPage(so, id, { ...page, droppable: true });
  }, state);
};

/** The pages of a block, one huge page from now on; what they hold stays. */
const collapsed = (state: ProcessState, name: ProcessName, { start, end }: Range) => {
  let so = state;
  for (let block = blockOf(start + hugePages - 1); block + hugePages <= end; block += hugePages)
    for (let number: PageNumber = block; number < block + hugePages; number += 1) {
      const got = reach(so, name, number, "force-write");
      if (got.kind !== "page") continue;
      const page = pageOfId(got.state, got.id);
      const [after, place] = fresh(got.state);
      so = setPage(after, got.id, { ...page, place, huge: "yes" });
    }
  return so;
};

/** Every page of the range in another frame. */
const rehomed = (state: ProcessState, name: ProcessName, { start, end }: Range): ProcessState => {
  let so = state;
  for (let number = start; number < end; number += 1) {
    const got = reach(so, name, number, "force-read");
    if (got.kind !== "page" || got.id === zeroPage) continue;
    const [after, place] = fresh(got.state);
    so = setPage(after, got.id, { ...pageOfId(after, got.id), place, huge: "no" });
  }
  return so;
};

/** What the advice does at once to one mapping, or the part of it in the range. */
const effect = (state: ProcessState, name: ProcessName, area: Area, part: Range, advice: Advice) =>
  match(advice)
    .returnType<ProcessState>()
    .with(P.union("dontneed", "dontneed_locked"), () => dropped(state, name, part))
    .with("free", () => markedDroppable(state, name, part))
    .with("remove", () => {
      if (!area.backing) return state;
      const first = area.backing.first + part.start - area.start;
      return punched(state, area.backing.file, first, first + part.end - part.start);
    })
    .with("populate_read", () => populate(state, name, { ...part, write: false }))
    .with("populate_write", () => populate(state, name, { ...part, write: true }))
    .with("collapse", () => collapsed(state, name, part))
    .with("soft_offline", () => rehomed(state, name, part))
    .with("pageout", () => pagedOut(state, name, part))
    .otherwise(() => state);

const ruleOf = (advice: Advice): ProcessRuleId =>
  match(advice)
    .returnType<ProcessRuleId>()
    .with(P.union("dontneed", "dontneed_locked"), () => "dontneed-discards-tags")
    .with("free", () => "free-may-discard-tags")
    .with("remove", () => "holes-discard-tags")
    .with("wipeonfork", () => "wipeonfork-wipes-tags")
    .with("mergeable", () => "tagged-pages-never-merge")
    .with("soft_offline", () => "migration-is-silent")
    .with("pageout", () => "swap-keeps-tags")
    .with(P.union("hugepage", "nohugepage", "collapse"), () => "huge-pages-are-silent")
    .otherwise(() => "other-advice-changes-nothing");

export const madvise = ({ state, name, process, operation }: Advise): readonly Allowed[] => {
  const { address, length, advice } = operation;
  const range = rangeOf(address, length);
  if (!range || length < 0) return failed(state, "EINVAL", "madvise-takes-whole-pages");
  const parts = areasBetween(process, range.start, range.end);
  let so = state;
  // Mapping after mapping: what comes before an error is done.
  for (const area of parts) {
    const errno = refusal(area, advice);
    if (errno) return failed(so, errno, "madvise-fits-the-mapping");
    const part = { start: Math.max(area.start, range.start), end: Math.min(area.end, range.end) };
    so = effect(so, name, area, part, advice);
    const now = so.processes.get(name) ?? process;
    const marked = changeAreas(now, part.start, part.end, (each) => remembered(each, advice));
    so = setProcess(so, name, marked);
  }
  return isMapped(process, range.start, range.end)
    ? returned(so, 0, ruleOf(advice))
    : failed(so, "ENOMEM", "madvise-fits-the-mapping");
};
