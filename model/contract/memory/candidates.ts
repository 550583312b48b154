/** The values that a state can show at all, smallest first: what `allowed.ts` tries out. */
import type { Outcome } from "./operations.ts";
import type { Bytes, Handle, Limits, Memory } from "./state.ts";
import { zeroTags } from "./state.ts";

/** The free places of a table, smallest first. */
export const freeIndices = (table: readonly unknown[]): readonly number[] =>
  table.flatMap((entry, index) => (entry === null ? [index] : []));

/** Everything that a reader anywhere in this state could possibly be shown. */
export const seenBytes = ({ pages, files }: Memory): readonly Bytes[] => {
  const shown = new Set<Bytes>([0]);
  for (const page of pages) if (page) shown.add(page.bytes);
  for (const { disk, resident, cached, unsaved } of files.flatMap((file) => file.pages)) {
    shown.add(disk);
    if (resident) shown.add(resident.bytes);
    if (cached.kind === "holds") shown.add(cached.bytes);
    if (unsaved !== null) shown.add(unsaved);
  }
  return [...shown].sort((left, right) => left - right);
};

/** A page that looks like one of `models`, or like one of them with tags that were just cleared. */
export const pageLooks = (
  limits: Limits,
  memory: Memory,
  handle: Handle,
  models: readonly Handle[],
): readonly Outcome[] => {
  const looks = new Map<string, Outcome>();
  for (const model of models) {
    const page = memory.pages[model];
    if (!page) continue;
    const { tagged, tags, bytes } = page;
    for (const seen of [
      { tagged, tags, bytes },
      { tagged: true, tags: zeroTags(limits), bytes },
    ])
      looks.set(JSON.stringify(seen), { kind: "page", handle, seen });
  }
  return [...looks.values()];
};
