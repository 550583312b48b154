/**
 * Keys of the page cache: which page of which file, which pages are read or put together, and what
 * a back end is. The back end that keeps nothing is here too.
 */
import type { Operation } from "../../contract/memory/index.ts";
import type { Label } from "../../world/labels.ts";
import { at, type Site } from "../../world/site.ts";
import type { CachedPage } from "../../world/world.ts";
import type { Job } from "../job.ts";
import { type Commit, commit, type LockName, type Script, type Turn } from "../script.ts";

/** What a design does with clean pages that the page cache forgets. */
export type CacheBackEnd = {
  /** Ends at `hit` with the bytes in `actor.value` (`secondValue`), or at `miss`. */
  readonly get: (hit: Label, miss: Label) => Script;
  readonly put: (then: Label) => Script;
  /** The storage pages that go when a key does: two at most. */
  readonly find: (turn: Turn, key: number) => readonly number[];
  /** Lets the copies in these storage pages go, and says which keys are empty now. */
  readonly forget: (turn: Turn, storage: readonly number[]) => readonly Commit[];
  /** The lock under which a page that is let go is free again; none: that of the index. */
  readonly freesWithin?: LockName;
};

export const keyOf = (site: Site, file: number, index: number): number =>
  file * site.scope.pagesPerFile + index;

const fileOfKey = (site: Site, key: number): { file: number; index: number } => ({
  file: Math.floor(key / site.scope.pagesPerFile),
  index: key % site.scope.pagesPerFile,
});

/** The first key of the folio that a key belongs to: the one whose lock counts. */
export const folioOf = (site: Site, key: number): number => {
  const { file, index } = fileOfKey(site, key);
  const size = 2 ** site.scope.folioOrder;
  return keyOf(site, file, index - (index % size));
};

export const keyOfOperation = (site: Site, operation: Job): number =>
  "file" in operation && "index" in operation
    ? keyOf(site, operation.file, operation.index)
    : "file" in operation
      ? keyOf(site, operation.file, 0)
      : 0;

const keyOfTurn = ({ site, operation }: Turn): number => keyOfOperation(site, operation);

/** Keys read or put together: the folio when the page cache treats all of it alike, else the page. */
const unitOf = (turn: Turn, alike: (page: CachedPage) => boolean): readonly number[] => {
  const { world, site } = turn;
  const key = keyOfTurn(turn);
  if (site.scope.folioOrder === 0) return [key];
  const first = folioOf(site, key);
  const folio = [first, first + 1];
  return folio.every((each) => alike(at(world.cached, each))) ? folio : [key];
};

export const missingUnit = (turn: Turn): readonly number[] =>
  unitOf(turn, (page) => page.resident === "none");
export const cleanUnit = (turn: Turn): readonly number[] =>
  unitOf(turn, (page) => page.resident === "clean");

/** An operation on one key inside another operation. */
export const onKey = (
  site: Site,
  kind: "get" | "invalidate-page" | "drop" | "evict" | "read-file",
  key: number,
): Operation => ({ kind, ...fileOfKey(site, key) });

export const putOf = (site: Site, key: number, bytes: number): Operation => ({
  kind: "put",
  ...fileOfKey(site, key),
  bytes,
});

/** The back end that keeps nothing. */
export const noBackEnd: CacheBackEnd = {
  get: (_hit, miss) => ({
    entry: "get-missed",
    actions: {
      "get-missed": {
        standsFor: "cleancache_get_page() without a back end",
        next: miss,
        do: (turn) => ({ commits: missed(turn) }),
      },
    },
  }),
  put: (then) => ({
    entry: "put-dropped",
    actions: {
      "put-dropped": {
        standsFor: "cleancache_put_page() without a back end",
        next: then,
        do: (turn) => ({ commits: droppedPut(turn) }),
      },
    },
  }),
  find: () => [],
  forget: () => [],
};

/** A get of what is read together finds nothing; `asked`: those of its keys that were asked for. */
export const missed = (
  turn: Turn,
  asked: (key: number) => boolean = () => true,
): readonly Commit[] =>
  missingUnit(turn)
    .filter(asked)
    .map((key) =>
      commit({ kind: "miss", touched: false }, { kind: "none" }, onKey(turn.site, "get", key)),
    );

export const droppedPut = (turn: Turn): readonly Commit[] =>
  cleanUnit(turn).map((key) => {
    const { bytes } = at(turn.world.cached, key);
    return commit({ kind: "done" }, { kind: "dropped" }, putOf(turn.site, key, bytes));
  });
