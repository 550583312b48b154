/** Random walks through what the contract allows, over a domain small enough to meet everything. */
import fc from "fast-check";
import {
  allowedOutcomes,
  boot,
  type Contract,
  type Limits,
  type Memory,
  type Operation,
  step,
} from "../../../model/contract/index.ts";
import type { Happening } from "./happenings.ts";

export const runs = { seed: 20260101, numRuns: 300 } as const;

const upTo = (most: number) => fc.nat({ max: most - 1 });

/** Any operation with names inside the limits; many are ill-formed in the state they meet. */
export const anyOperation = (limits: Limits): fc.Arbitrary<Operation> => {
  const handle = upTo(limits.handles);
  const slot = upTo(limits.slots);
  const at = { file: upTo(limits.files), index: upTo(limits.pagesPerFile) };
  const bytes = upTo(4);
  const granule = upTo(limits.granulesPerPage);
  return fc.oneof(
    fc.record({
      kind: fc.constant("allocate"),
      owner: upTo(2),
      tagged: fc.boolean(),
      zeroed: fc.boolean(),
      context: fc.constantFrom("sleepable", "atomic"),
      order: upTo(2),
    }),
    fc.record({
      kind: fc.constantFrom("free", "migrate", "enable-tags", "read-bytes"),
      handle,
    }),
    fc.record({ kind: fc.constant("write-tag"), handle, granule, tag: upTo(3) }),
    fc.record({ kind: fc.constant("read-tag"), handle, granule }),
    fc.record({ kind: fc.constant("write-bytes"), handle, bytes }),
    fc.record({ kind: fc.constant("copy"), from: handle, owner: upTo(2) }),
    fc.record({ kind: fc.constant("copy-again"), from: handle, to: handle }),
    fc.record({
      kind: fc.constant("swap-out"),
      handles: fc.uniqueArray(handle, { minLength: 1, maxLength: 2 }),
    }),
    fc.record({
      kind: fc.constant("swap-in"),
      slot,
      path: fc.constantFrom("fault", "swapoff", "shmem"),
      mapping: fc.constantFrom("tagged", "untagged"),
    }),
    fc.record({ kind: fc.constant("restore-again"), slot, handle }),
    fc.record({ kind: fc.constantFrom("share-slot", "free-slot"), slot }),
    fc.record({
      kind: fc.constantFrom("read-file", "write-back", "truncate", "evict", "get", "drop"),
      ...at,
    }),
    fc.record({ kind: fc.constantFrom("write-file", "direct-write", "put"), ...at, bytes }),
    fc.record({ kind: fc.constant("invalidate-page"), ...at }),
    fc.record({
      kind: fc.constantFrom("unlink", "create", "invalidate-object"),
      file: at.file,
    }),
    fc.record({ kind: fc.constantFrom("swapoff", "unmount", "mount", "invalidate-pool") }),
  );
};

/** What to try, and which of the allowed answers to take. */
type Plan = readonly { readonly operation: Operation; readonly pick: number }[];

export const anyLimits: fc.Arbitrary<Limits> = fc.record({
  granulesPerPage: fc.constantFrom(1, 2),
  handles: fc.constantFrom(3, 4),
  taggablePages: fc.constantFrom(2, 4),
  slots: fc.constant(2),
  files: fc.constantFrom(1, 2),
  pagesPerFile: fc.constantFrom(1, 2),
  getForm: fc.constantFrom("keeping", "consuming"),
});

export const anyWalk: fc.Arbitrary<{ readonly limits: Limits; readonly plan: Plan }> =
  anyLimits.chain((limits) =>
    fc.record({
      limits: fc.constant(limits),
      plan: fc.array(fc.record({ operation: anyOperation(limits), pick: fc.nat({ max: 999 }) }), {
        minLength: 10,
        maxLength: 40,
      }),
    }),
  );

/** Frozen through and through: whoever writes to it throws. */
export const frozen = <Value>(value: Value): Value => {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
};

/** Walks, and shows each state with the step that was taken from it. Skips what is not allowed. */
export const walk = (
  contract: Contract,
  plan: Plan,
  visit: (before: Memory, happening: Happening, after: Memory) => void,
): Memory =>
  plan.reduce(
    (memory, { operation, pick }) => {
      const allowed = allowedOutcomes(contract, memory, operation);
      const taken = allowed[pick % Math.max(1, allowed.length)];
      if (!taken) return memory;
      const judgement = step(contract, memory, operation, taken.choice, taken.outcome);
      if (judgement.kind !== "accepted") throw new Error("what is allowed was not accepted");
      visit(memory, { operation, ...taken }, judgement.memory);
      return frozen(judgement.memory);
    },
    frozen(boot(contract.limits)),
  );
