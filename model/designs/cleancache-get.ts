/**
 * Getting a page from a cleancache: the copy is looked up under the lock of the index, copied out
 * with the lock open, and looked up again, because a claim may have revoked it. Where a host can
 * take pages of that memory away, the memory is asked at every turn: bytes that were taken are a
 * miss.
 */
import { loadData } from "../hardware/arena.ts";
import type { Label } from "../world/labels.ts";
import { at } from "../world/site.ts";
import { junk, nothing } from "../world/world.ts";
import { dropKey, heed, holding, type Keeping, storageOfTurn } from "./cleancache-index.ts";
import { type Commit, commit, type Mark, type Script, type Turn } from "./script.ts";
import type { CacheMemory } from "./shared/cache-memory.ts";
import { missed, missingUnit, onKey } from "./shared/keys.ts";
import { emptyStorage } from "./shared/places.ts";

const values = ["value", "secondValue"] as const;

const hits = (turn: Turn): readonly Commit[] =>
  missingUnit(turn).map((key, position) => {
    const bytes = turn.actor[values[position] ?? "value"];
    return commit({ kind: "hit", bytes }, { kind: "none" }, onKey(turn.site, "get", key));
  });

const foundOut = (commits: readonly Commit[]): { readonly marks?: readonly Mark[] } =>
  commits.length > 0 ? { marks: ["a-discard-is-found-out"] } : {};

/** What a load finds; `nothing` where it faults. */
const load = (memory: CacheMemory, turn: Turn, storage: number): number =>
  memory.faults(turn.world, storage) ? nothing : loadData(turn.world, turn.site, storage);

export const getIn = (keeping: Keeping, hit: Label, miss: Label): Script => {
  const { policy, memory } = keeping;
  return {
    entry: "get-look-up",
    actions: {
      "get-look-up": {
        standsFor: "cleancache_get_page(), find",
        within: "index",
        do: (turn) => {
          const { heard } = heed(keeping, turn);
          const found = missingUnit(turn).map((key) => holding(turn.world, key));
          if (found.includes(-1)) {
            /** Part of a folio is no hit. An entry that is a folio is none any more: the rest goes. */
            const rest = missingUnit(turn).flatMap((key, position) =>
              found[position] === -1 || policy !== "whole" ? [] : dropKey(policy, turn, key),
            );
            return { to: "get-missed", commits: [...heard, ...rest], ...foundOut(heard) };
          }
          const gone = missingUnit(turn).filter(
            (_key, position) => !memory.beginReading(turn.world, at(found, position)),
          );
          if (gone.length > 0) {
            const commits = [...heard, ...gone.flatMap((key) => dropKey(policy, turn, key))];
            return { to: "get-missed", commits, ...foundOut(commits) };
          }
          turn.actor.storage = found[0] ?? -1;
          turn.actor.target = found[1] ?? -1;
          turn.actor.count = 0;
          return { to: "get-copy-first", commits: heard, ...foundOut(heard) };
        },
      },
      "get-copy-first": {
        standsFor: "copy_page(), first half",
        next: "get-copy-second",
        do: (turn) => {
          const storage = at(storageOfTurn(turn), turn.actor.count);
          turn.actor[values[turn.actor.count] ?? "value"] = load(memory, turn, storage);
          return undefined;
        },
      },
      "get-copy-second": {
        standsFor: "copy_page(), second half",
        do: (turn) => {
          const { actor } = turn;
          const pages = storageOfTurn(turn);
          const value = values[actor.count] ?? "value";
          const bytes = load(memory, turn, at(pages, actor.count));
          if (bytes !== actor[value])
            actor[value] = bytes === nothing || actor[value] === nothing ? nothing : junk;
          actor.count++;
          return { to: actor.count < pages.length ? "get-copy-first" : "get-recheck" };
        },
      },
      "get-recheck": {
        standsFor: "cleancache_get_page(), verify under the lock",
        takes: "index",
        do: (turn) => {
          const pages = storageOfTurn(turn);
          const unit = missingUnit(turn);
          const { heard } = heed(keeping, turn);
          const still = unit.every((key, position) => {
            const page = at(turn.world.storage, at(pages, position));
            return page.use === "cached" && page.key === key;
          });
          if (!still) return { to: "get-let-go", commits: heard, ...foundOut(heard) };
          const gone = unit.filter((_key, position) => {
            const faulted = turn.actor[values[position] ?? "value"] === nothing;
            return faulted || memory.isKnownLost(turn.world, at(pages, position));
          });
          const commits = [...heard, ...gone.flatMap((key) => dropKey(policy, turn, key))];
          return {
            to: gone.length === 0 ? "get-take" : "get-let-go",
            commits,
            ...foundOut(commits),
          };
        },
        unchecked: {
          check: "the copy is still there after it was read",
          do: () => ({ to: "get-take" }),
        },
      },
      "get-take": {
        standsFor: "cleancache_get_page() returns 0",
        drops: "index",
        next: hit,
        do: (turn) => {
          for (const storage of storageOfTurn(turn)) memory.endUse(turn.world, storage);
          if (turn.site.scope.getForm === "consuming")
            for (const storage of storageOfTurn(turn)) emptyStorage(turn, storage);
          return { commits: hits(turn), marks: ["hit"] };
        },
      },
      "get-let-go": {
        standsFor: "cleancache_get_page(), the copy was recalled",
        drops: "index",
        next: "get-missed",
        do: (turn) => {
          for (const storage of storageOfTurn(turn)) memory.endUse(turn.world, storage);
          return undefined;
        },
      },
      "get-missed": {
        standsFor: "cleancache_get_page() returns -1",
        next: miss,
        do: (turn) => {
          turn.actor.storage = -1;
          turn.actor.target = -1;
          /** Pages of the folio that are still kept were not asked for, as far as anybody can tell. */
          const gone = (key: number): boolean => policy === "whole" || holding(turn.world, key) < 0;
          return { commits: missed(turn, gone), marks: ["miss"] };
        },
      },
    },
  };
};
