/**
 * The algebra of tmem: what sequences of calls on one key may come to, for each form of pool; and
 * that a cleancache on top of hypercalls that may fail is one only if its driver minds the failures.
 */
import { describe, expect, test } from "vitest";
import {
  freshTmem,
  type Tmem,
  type TmemAllowed,
  type TmemOperation,
  type TmemPoolForm,
  tmemStep,
} from "../../../model/contract/tmem/index.ts";

const key = { pool: 0, object: "file", index: 3 } as const;
const put = (data: string): TmemOperation => ({ kind: "put", ...key, data });
const get: TmemOperation = { kind: "get", ...key };
const ephemeral = { persistent: false, shared: false } as const;
const shared = { persistent: false, shared: true } as const;
const persistent = { persistent: true, shared: false } as const;

const words = ({ outcome }: TmemAllowed): string =>
  outcome.kind === "hit" ? outcome.data : outcome.kind;

/** Every way in which the calls may go, as their outcomes. */
const waysOf = (
  form: TmemPoolForm,
  operations: readonly TmemOperation[],
  mayFail = false,
): ReadonlySet<string> => {
  const open: TmemOperation = { kind: "new-pool", form };
  let ways: readonly { readonly tmem: Tmem; readonly said: string }[] = tmemStep(
    freshTmem(false),
    open,
  ).map(({ tmem }) => ({ tmem: { ...tmem, mayFail }, said: "" }));
  for (const operation of operations)
    ways = ways.flatMap(({ tmem, said }) =>
      tmemStep(tmem, operation).map((allowed) => ({
        tmem: allowed.tmem,
        said: `${said} ${words(allowed)}`.trim(),
      })),
    );
  return new Set(ways.map(({ said }) => said));
};

describe.each([
  ["private ephemeral", ephemeral],
  ["shared ephemeral", shared],
  ["private persistent", persistent],
] as const)("%s", (_name, form) => {
  test("a get that misses is followed by misses: nothing appears by itself", () => {
    expect(waysOf(form, [get, get])).toEqual(new Set(["miss miss"]));
    for (const way of waysOf(form, [put("1"), get, get])) expect(way).not.toMatch(/miss 1$/);
  });

  test("nothing older than the last put is found, accepted or not", () => {
    for (const way of waysOf(form, [put("1"), put("2"), get])) expect(way).not.toMatch(/ 1$/);
    expect(waysOf(form, [put("1"), put("2"), get])).toContain("done refused miss");
  });

  test.each([
    ["page", { kind: "flush-page", ...key }],
    ["object", { kind: "flush-object", pool: 0, object: "file" }],
    ["pool", { kind: "destroy-pool", pool: 0 }],
  ] as const)("after the %s was flushed it is a miss", (_what, flush) => {
    for (const way of waysOf(form, [put("1"), flush, get])) expect(way).toMatch(/ miss$/);
  });

  test("flushing another object, or another page of it, leaves the page alone", () => {
    const other: TmemOperation = { kind: "flush-object", pool: 0, object: "ile" };
    const elsewhere: TmemOperation = { kind: "flush-page", ...key, index: 30 };
    for (const flush of [other, elsewhere])
      expect(waysOf(form, [put("1"), flush, get])).toContain("done done 1");
  });

  test("a pool that is gone answers nothing, and its number is not used again", () => {
    const gone: readonly TmemOperation[] = [
      put("1"),
      { kind: "destroy-pool", pool: 0 },
      { kind: "new-pool", form },
      put("2"),
      get,
    ];
    for (const way of waysOf(form, gone)) expect(way).toMatch(/done pool refused miss$/);
  });
});

test("a private ephemeral pool consumes what it returns; the others do not", () => {
  const again = [put("1"), get, get];
  expect(waysOf(ephemeral, again)).not.toContain("done 1 1");
  expect(waysOf(shared, again)).toContain("done 1 1");
  expect(waysOf(persistent, again)).toEqual(new Set(["done 1 1", "refused miss miss"]));
});

test("what a persistent pool accepted is found until it is flushed; an ephemeral one may drop it", () => {
  expect(waysOf(persistent, [put("1"), get])).toEqual(new Set(["done 1", "refused miss"]));
  expect(waysOf(ephemeral, [put("1"), get])).toEqual(
    new Set(["done 1", "done miss", "refused miss"]),
  );
});

test("a pool that is shared and persistent is refused", () => {
  const form = { persistent: true, shared: true };
  expect(tmemStep(freshTmem(false), { kind: "new-pool", form })).toEqual([
    { tmem: freshTmem(false), outcome: { kind: "refused" } },
  ]);
});

test("a call that fails did nothing, whatever it was to do", () => {
  expect(waysOf(ephemeral, [put("1"), put("2"), get], true)).toContain("done failed 1");
  expect(waysOf(ephemeral, [put("1"), { kind: "flush-page", ...key }, get], true)).toContain(
    "done failed 1",
  );
});

/** What the front end is told: a put says nothing, a get hits or misses. */
type Driver = (
  tmem: Tmem,
  isOpen: boolean,
  data: string,
) => readonly { readonly tmem: Tmem; readonly isOpen: boolean }[];

/** As drivers/xen/tmem.c did: nobody looks at what became of the put. */
const careless: Driver = (tmem, isOpen, data) =>
  tmemStep(tmem, put(data)).map((allowed) => ({ tmem: allowed.tmem, isOpen }));

/** A put that failed is flushed; if that fails too, the pool is not asked any more. */
const careful: Driver = (tmem, isOpen, data) =>
  tmemStep(tmem, put(data)).flatMap((asked) =>
    asked.outcome.kind !== "failed"
      ? [{ tmem: asked.tmem, isOpen }]
      : tmemStep(asked.tmem, { kind: "flush-page", ...key }).map((flushed) => ({
          tmem: flushed.tmem,
          isOpen: isOpen && flushed.outcome.kind !== "failed",
        })),
  );

/** Older bytes that a get may return after these puts; the newest ones are the last. */
const staleHits = (driver: Driver, puts: readonly string[]): ReadonlySet<string> => {
  const form = { kind: "new-pool", form: ephemeral } as const;
  let ways = tmemStep(freshTmem(false), form).map(({ tmem }) => ({
    tmem: { ...tmem, mayFail: true },
    isOpen: true,
  }));
  for (const data of puts) ways = ways.flatMap((way) => [...driver(way.tmem, way.isOpen, data)]);
  const hits = ways.flatMap(({ tmem, isOpen }) =>
    isOpen
      ? tmemStep(tmem, get).flatMap(({ outcome }) => (outcome.kind === "hit" ? [outcome.data] : []))
      : [],
  );
  return new Set(hits.filter((data) => data !== puts.at(-1)));
};

test("a cleancache on top of it returns old bytes, unless its driver minds calls that fail", () => {
  expect(staleHits(careless, ["1", "2", "3"])).toEqual(new Set(["1", "2"]));
  expect(staleHits(careful, ["1", "2", "3"])).toEqual(new Set());
});
