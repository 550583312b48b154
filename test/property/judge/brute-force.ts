/**
 * The set of states that explain a log, kept as a plain set of whole states of the contract, with
 * every possibility tried on each: the yardstick of the judge, for logs small enough.
 */
import {
  boot,
  type Choice,
  type Contract,
  forgetCauses,
  type Memory,
  noChoice,
  type Operation,
  type Outcome,
  type RuleId,
  type Seen,
  step,
} from "../../../model/index.ts";
import type { LogEvent, ObservedOutcome, ObservedSeen } from "../../../oracle/index.ts";

/** All contents that occur in the log, and one that does not: nothing tells others apart. */
export type Domain = { readonly bytes: readonly number[]; readonly tags: readonly number[] };

export const domainOf = (events: readonly LogEvent[]): Domain => {
  const text = JSON.stringify(events);
  const found = [...text.matchAll(/"bytes":(\d+)/g)].map(([, bytes]) => Number(bytes));
  const bytes = [...new Set([0, ...found])];
  return { bytes: [...bytes, Math.max(...bytes) + 1], tags: [0, 1, 2, 3] };
};

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);

const product = <T>(lists: readonly (readonly T[])[]): readonly (readonly T[])[] =>
  lists.reduce<readonly (readonly T[])[]>(
    (all, list) => all.flatMap((before) => list.map((each) => [...before, each])),
    [[]],
  );

/** What was left out of a look at a page that came about from nothing. */
const looks = (operation: Operation, seen: ObservedSeen, { bytes }: Domain): readonly Seen[] => {
  const tags = typeof seen.tags === "string" ? [...seen.tags].map(Number) : seen.tags;
  const told = {
    ...(seen.tagged === undefined ? {} : { tagged: seen.tagged }),
    ...(tags === undefined ? {} : { tags }),
  };
  const flags = seen.tagged === undefined && tags === undefined ? [true, false] : [undefined];
  const filled = seen.bytes === undefined ? bytes : [seen.bytes];
  if (operation.kind !== "allocate")
    return [seen.bytes === undefined ? told : { ...told, bytes: seen.bytes }];
  return flags.flatMap((tagged) =>
    filled.map((held) => ({ ...told, ...(tagged === undefined ? {} : { tagged }), bytes: held })),
  );
};

const endings: Readonly<Record<ObservedOutcome["kind"], ObservedOutcome>> = {
  done: { kind: "done" },
  pages: { kind: "pages" },
  page: { kind: "page" },
  "no-memory": { kind: "no-memory" },
  tag: { kind: "tag" },
  bytes: { kind: "bytes" },
  swapped: { kind: "swapped" },
  "save-failed": { kind: "save-failed" },
  hit: { kind: "hit" },
  miss: { kind: "miss" },
  slot: { kind: "slot" },
  failed: { kind: "failed" },
};

const completions = (
  { limits }: Contract,
  operation: Operation,
  observed: ObservedOutcome,
  domain: Domain,
): readonly Outcome[] => {
  switch (observed.kind) {
    case "pages": {
      const count = operation.kind === "allocate" ? 2 ** operation.order : 1;
      const lists = observed.handles
        ? [observed.handles]
        : product(Array.from({ length: count }, () => upTo(limits.handles)));
      return lists.flatMap((handles) =>
        product(handles.map((_, at) => looks(operation, observed.seen?.[at] ?? {}, domain))).map(
          (seen): Outcome => ({ kind: "pages", handles, seen }),
        ),
      );
    }
    case "page": {
      const handles = observed.handle === undefined ? upTo(limits.handles) : [observed.handle];
      return handles.flatMap((handle) =>
        looks(operation, observed.seen ?? {}, domain).map(
          (seen): Outcome => ({ kind: "page", handle, seen }),
        ),
      );
    }
    case "tag":
      return (observed.tag === undefined ? domain.tags : [observed.tag]).map((tag) => ({
        kind: "tag",
        tag,
      }));
    case "bytes":
    case "hit":
      return (observed.bytes === undefined ? domain.bytes : [observed.bytes]).map((bytes) => ({
        kind: observed.kind,
        bytes,
      }));
    case "swapped": {
      const count = operation.kind === "swap-out" ? operation.handles.length : 1;
      const lists = observed.slots
        ? [observed.slots]
        : product(Array.from({ length: count }, () => upTo(limits.slots)));
      return lists.map((slots) => ({ kind: "swapped", slots }));
    }
    case "save-failed":
      return [{ kind: "save-failed", entriesLeft: observed.entriesLeft ?? 0 }];
    case "miss":
      return [{ kind: "miss", touched: observed.touched ?? false }];
    case "slot":
      return (observed.freed === undefined ? [true, false] : [observed.freed]).map((freed) => ({
        kind: "slot",
        freed,
      }));
    default:
      return [observed];
  }
};

const homes = ["taggable", "untaggable"] as const;

const choices = (
  operation: Operation,
  outcome: Outcome,
  told: Choice | undefined,
): readonly Choice[] => {
  if (told) return [told];
  if (outcome.kind === "pages" || outcome.kind === "page")
    return product(
      (outcome.kind === "pages" ? outcome.handles : [outcome.handle]).map(() => homes),
    ).map((all) => ({ kind: "placed", homes: all }));
  if (operation.kind === "put") return [{ kind: "stored" }, { kind: "dropped" }];
  return [noChoice];
};

export type Told =
  | { readonly kind: "explained" }
  | { readonly kind: "refused"; readonly rules: readonly RuleId[] }
  | { readonly kind: "ill-formed" };

export class BruteForce {
  private readonly contract: Contract;
  private readonly domain: Domain;
  states: ReadonlyMap<string, Memory>;

  constructor(contract: Contract, domain: Domain) {
    this.contract = contract;
    this.domain = domain;
    const first = boot(contract.limits);
    this.states = new Map([[JSON.stringify(forgetCauses(first)), first]]);
  }

  event({ operation, choice, outcome }: LogEvent): Told {
    const next = new Map<string, Memory>();
    const rules = new Set<RuleId>();
    const add = (memory: Memory): void => {
      next.set(JSON.stringify(forgetCauses(memory)), memory);
    };
    const observed = typeof outcome === "object" ? [outcome] : Object.values(endings);
    for (const memory of this.states.values()) {
      if (outcome === "unknown") add(memory);
      for (const one of observed)
        for (const full of completions(this.contract, operation, one, this.domain))
          for (const decided of choices(operation, full, choice)) {
            const answer = step(this.contract, memory, operation, decided, full);
            if (answer.kind === "accepted") add(answer.memory);
            else if (answer.kind === "refused") rules.add(answer.rule);
          }
    }
    if (next.size > 0) {
      this.states = next;
      return { kind: "explained" };
    }
    return rules.size > 0 ? { kind: "refused", rules: [...rules] } : { kind: "ill-formed" };
  }
}
