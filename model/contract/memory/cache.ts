/**
 * The cleancache interface: an ephemeral store of clean file pages that may forget anything at any
 * time and may never return anything but the bytes of the last put. Back ends are compared with the
 * trivial one that always misses ({@link alwaysMisses}): application reads must be the same.
 */
import { match } from "ts-pattern";
import { emptyFile, filePage, readable, setFilePage } from "./files.ts";
import {
  type Asked,
  accept,
  demand,
  illFormed,
  type Judgement,
  strangeOutcome,
} from "./judgement.ts";
import { type CacheOperation, type Choice, done, type Outcome } from "./operations.ts";
import type { RuleId } from "./rulebook.ts";
import { type EmptyBecause, emptyBecause, type Memory } from "./state.ts";

type CacheOf<Kind extends CacheOperation["kind"]> = Asked<Extract<CacheOperation, { kind: Kind }>>;

/** The back end that keeps nothing: the yardstick of every other. */
export const alwaysMisses = (
  operation: CacheOperation,
): { readonly choice: Choice; readonly outcome: Outcome } =>
  match(operation)
    .returnType<{ choice: Choice; outcome: Outcome }>()
    .with({ kind: "put" }, () => ({ choice: { kind: "dropped" }, outcome: done }))
    .with({ kind: "get" }, () => ({
      choice: { kind: "none" },
      outcome: { kind: "miss", touched: false },
    }))
    .otherwise(() => ({ choice: { kind: "none" }, outcome: done }));

/** Which rule a hit on an empty key breaks. */
export const ruleOfEmpty = (because: EmptyBecause): RuleId =>
  match(because)
    .returnType<RuleId>()
    .with("never-put", "dropped", "forgotten", () => "no-hit-without-a-put")
    .with("put-dropped", () => "no-hit-after-a-dropped-put")
    .with("missed", () => "a-miss-stays-a-miss")
    .with("consumed", () => "a-consuming-get-empties-the-key")
    .with("invalidated", () => "no-hit-after-an-invalidate")
    .with("direct-write", () => "no-hit-after-a-direct-write")
    .with("truncated", () => "no-hit-after-a-truncate")
    .with("unlinked", () => "no-hit-after-an-unlink")
    .with("unmounted", () => "no-hit-after-an-unmount")
    .exhaustive();

const putPage = (asked: CacheOf<"put">): Judgement => {
  const { memory, operation, choice, outcome } = asked;
  if (outcome.kind !== "done") return strangeOutcome(asked);
  const page = memory.files[operation.file]?.pages[operation.index];
  if (!page) return illFormed("no such page of a file");
  const stored = choice.kind !== "dropped";
  const { resident } = page;
  return accept(
    asked,
    [
      demand("nothing-is-stored-without-a-pool", memory.mounted || !stored, () => "not mounted"),
      demand(
        "only-clean-newest-bytes-are-put",
        !memory.mounted || (resident?.dirty === false && resident.bytes === operation.bytes),
        () =>
          resident
            ? `the ${resident.dirty ? "dirty" : "resident"} page holds ${resident.bytes}`
            : "the page is not resident",
      ),
    ],
    (before) =>
      setFilePage(before, operation, {
        cached: stored
          ? { kind: "holds", bytes: operation.bytes }
          : emptyBecause(memory.mounted ? "put-dropped" : "unmounted"),
      }),
  );
};

const getPage = (asked: CacheOf<"get">): Judgement => {
  const { contract, memory, operation, outcome } = asked;
  const page = memory.files[operation.file]?.pages[operation.index];
  if (!page) return illFormed("no such page of a file");
  const { cached } = page;
  return match(outcome)
    .with({ kind: "hit" }, ({ bytes }) =>
      accept(
        asked,
        [
          cached.kind === "empty"
            ? demand(
                ruleOfEmpty(cached.because),
                false,
                () => `the key is empty: ${cached.because}`,
              )
            : demand(
                "a-hit-returns-the-last-put",
                cached.bytes === bytes,
                () => `${cached.bytes} was put last, the hit returned ${bytes}`,
              ),
          demand(
            "a-hit-is-the-newest",
            page.resident !== null || readable(page).includes(bytes),
            () => `the disk holds ${page.disk}, the hit returned ${bytes}`,
          ),
        ],
        (before) =>
          contract.limits.getForm === "consuming" && cached.kind === "holds"
            ? setFilePage(before, operation, { cached: emptyBecause("consumed") })
            : before,
      ),
    )
    .with({ kind: "miss" }, ({ touched }) =>
      accept(
        asked,
        [demand("a-miss-leaves-the-page-alone", !touched, () => "the page was written to")],
        (before) =>
          cached.kind === "holds"
            ? setFilePage(before, operation, { cached: emptyBecause("missed") })
            : before,
      ),
    )
    .otherwise(() => strangeOutcome(asked));
};

const empties = (asked: Asked<CacheOperation>, next: (memory: Memory) => Memory): Judgement =>
  asked.outcome.kind === "done" ? accept(asked, [], next) : strangeOutcome(asked);

/** An empty key stays empty for the reason it first had. */
const emptyPage = (
  memory: Memory,
  at: { readonly file: number; readonly index: number },
  because: EmptyBecause,
): Memory => {
  const page = filePage(memory, at);
  return page?.cached.kind === "holds"
    ? setFilePage(memory, at, { cached: emptyBecause(because) })
    : memory;
};

export const judgeCache = (asked: Asked<CacheOperation>): Judgement =>
  match(asked)
    .with({ operation: { kind: "put" } }, putPage)
    .with({ operation: { kind: "get" } }, getPage)
    .with({ operation: { kind: "invalidate-page" } }, (one) =>
      empties(one, (before) => emptyPage(before, one.operation, "invalidated")),
    )
    .with({ operation: { kind: "invalidate-object" } }, (object) =>
      empties(object, (before) => emptyFile(before, object.operation.file, "invalidated")),
    )
    .with({ operation: { kind: "invalidate-pool" } }, (pool) =>
      empties(pool, (before) =>
        before.files.reduce((so, _, file) => emptyFile(so, file, "invalidated"), before),
      ),
    )
    .with({ operation: { kind: "drop" } }, (one) =>
      empties(one, (before) => emptyPage(before, one.operation, "dropped")),
    )
    .exhaustive();
