/**
 * What each call of the interface may answer: a put hands over bytes that may be dropped, a get may
 * miss whatever was put, and may hit only with the bytes of the last put of that very key. Sources:
 * Documentation/vm/cleancache.rst and mm/cleancache.c before v5.17.
 */
import { match } from "ts-pattern";
import { ruleOfEmpty } from "../memory/cache.ts";
import type { RuleId } from "../memory/rulebook.ts";
import type { EmptyBecause } from "../memory/state.ts";
import {
  type Cleancache,
  type Entry,
  isOfObject,
  keyOfEntry,
  type Pool,
  type PoolForm,
  type PoolId,
} from "./state.ts";

export type CleancacheKey = {
  readonly pool: PoolId;
  readonly object: string;
  readonly index: number;
};

/** What the back end is made to answer where it has a choice; null leaves it open. */
type Forced = "hit" | "miss" | null;

export type CleancacheOperation =
  | { readonly kind: "register" | "unregister" }
  | { readonly kind: "init-fs"; readonly form: PoolForm }
  | ({ readonly kind: "put"; readonly data: string; readonly forced: Forced } & CleancacheKey)
  | ({ readonly kind: "get"; readonly forced: Forced } & CleancacheKey)
  | ({ readonly kind: "invalidate-page" } & CleancacheKey)
  | { readonly kind: "invalidate-inode"; readonly pool: PoolId; readonly object: string }
  | { readonly kind: "invalidate-fs"; readonly pool: PoolId };

export type CleancacheOutcome =
  | { readonly kind: "done" }
  | { readonly kind: "pool"; readonly pool: PoolId }
  | { readonly kind: "hit"; readonly data: string }
  | { readonly kind: "miss" }
  /** Another back end is registered. */
  | { readonly kind: "busy" };

/** One thing that may happen, and the rules that leave it no other. */
export type CleancacheAllowed = {
  readonly state: Cleancache;
  readonly outcome: CleancacheOutcome;
  readonly rules: readonly RuleId[];
};

const empty = (because: EmptyBecause): Entry => ({ kind: "empty", because });

const entryOf = ({ pools }: Cleancache, { pool, object, index }: CleancacheKey): Entry =>
  pools.get(pool)?.entries.get(keyOfEntry(object, index)) ?? empty("never-put");

const withPool = (state: Cleancache, id: PoolId, pool: Pool): Cleancache => ({
  ...state,
  pools: new Map(state.pools).set(id, pool),
});

const withEntry = (state: Cleancache, key: CleancacheKey, entry: Entry): Cleancache => {
  const pool = state.pools.get(key.pool);
  if (!pool) return state;
  const entries = new Map(pool.entries).set(keyOfEntry(key.object, key.index), entry);
  return withPool(state, key.pool, { ...pool, entries });
};

/** Entries of a pool that hold something are emptied; others stay empty for their own reason. */
const emptied = (pool: Pool, because: EmptyBecause, which: (key: string) => boolean): Pool => ({
  ...pool,
  entries: new Map(
    [...pool.entries].map(([key, entry]) => [
      key,
      entry.kind === "holds" && which(key) ? empty(because) : entry,
    ]),
  ),
});

const one = (
  state: Cleancache,
  outcome: CleancacheOutcome,
  ...rules: readonly RuleId[]
): readonly CleancacheAllowed[] => [{ state, outcome, rules }];

const done: CleancacheOutcome = { kind: "done" };
const miss: CleancacheOutcome = { kind: "miss" };

const initialised = (state: Cleancache, form: PoolForm): readonly CleancacheAllowed[] => {
  const shared = [...state.pools].find(
    ([, pool]) =>
      form.kind === "shared" && pool.form.kind === "shared" && pool.form.uuid === form.uuid,
  );
  if (shared) return one(state, { kind: "pool", pool: shared[0] });
  const pool = state.next;
  const next = withPool({ ...state, next: pool + 1 }, pool, { form, entries: new Map() });
  return one(next, { kind: "pool", pool });
};

/**
 * Stored or dropped, and in both cases nothing older is left under the key. Which of the two a back
 * end chose shows in a get only, and there a miss is allowed in any case; so it is decided there,
 * where a row may also force the answer, unless the put itself is made to fail.
 */
const put = (
  state: Cleancache,
  { data, forced, ...key }: Extract<CleancacheOperation, { kind: "put" }>,
): readonly CleancacheAllowed[] => {
  const { registered, pools } = state;
  if (!registered || !pools.has(key.pool))
    return one(state, done, "nothing-is-stored-without-a-pool");
  const entry: Entry = forced === "miss" ? empty("put-dropped") : { kind: "holds", data };
  return one(withEntry(state, key, entry), done);
};

const get = (
  state: Cleancache,
  { forced, ...key }: Extract<CleancacheOperation, { kind: "get" }>,
): readonly CleancacheAllowed[] => {
  const pool = state.pools.get(key.pool);
  if (!state.registered || !pool) return one(state, miss, "nothing-is-stored-without-a-pool");
  const entry = entryOf(state, key);
  if (entry.kind === "empty") return one(state, miss, ruleOfEmpty(entry.because));
  const taken = pool.form.kind === "private" ? withEntry(state, key, empty("consumed")) : state;
  const hit = one(taken, { kind: "hit", data: entry.data }, "a-hit-returns-the-last-put");
  const missed = one(withEntry(state, key, empty("missed")), miss);
  if (forced === null) return [...hit, ...missed];
  return forced === "hit" ? hit : missed;
};

const invalidated = (
  state: Cleancache,
  pool: PoolId,
  which: (key: string) => boolean,
): Cleancache => {
  const found = state.pools.get(pool);
  return found ? withPool(state, pool, emptied(found, "invalidated", which)) : state;
};

/** The file system is gone: its pool is none any more, and nothing of it can be found. */
const unmounted = (state: Cleancache, pool: PoolId): Cleancache => {
  const pools = new Map(state.pools);
  pools.delete(pool);
  return { ...state, pools };
};

const forgotten = (state: Cleancache): Cleancache => ({
  ...state,
  registered: false,
  pools: new Map([...state.pools].map(([id, pool]) => [id, emptied(pool, "dropped", () => true)])),
});

/** Every outcome that is allowed, with the state that follows; never none. */
export const cleancacheStep = (
  state: Cleancache,
  operation: CleancacheOperation,
): readonly CleancacheAllowed[] =>
  match(operation)
    .with({ kind: "register" }, () =>
      state.registered ? one(state, { kind: "busy" }) : one({ ...state, registered: true }, done),
    )
    .with({ kind: "unregister" }, () => one(forgotten(state), done))
    .with({ kind: "init-fs" }, ({ form }) => initialised(state, form))
    .with({ kind: "put" }, (operands) => put(state, operands))
    .with({ kind: "get" }, (operands) => get(state, operands))
    .with({ kind: "invalidate-page" }, ({ pool, object, index }) => {
      const key = keyOfEntry(object, index);
      return one(
        invalidated(state, pool, (other) => other === key),
        done,
      );
    })
    .with({ kind: "invalidate-inode" }, ({ pool, object }) =>
      one(
        invalidated(state, pool, (other) => isOfObject(other, object)),
        done,
      ),
    )
    .with({ kind: "invalidate-fs" }, ({ pool }) => one(unmounted(state, pool), done))
    .exhaustive();
