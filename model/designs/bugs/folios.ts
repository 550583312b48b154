/** Large folios whose pages are kept, dropped and asked for one by one. */
import { loadData, storeData } from "../../hardware/arena.ts";
import { at } from "../../world/site.ts";
import type { Action, Turn } from "../script.ts";
import { cleanUnit, missingUnit } from "../shared/keys.ts";
import { changes, type DesignBug, deciding, replacing, unchecked } from "./bug.ts";

const holes = ["cleancache-folio-holes"];
const single = ["cleancache-folio-single"];

const copyOf = ({ world }: Turn, key: number): number =>
  world.storage.findIndex((page) => page.use === "cached" && page.key === key);

/** Does its work; the copies of these keys that went with it are there again. */
const sparing =
  (keys: (turn: Turn, choice: number) => readonly number[]) =>
  (action: Action): Action => {
    if (action.next !== undefined) return action;
    return {
      ...action,
      do: (turn, choice) => {
        const { world, site } = turn;
        const spared = keys(turn, choice).flatMap((key) => {
          const storage = copyOf(turn, key);
          return storage < 0 ? [] : [{ key, storage, bytes: loadData(world, site, storage) }];
        });
        const next = action.do(turn, choice);
        for (const { key, storage, bytes } of spared) {
          const page = at(world.storage, storage);
          page.use = "cached";
          page.key = key;
          storeData(world, site, storage, bytes);
        }
        return next;
      },
    };
  };

const tailOf = (turn: Turn): readonly number[] => cleanUnit(turn).slice(1);

export const folioBugs: readonly DesignBug[] = [
  {
    id: "part-of-a-folio-fills-it",
    sentence: "One page of a folio that is found marks the whole folio as read.",
    source: "GCMA v2, readahead (G5); Linux c63f210d4891",
    story: ["read-file", "evict", "drop", "read-file"],
    designs: holes,
    design: changes(
      replacing(
        ["read-file"],
        "get-look-up",
        deciding((turn) => {
          const found = missingUnit(turn).map((key) => copyOf(turn, key));
          const some = found.find((storage) => storage >= 0);
          if (some === undefined || !found.includes(-1)) return undefined;
          turn.actor.storage = some;
          turn.actor.target = some;
          turn.actor.count = 0;
          return { to: "get-copy-first" };
        }),
      ),
      replacing(
        ["read-file"],
        "get-recheck",
        deciding(({ world, actor }) =>
          actor.storage === actor.target && at(world.storage, actor.storage).use === "cached"
            ? { to: "get-take" }
            : undefined,
        ),
      ),
    ),
  },
  {
    id: "folio-is-not-looked-at-again",
    sentence: "A folio that was copied is a hit, whichever of its pages a claim took meanwhile.",
    source: "I14 and I17 of cleancache's",
    story: ["read-file", "evict", "read-file", "allocate"],
    designs: holes,
    design: replacing(["read-file"], "get-recheck", unchecked),
  },
  {
    id: "refused-folio-keeps-its-tail",
    sentence: "A folio that is not kept empties the key of its first page alone.",
    source: "GCMA v2: a large folio is skipped, its older copies stay (G4); I18 of cleancache's",
    story: ["read-file", "write-file", "evict", "write-back", "read-file", "evict"],
    designs: [...single, ...holes],
    design: replacing(
      ["evict"],
      "put-claim",
      sparing((turn, choice) => (choice < 0 ? tailOf(turn) : [])),
    ),
  },
  {
    id: "large-folio-goes-into-one-page",
    sentence:
      "A large folio is stored as if it were a single page: the tail gets the head's bytes.",
    source: "GCMA v2: order-0 pages of storage only",
    story: ["read-file", "write-file", "write-back", "evict", "read-file"],
    designs: holes,
    design: replacing(["evict"], "put-copy", (action) =>
      action.next === undefined
        ? {
            ...action,
            do: (turn, choice) => {
              const { world, site, actor } = turn;
              const copies = actor.count;
              const next = action.do(turn, choice);
              const head = at(world.storage, actor.storage).key;
              if (copies > 0) storeData(world, site, actor.target, at(world.cached, head).bytes);
              return next;
            },
          }
        : action,
    ),
  },
  {
    id: "invalidation-of-a-folio-forgets-its-tail",
    sentence: "A file that is removed empties the key of the first page of each folio alone.",
    source: "I18 of cleancache's: what forgets a large folio empties all its keys",
    story: ["read-file", "evict", "unlink", "create", "read-file"],
    designs: holes,
    design: replacing(["unlink"], "empty-keys", (action) =>
      action.next === undefined
        ? action
        : {
            ...action,
            do: (turn, choice) =>
              turn.actor.count % 2 === 1 ? undefined : action.do(turn, choice),
          },
    ),
  },
];
