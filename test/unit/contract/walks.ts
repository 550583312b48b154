/** Random walks through what the contract allows, over a domain small enough to meet everything. */
import fc from "fast-check";
import {
  allowedOutcomes,
  boot,
  type Contract,
  type Explained,
  type Limits,
  type Memory,
  type Operation,
  step,
} from "../../../model/contract/index.ts";
import type { Happening } from "./happenings.ts";

export const runs = { seed: 20260101, numRuns: 300 } as const;

const upTo = (most: number): readonly number[] => Array.from({ length: most }, (_, at) => at);
const both = [true, false] as const;
const contexts = ["sleepable", "atomic"] as const;
const paths = ["fault", "swapoff", "shmem"] as const;
const mappings = ["tagged", "untagged"] as const;

/** Every operation inside the limits, kind by kind; many are ill-formed in the state they meet. */
const everyOperation = (limits: Limits): readonly (readonly Operation[])[] => {
  const handles = upTo(limits.handles).map((handle) => ({ handle }));
  const granules = handles.flatMap((at) =>
    upTo(limits.granulesPerPage).map((granule) => ({ ...at, granule })),
  );
  const pairs = handles.flatMap(({ handle: from }) =>
    handles.map(({ handle: to }) => ({ from, to })),
  );
  const slots = upTo(limits.slots).map((slot) => ({ slot }));
  const files = upTo(limits.files).map((file) => ({ file }));
  const keys = files.flatMap((at) => upTo(limits.pagesPerFile).map((index) => ({ ...at, index })));
  const filled = keys.flatMap((at) => upTo(4).map((bytes) => ({ ...at, bytes })));
  const allocations = both.flatMap((tagged) =>
    contexts.flatMap((context) =>
      [0, 1].flatMap((order) =>
        both.map((zeroed) => ({ owner: order, tagged, zeroed, context, order })),
      ),
    ),
  );
  return [
    allocations.map((wish) => ({ kind: "allocate", ...wish })),
    handles.map((at) => ({ kind: "free", ...at })),
    handles.map((at) => ({ kind: "migrate", ...at })),
    handles.map((at) => ({ kind: "enable-tags", ...at })),
    granules.flatMap((at) => [1, 2].map((tag) => ({ kind: "write-tag", ...at, tag }) as const)),
    granules.map((at) => ({ kind: "read-tag", ...at })),
    handles.flatMap((at) =>
      upTo(3).map((bytes) => ({ kind: "write-bytes", ...at, bytes }) as const),
    ),
    handles.map((at) => ({ kind: "read-bytes", ...at })),
    handles.map(({ handle: from }) => ({ kind: "copy", from, owner: 1 })),
    pairs.map((pair) => ({ kind: "copy-again", ...pair })),
    pairs.map(({ from, to }) => ({ kind: "swap-out", handles: from === to ? [to] : [from, to] })),
    slots.flatMap((at) =>
      paths.flatMap((path) =>
        mappings.map((mapping) => ({ kind: "swap-in", ...at, path, mapping }) as const),
      ),
    ),
    slots.flatMap((at) => handles.map((on) => ({ kind: "restore-again", ...at, ...on }) as const)),
    slots.map((at) => ({ kind: "share-slot", ...at })),
    slots.map((at) => ({ kind: "free-slot", ...at })),
    [{ kind: "swapoff" }],
    keys.map((at) => ({ kind: "read-file", ...at })),
    filled.map((at) => ({ kind: "write-file", ...at })),
    keys.map((at) => ({ kind: "write-back", ...at })),
    filled.map((at) => ({ kind: "direct-write", ...at })),
    keys.map((at) => ({ kind: "truncate", ...at })),
    keys.map((at) => ({ kind: "evict", ...at })),
    files.map((at) => ({ kind: "unlink", ...at })),
    files.map((at) => ({ kind: "create", ...at })),
    [{ kind: "unmount" }],
    [{ kind: "mount" }],
    filled.map((at) => ({ kind: "put", ...at })),
    keys.map((at) => ({ kind: "get", ...at })),
    keys.map((at) => ({ kind: "invalidate-page", ...at })),
    files.map((at) => ({ kind: "invalidate-object", ...at })),
    [{ kind: "invalidate-pool" }],
    keys.map((at) => ({ kind: "drop", ...at })),
  ];
};

/** For each step: which kind, from which operation of it on to look, which allowed answer. */
type Plan = readonly (readonly [kind: number, operation: number, answer: number])[];

export const anyLimits: fc.Arbitrary<Limits> = fc.record({
  granulesPerPage: fc.constantFrom(1, 2),
  handles: fc.constantFrom(3, 4),
  taggablePages: fc.constantFrom(2, 4),
  slots: fc.constant(2),
  files: fc.constantFrom(1, 2),
  pagesPerFile: fc.constantFrom(1, 2),
  getForm: fc.constantFrom("keeping", "consuming"),
});

const number = fc.noBias(fc.nat({ max: 9999 }));

const anyPlan: fc.Arbitrary<Plan> = fc.array(fc.tuple(number, number, number), {
  minLength: 12,
  maxLength: 30,
  size: "max",
});

export const anyWalk: fc.Arbitrary<{ readonly limits: Limits; readonly plan: Plan }> = fc.record({
  limits: anyLimits,
  plan: anyPlan,
});

/** Frozen through and through: whoever writes to it throws. */
export const frozen = <Value>(value: Value): Value => {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
};

const triesOfAKind = 5;
const common: ReadonlySet<string> = new Set(["allocate", "swap-out", "swap-in", "write-file"]);

/** First one of the outcomes, then one of the choices under it: "no memory" has many of them. */
const pick = (allowed: readonly Explained[], answer: number): Explained | undefined => {
  const outcomes = [...new Set(allowed.map(({ outcome }) => outcome))];
  const outcome = outcomes[answer % Math.max(1, outcomes.length)];
  const those = allowed.filter((one) => one.outcome === outcome);
  return those[Math.floor(answer / 16) % Math.max(1, those.length)];
};

/** Walks, and shows each state and the step from it. A kind that nobody can ask is skipped. */
export const walk = (
  contract: Contract,
  plan: Plan,
  visit: (before: Memory, happening: Happening, after: Memory) => void,
): Memory => {
  const each = everyOperation(contract.limits);
  // Without pages there is little to ask: most kinds need some, and swap needs them twice over.
  const operations = [...each, ...each.filter(([one]) => one && common.has(one.kind))];
  let memory = frozen(boot(contract.limits));
  for (const [kind, first, answer] of plan) {
    const those = operations[kind % operations.length] ?? [];
    for (const at of those.slice(0, triesOfAKind).keys()) {
      const operation = those[(first + at) % those.length];
      const allowed = operation ? allowedOutcomes(contract, memory, operation) : [];
      const taken = pick(allowed, answer);
      if (!operation || !taken) continue;
      const judgement = step(contract, memory, operation, taken.choice, taken.outcome);
      if (judgement.kind !== "accepted") throw new Error("what is allowed was not accepted");
      visit(memory, { operation, ...taken }, judgement.memory);
      memory = frozen(judgement.memory);
      break;
    }
  }
  return memory;
};
