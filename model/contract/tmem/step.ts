/**
 * The store of pages that Xen kept for its guests until 2019 (tmem; Linux drivers/xen/tmem.c up to
 * 5.2), as far as it promises something else than cleancache does: a pool may be persistent, so that
 * an accepted put is found until it is flushed; and each call is a hypercall, which may fail with
 * nothing done, also one that was to make an old copy go. Its successor has none of that, so it is
 * here for the difference: `cleancache` beside it is the rest.
 */

/** Persistent: nothing that was accepted is ever dropped. Shared: gets leave what they return. */
export type TmemPoolForm = { readonly persistent: boolean; readonly shared: boolean };

type TmemKey = { readonly pool: number; readonly object: string; readonly index: number };

export type TmemOperation =
  | { readonly kind: "new-pool"; readonly form: TmemPoolForm }
  | ({ readonly kind: "put"; readonly data: string } & TmemKey)
  | ({ readonly kind: "get" } & TmemKey)
  | ({ readonly kind: "flush-page" } & TmemKey)
  | { readonly kind: "flush-object"; readonly pool: number; readonly object: string }
  | { readonly kind: "destroy-pool"; readonly pool: number };

type TmemOutcome =
  | { readonly kind: "pool"; readonly pool: number }
  | { readonly kind: "done" }
  /** The put was not accepted; what the key held before is gone all the same. */
  | { readonly kind: "refused" }
  | { readonly kind: "hit"; readonly data: string }
  | { readonly kind: "miss" }
  /** The hypercall failed, and nothing was done. */
  | { readonly kind: "failed" };

type Pool = TmemPoolForm & {
  /** By object and index; a key that is not here holds nothing. */
  readonly entries: ReadonlyMap<string, string>;
};

export type Tmem = {
  readonly pools: ReadonlyMap<number, Pool>;
  readonly next: number;
  /** May hypercalls fail? */
  readonly mayFail: boolean;
};

export const freshTmem = (mayFail: boolean): Tmem => ({ pools: new Map(), next: 0, mayFail });

/** One thing that may happen, and what holds then. */
export type TmemAllowed = { readonly tmem: Tmem; readonly outcome: TmemOutcome };

/** Objects may have any name, so the index comes first. */
const nameOf = ({ object, index }: Omit<TmemKey, "pool">): string => `${index}/${object}`;
const isOfObject = (name: string, object: string): boolean =>
  name.slice(name.indexOf("/") + 1) === object;

const done: TmemOutcome = { kind: "done" };
const miss: TmemOutcome = { kind: "miss" };

const changed = (tmem: Tmem, id: number, change: (entries: Map<string, string>) => void): Tmem => {
  const pool = tmem.pools.get(id);
  if (!pool) return tmem;
  const entries = new Map(pool.entries);
  change(entries);
  return { ...tmem, pools: new Map(tmem.pools).set(id, { ...pool, entries }) };
};

/** A pool that is both shared and persistent was never supported. */
const opened = (tmem: Tmem, form: TmemPoolForm): TmemAllowed => {
  if (form.shared && form.persistent) return { tmem, outcome: { kind: "refused" } };
  const pool = tmem.next;
  const pools = new Map(tmem.pools).set(pool, { ...form, entries: new Map() });
  return { tmem: { ...tmem, pools, next: pool + 1 }, outcome: { kind: "pool", pool } };
};

/** Accepted or not; in both cases nothing older is left under the key. */
const put = (tmem: Tmem, key: TmemKey, data: string): readonly TmemAllowed[] => {
  if (!tmem.pools.has(key.pool)) return [{ tmem, outcome: { kind: "refused" } }];
  const stored = changed(tmem, key.pool, (entries) => entries.set(nameOf(key), data));
  const emptied = changed(tmem, key.pool, (entries) => entries.delete(nameOf(key)));
  return [
    { tmem: stored, outcome: done },
    { tmem: emptied, outcome: { kind: "refused" } },
  ];
};

/** An ephemeral pool may have dropped what it held; a private one consumes what it returns. */
const get = (tmem: Tmem, key: TmemKey): readonly TmemAllowed[] => {
  const pool = tmem.pools.get(key.pool);
  const data = pool?.entries.get(nameOf(key));
  if (!pool || data === undefined) return [{ tmem, outcome: miss }];
  const without = changed(tmem, key.pool, (entries) => entries.delete(nameOf(key)));
  const consumes = !pool.shared && !pool.persistent;
  const hit: TmemAllowed = { tmem: consumes ? without : tmem, outcome: { kind: "hit", data } };
  return pool.persistent ? [hit] : [hit, { tmem: without, outcome: miss }];
};

const destroyed = (tmem: Tmem, pool: number): Tmem => {
  const pools = new Map(tmem.pools);
  pools.delete(pool);
  return { ...tmem, pools };
};

const unlessItFails = (tmem: Tmem, operation: TmemOperation): readonly TmemAllowed[] => {
  switch (operation.kind) {
    case "new-pool":
      return [opened(tmem, operation.form)];
    case "put":
      return put(tmem, operation, operation.data);
    case "get":
      return get(tmem, operation);
    case "flush-page": {
      const name = nameOf(operation);
      const flushed = changed(tmem, operation.pool, (entries) => entries.delete(name));
      return [{ tmem: flushed, outcome: done }];
    }
    case "flush-object": {
      const flushed = changed(tmem, operation.pool, (entries) => {
        for (const name of entries.keys())
          if (isOfObject(name, operation.object)) entries.delete(name);
      });
      return [{ tmem: flushed, outcome: done }];
    }
    case "destroy-pool":
      return [{ tmem: destroyed(tmem, operation.pool), outcome: done }];
  }
};

/** Every outcome that is allowed, with the state that follows; never none. */
export const tmemStep = (tmem: Tmem, operation: TmemOperation): readonly TmemAllowed[] => [
  ...unlessItFails(tmem, operation),
  ...(tmem.mayFail ? [{ tmem, outcome: { kind: "failed" } } as const] : []),
];
