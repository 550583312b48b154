/** userfaultfd: missing pages are filled by hand. */
import { addressOf, type Pointer } from "../architecture/index.ts";
import { areaAt, areasBetween, changeAreas, isMapped } from "./areas.ts";
import { type Allowed, type Asked, allow, failed, isTagged, rangeOf, returned } from "./asked.ts";
import {
  entryOf,
  fresh,
  newPage,
  pageOfId,
  setEntry,
  setFile,
  setProcess,
  zeroedPage,
} from "./changes.ts";
import { isSince, pageSize } from "./configuration.ts";
import type { UserfaultOperation } from "./operations.ts";
import type { Errno } from "./outcome.ts";
import type { ProcessRuleId } from "./rulebook.ts";
import type { Area, PageId, PageNumber, ProcessName, ProcessState } from "./state.ts";
import { emptyTable, enter, lookUp } from "./table.ts";
import { bytesAt, checksOf, extentOf, takes } from "./user-copy.ts";

type Of<Kind extends UserfaultOperation["kind"]> = Asked<
  Extract<UserfaultOperation, { kind: Kind }>
>;

const numbers = { ENOENT: 2, EAGAIN: 11, EFAULT: 14, EBUSY: 16, EEXIST: 17, EINVAL: 22 } as const;
type IoctlErrno = Errno & keyof typeof numbers;

const notCopied = (
  state: ProcessState,
  errno: IoctlErrno,
  rule: ProcessRuleId,
  copied: number = -numbers[errno],
): readonly Allowed[] => allow(state, { kind: "not-copied", errno, copied }, rule);

const register = ({ state, name, process, operation }: Of<"uffd">): readonly Allowed[] => {
  const range = rangeOf(operation.address, operation.length);
  const refused = () => failed(state, "EINVAL", "userfaultfd-takes-untagged-addresses");
  if (isTagged(operation.address) || !range || operation.length <= 0) return refused();
  const { start, end } = range;
  const fits = (area: Area) => {
    const file = area.backing && lookUp(state.files, area.backing.file);
    return !file || file.system === "tmpfs" || file.system === "anon" || area.hugetlb;
  };
  if (!isMapped(process, start, end) || !areasBetween(process, start, end).every(fits))
    return refused();
  const [after, number] = fresh(state);
  const opened = setFile(after, number, { system: "userfault", size: 0, pages: emptyTable });
  const areas = changeAreas(process, start, end, (area) => ({ ...area, userfault: number }));
  return returned(setProcess(opened, name, areas), number, "userfaultfd-fills-missing-pages");
};

type Target = { readonly number: PageNumber; readonly area: Area };

/** The page that an ioctl is to fill, or why it cannot. */
const targetOf = (
  { state, name }: Asked<unknown>,
  file: number,
  number: PageNumber,
): Target | IoctlErrno => {
  const process = state.processes.get(name);
  const area = process && areaAt(process, number);
  if (!process || !area || area.userfault !== file) return "ENOENT";
  if (entryOf(process, number) !== undefined) return "EEXIST";
  const cached = area.backing && lookUp(state.files, area.backing.file);
  const index = area.backing && area.backing.first + number - area.start;
  const filled = cached && index !== null && lookUp(cached.pages, index) !== undefined;
  return filled ? "EEXIST" : { number, area };
};

/** Puts a page where there was none: in the page table, or in the file that is shown there. */
const installed = (
  state: ProcessState,
  name: ProcessName,
  { number, area }: Target,
  id: PageId,
): ProcessState => {
  const file = area.backing && lookUp(state.files, area.backing.file);
  if (!area.shared || !area.backing || !file) return setEntry(state, name, number, id);
  const index = area.backing.first + number - area.start;
  return setFile(state, area.backing.file, { ...file, pages: enter(file.pages, index, id) });
};

const whole = (to: Pointer, length: number): boolean =>
  !isTagged(to) && addressOf(to) % pageSize === 0 && length > 0 && length % pageSize === 0;

/** Page after page; the first error ends it, and what was done before is told. */
const eachPage = (
  asked: Asked<{ readonly to: Pointer; readonly length: number }>,
  rule: ProcessRuleId,
  fill: (state: ProcessState, at: number) => ProcessState | IoctlErrno,
): readonly Allowed[] => {
  const { state, operation } = asked;
  let so = state;
  for (let at = 0; at < operation.length; at += pageSize) {
    const after = fill(so, at);
    if (typeof after === "string")
      return at === 0 ? notCopied(so, after, rule) : notCopied(so, "EAGAIN", rule, at);
    so = after;
  }
  return returned(so, operation.length, rule);
};

const newTarget = (area: Area, generation: number, bytes: Uint8Array | null) => ({
  ...zeroedPage,
  bytes,
  tagged: area.tagged,
  owner: area.shared ? 0 : generation,
});

const uffdcopy = (asked: Of<"uffdcopy" | "uffdmove">): readonly Allowed[] => {
  const { state, name, process, operation } = asked;
  const { file, to, from, length } = operation;
  const checked = isSince(state.configuration.kernel, 6, 6);
  if (!whole(to, length) || (checked && isTagged(from)))
    return failed(state, "EINVAL", "userfaultfd-takes-untagged-addresses");
  return eachPage(asked, "userfaultfd-pages-have-tag-0", (so, at) => {
    const number = addressOf(to) / pageSize + at / pageSize;
    const target = targetOf({ ...asked, state: so }, file, number);
    if (typeof target === "string") return target;
    const source = from + BigInt(at);
    if (!takes(asked, source)) return "EFAULT";
    const checks = checksOf(asked, source, "out");
    const extent = extentOf(so, name, source, pageSize, "read", checks);
    if (extent.length < pageSize) return "EFAULT";
    const bytes = bytesAt(extent.state, name, source, pageSize);
    const page = newTarget(target.area, process.generation, bytes);
    const [after, id] = newPage(extent.state, page);
    return installed(after, name, target, id);
  });
};

const uffdzero = (asked: Of<"uffdzero">): readonly Allowed[] => {
  const { state, name, process, operation } = asked;
  const { file, to, length } = operation;
  if (!whole(to, length)) return failed(state, "EINVAL", "userfaultfd-takes-untagged-addresses");
  return eachPage(asked, "userfaultfd-pages-have-tag-0", (so, at) => {
    const number = addressOf(to) / pageSize + at / pageSize;
    const target = targetOf({ ...asked, state: so }, file, number);
    if (typeof target === "string") return target;
    const [after, id] = newPage(so, newTarget(target.area, process.generation, null));
    return installed(after, name, target, id);
  });
};

const movable = (from: Area, to: Area): boolean =>
  !from.shared &&
  !from.backing &&
  !from.hugetlb &&
  from.locked === to.locked &&
  from.tagged === to.tagged &&
  from.read === to.read &&
  from.write === to.write;

/** The page itself goes to the other address, with its tags. */
const uffdmove = (asked: Of<"uffdcopy" | "uffdmove">): readonly Allowed[] => {
  const { state, name, process, operation } = asked;
  const { file, to, from, length } = operation;
  const known = isSince(state.configuration.kernel, 6, 8);
  if (!known || !whole(to, length) || !whole(from, length))
    return failed(state, "EINVAL", "userfaultfd-takes-untagged-addresses");
  return eachPage(asked, "userfaultfd-moves-tags-along", (so, at) => {
    const step = at / pageSize;
    const target = targetOf({ ...asked, state: so }, file, addressOf(to) / pageSize + step);
    if (typeof target === "string") return target;
    const number = addressOf(from) / pageSize + step;
    const now = so.processes.get(name) ?? process;
    const [source, id] = [areaAt(now, number), entryOf(now, number)];
    if (!source || !movable(source, target.area)) return "EINVAL";
    if (id === undefined) return "ENOENT";
    const { owner } = pageOfId(so, id);
    if (owner !== 0 && owner !== process.generation) return "EBUSY";
    return installed(setEntry(so, name, number, undefined), name, target, id);
  });
};

export const userfault = { register, uffdcopy, uffdzero, uffdmove };
