/**
 * Files and the page cache, with the hooks of cleancache where the kernel had them. The page lock
 * is held over a whole read, eviction or change of one page (of one folio, where pages are cached
 * as folios); docs/assumptions.md says what that leaves out.
 */
import type { Operation } from "../../contract/memory/index.ts";
import type { Label } from "../../world/labels.ts";
import { at } from "../../world/site.ts";
import { type CachedPage, junk } from "../../world/world.ts";
import { type Actions, type Commit, commit, type Script, type Turn, together } from "../script.ts";
import { type CacheBackEnd, cleanUnit, keyOfOperation, missingUnit, onKey } from "./keys.ts";

const keyOfTurn = ({ site, operation }: Turn): number => keyOfOperation(site, operation);

const done = (): Commit => commit({ kind: "done" });
const within = (operation: Operation): Commit =>
  commit({ kind: "done" }, { kind: "none" }, operation);

const leave = (page: CachedPage): void => {
  page.resident = "none";
  page.bytes = junk;
};

const readScript = (backEnd: CacheBackEnd): Script => {
  const get = backEnd.get("fill-page", "read-disk");
  return {
    entry: "find-page",
    actions: together(get.actions, {
      "find-page": {
        standsFor: "filemap_get_folio(), folio_lock()",
        takes: "file-page",
        do: (turn) => {
          const page = at(turn.world.cached, keyOfTurn(turn));
          if (page.resident === "none") return { to: get.entry };
          turn.actor.value = page.bytes;
          return { to: "fill-page" };
        },
      },
      "read-disk": {
        standsFor: "mapping->a_ops->read_folio()",
        sleeps: true,
        next: "fill-page",
        do: (turn) => {
          const [first, second] = missingUnit(turn);
          if (first !== undefined) turn.actor.value = at(turn.world.cached, first).disk;
          if (second !== undefined) turn.actor.secondValue = at(turn.world.cached, second).disk;
          return undefined;
        },
      },
      "fill-page": {
        standsFor: "folio_end_read()",
        drops: "file-page",
        next: "end",
        do: (turn) => {
          const { world, site, actor } = turn;
          const own = keyOfTurn(turn);
          const resident = at(world.cached, own).resident !== "none";
          const unit = resident ? [own] : missingUnit(turn);
          const values = [actor.value, actor.secondValue];
          return {
            commits: unit.map((key, position) => {
              const page = at(world.cached, key);
              const bytes = values[position] ?? junk;
              if (page.resident === "none") page.resident = "clean";
              page.bytes = bytes;
              const operation = key === own ? "own" : onKey(site, "read-file", key);
              return commit({ kind: "bytes", bytes }, { kind: "none" }, operation);
            }),
          };
        },
      },
    }),
  };
};

const evictScript = (backEnd: CacheBackEnd): Script => {
  const put = backEnd.put("remove-page");
  return {
    entry: "find-page",
    actions: together(put.actions, {
      "find-page": {
        standsFor: "shrink_folio_list(), folio_trylock()",
        takes: "file-page",
        do: () => ({ to: put.entry }),
      },
      "remove-page": {
        standsFor: "__remove_mapping()",
        drops: "file-page",
        next: "end",
        do: (turn) => {
          const own = keyOfTurn(turn);
          return {
            commits: cleanUnit(turn).map((key) => {
              leave(at(turn.world.cached, key));
              return key === own ? done() : within(onKey(turn.site, "evict", key));
            }),
          };
        },
      },
    }),
  };
};

/** One action under the page lock. */
const onePage = (
  standsFor: string,
  change: (turn: Turn, page: CachedPage, choice: number) => Commit,
  choose?: (turn: Turn) => readonly number[],
): Script => ({
  entry: "change-file",
  actions: {
    "change-file": {
      standsFor,
      within: "file-page",
      next: "end",
      ...(choose && { choose, decidedBy: "environment" }),
      do: (turn, choice) => {
        const made = change(turn, at(turn.world.cached, keyOfTurn(turn)), choice);
        return {
          commits: [made],
          ...(made.outcome.kind === "failed" && { marks: ["write-back-fails"] }),
        };
      },
    },
  },
});

/**
 * Empties the keys of `turn` one after the other, each in its own critical section: find the copy,
 * forget it. Commits what each key's going means to the contract.
 */
const emptying = (
  standsFor: string,
  backEnd: CacheBackEnd,
  keys: (turn: Turn) => readonly number[],
  means: (turn: Turn, key: number) => Commit,
  then: Label | "end",
): Actions => ({
  "empty-keys": {
    standsFor: `${standsFor}, find`,
    takes: "index",
    next: "forget-keys",
    do: (turn) => {
      const found = backEnd.find(turn, at(keys(turn), turn.actor.count));
      turn.actor.storage = found[0] ?? -1;
      turn.actor.target = found[1] ?? -1;
      return undefined;
    },
  },
  "forget-keys": {
    standsFor,
    ...(backEnd.freesWithin && { within: backEnd.freesWithin }),
    drops: "index",
    do: (turn) => {
      const { actor } = turn;
      const all = keys(turn);
      const key = at(all, actor.count);
      const found = [actor.storage, actor.target].filter((storage) => storage >= 0);
      const commits = [means(turn, key), ...backEnd.forget(turn, found)];
      actor.storage = -1;
      actor.target = -1;
      actor.count++;
      return { to: actor.count < all.length ? "empty-keys" : then, commits };
    },
  },
});

const invalidated = ({ site }: Turn, key: number): Commit =>
  within(onKey(site, "invalidate-page", key));

/** The disk changes beneath the page cache: the resident copy and the key go first. */
const beneath = (standsFor: string, backEnd: CacheBackEnd): Script => ({
  entry: "find-page",
  actions: {
    "find-page": {
      standsFor: `${standsFor}: folio_lock(), unmap`,
      takes: "file-page",
      next: "empty-keys",
      do: (turn) => {
        leave(at(turn.world.cached, keyOfTurn(turn)));
        return undefined;
      },
    },
    ...emptying(
      "cleancache_invalidate_page()",
      backEnd,
      (turn) => [keyOfTurn(turn)],
      invalidated,
      "finish-change",
    ),
    "finish-change": {
      standsFor,
      drops: "file-page",
      next: "end",
      do: (turn) => {
        const { operation } = turn;
        at(turn.world.cached, keyOfTurn(turn)).disk =
          operation.kind === "direct-write" ? operation.bytes : 0;
        return { commits: [done()] };
      },
    },
  },
});

/** Many keys go, one short critical section each, and then what they were kept for. */
const manyKeys = (
  standsFor: string,
  backEnd: CacheBackEnd,
  keys: (turn: Turn) => readonly number[],
  finish: (turn: Turn) => Commit,
): Script => ({
  entry: "empty-keys",
  actions: {
    ...emptying("cleancache_invalidate_inode()", backEnd, keys, invalidated, "finish-change"),
    "finish-change": {
      standsFor,
      next: "end",
      do: (turn) => {
        for (const key of keys(turn)) leave(at(turn.world.cached, key));
        return { commits: [finish(turn)] };
      },
    },
  },
});

const keysOfFile = (turn: Turn): readonly number[] => {
  const first = keyOfTurn(turn);
  return Array.from({ length: turn.site.scope.pagesPerFile }, (_, index) => first + index);
};
const allKeys = ({ site }: Turn): readonly number[] =>
  Array.from({ length: site.keys }, (_, key) => key);

const fileOf = ({ operation }: Turn): number => ("file" in operation ? operation.file : 0);
const atOnce = (standsFor: string, change: (turn: Turn) => void): Script => ({
  entry: "finish-change",
  actions: {
    "finish-change": {
      standsFor,
      next: "end",
      do: (turn) => {
        change(turn);
        return { commits: [done()] };
      },
    },
  },
});

export const fileScripts = (backEnd: CacheBackEnd) => ({
  "read-file": readScript(backEnd),
  evict: evictScript(backEnd),
  "write-file": onePage("generic_perform_write()", ({ operation }, page) => {
    page.resident = "dirty";
    page.bytes = operation.kind === "write-file" ? operation.bytes : junk;
    return done();
  }),
  "write-back": onePage(
    "folio_start_writeback(), folio_end_writeback()",
    (_turn, page, fails) => {
      page.resident = "clean";
      if (fails) return commit({ kind: "failed" });
      page.disk = page.bytes;
      return done();
    },
    ({ site }) => (site.scope.mayFail ? [0, 1] : [0]),
  ),
  "direct-write": beneath("generic_file_direct_write()", backEnd),
  truncate: beneath("truncate_inode_pages_range()", backEnd),
  unlink: manyKeys("truncate_inode_pages_final()", backEnd, keysOfFile, (turn) => {
    for (const key of keysOfFile(turn)) at(turn.world.cached, key).disk = 0;
    turn.world.exists[fileOf(turn)] = false;
    return done();
  }),
  create: atOnce("new_inode() with a used inode number", (turn) => {
    turn.world.exists[fileOf(turn)] = true;
  }),
  unmount: manyKeys("deactivate_locked_super()", backEnd, allKeys, (turn) => {
    turn.world.mounted = false;
    return done();
  }),
  mount: atOnce("alloc_super()", (turn) => {
    turn.world.mounted = true;
  }),
  drop: {
    entry: "empty-keys",
    actions: emptying("the back end's shrinker", backEnd, (turn) => [keyOfTurn(turn)], done, "end"),
  } satisfies Script,
});
