/** Mappings of a process: finding them, cutting them at page boundaries, joining what is alike. */
import type { Area, PageNumber, Process } from "./state.ts";

export const areaAt = (process: Process, page: PageNumber): Area | undefined =>
  process.areas.find(({ start, end }) => start <= page && page < end);

export const areasBetween = (
  process: Process,
  start: PageNumber,
  end: PageNumber,
): readonly Area[] => process.areas.filter((area) => area.start < end && start < area.end);

/** Is every page from `start` up to `end` mapped? */
export const isMapped = (process: Process, start: PageNumber, end: PageNumber): boolean => {
  const covered = areasBetween(process, start, end).reduce(
    (at, area) => (area.start <= at ? Math.max(at, area.end) : at),
    start,
  );
  return covered >= end;
};

export const isFree = (process: Process, start: PageNumber, end: PageNumber): boolean =>
  areasBetween(process, start, end).length === 0;

/** The same mapping, of these pages only; a file is shown from as far on. */
const cut = (area: Area, start: PageNumber, end: PageNumber): Area => ({
  ...area,
  start,
  end,
  backing: area.backing && {
    file: area.backing.file,
    first: area.backing.first + start - area.start,
  },
});

const joins = (left: Area, right: Area): boolean => {
  if (left.end !== right.start) return false;
  const moved = cut({ ...right, start: left.start }, left.start, right.end);
  const first = left.backing && left.backing.first + left.end - left.start;
  const continues =
    left.backing?.file === right.backing?.file &&
    (first ?? null) === (right.backing?.first ?? null);
  return (
    continues &&
    JSON.stringify({ ...left, end: 0, backing: null }) ===
      JSON.stringify({ ...moved, end: 0, backing: null })
  );
};

const joined = (areas: readonly Area[]): readonly Area[] => {
  const result: Area[] = [];
  for (const area of areas) {
    const last = result.at(-1);
    if (last && joins(last, area)) result[result.length - 1] = { ...last, end: area.end };
    else result.push(area);
  }
  return result;
};

/**
 * The mappings with every part between `start` and `end` replaced by what `change` makes of it;
 * null takes it away. Mappings that reach beyond are cut first.
 */
export const changeAreas = (
  process: Process,
  start: PageNumber,
  end: PageNumber,
  change: (area: Area) => Area | null,
): Process => {
  const areas = process.areas.flatMap((area) => {
    if (area.end <= start || end <= area.start) return [area];
    const [from, to] = [Math.max(start, area.start), Math.min(end, area.end)];
    const inside = change(cut(area, from, to));
    return [
      ...(area.start < from ? [cut(area, area.start, from)] : []),
      ...(inside ? [inside] : []),
      ...(to < area.end ? [cut(area, to, area.end)] : []),
    ];
  });
  return { ...process, areas: joined(areas) };
};

/** Adds a mapping where there is none. */
export const addArea = (process: Process, area: Area): Process => ({
  ...process,
  areas: joined([...process.areas, area].toSorted((left, right) => left.start - right.start)),
});
