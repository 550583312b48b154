/** Steps of the cleancache interface, asked of its room of the contract. */
import { match, P } from "ts-pattern";
import {
  type CleancacheAllowed,
  type CleancacheOperation,
  type CleancacheOutcome,
  cleancacheStep,
} from "../../model/index.ts";
import { failedWith, type Observation, seen } from "./observation.ts";
import { handleOf, OutsideModel, withHandle } from "./operands.ts";
import type { CleancacheStep } from "./row.ts";
import type { Branch, World } from "./world.ts";

const forcedBy = (step: {
  readonly forceHit?: boolean | undefined;
  readonly forceMiss?: boolean | undefined;
}): "hit" | "miss" | null => {
  if (step.forceHit && step.forceMiss)
    throw new OutsideModel("forceHit and forceMiss: the back end answers one of the two");
  return step.forceHit ? "hit" : step.forceMiss ? "miss" : null;
};

const operationOf = ({ bindings }: World, step: CleancacheStep): CleancacheOperation =>
  match(step)
    .returnType<CleancacheOperation>()
    .with({ op: "ccRegister" }, () => ({ kind: "register" }))
    .with({ op: "ccUnregister" }, () => ({ kind: "unregister" }))
    .with({ op: "ccInitFs" }, () => ({ kind: "init-fs", form: { kind: "private" } }))
    .with({ op: "ccInitSharedFs" }, ({ uuid }) => ({
      kind: "init-fs",
      form: { kind: "shared", uuid },
    }))
    .with({ op: "ccPut" }, (put) => ({
      kind: "put",
      pool: handleOf(bindings, put.pool),
      object: put.key,
      index: put.index,
      data: put.data,
      forced: forcedBy(put),
    }))
    .with({ op: "ccGet" }, (get) => ({
      kind: "get",
      pool: handleOf(bindings, get.pool),
      object: get.key,
      index: get.index,
      forced: forcedBy(get),
    }))
    .with({ op: "ccInvalidatePage" }, ({ pool, key, index }) => ({
      kind: "invalidate-page",
      pool: handleOf(bindings, pool),
      object: key,
      index,
    }))
    .with({ op: "ccInvalidateInode" }, ({ pool, key }) => ({
      kind: "invalidate-inode",
      pool: handleOf(bindings, pool),
      object: key,
    }))
    .with({ op: "ccInvalidateFs" }, ({ pool }) => ({
      kind: "invalidate-fs",
      pool: handleOf(bindings, pool),
    }))
    .exhaustive();

const observationOf = (outcome: CleancacheOutcome): Observation =>
  match(outcome)
    .with({ kind: P.union("done", "pool") }, () => seen({ ret: 0n }))
    .with({ kind: "hit" }, ({ data }) => seen({ hit: 1n, data, ret: 0n }))
    .with({ kind: "miss" }, () => seen({ hit: 0n }))
    .with({ kind: "busy" }, () => failedWith("EBUSY"))
    .exhaustive();

const branchOf = (
  world: World,
  step: CleancacheStep,
  { state, outcome, rules }: CleancacheAllowed,
): Branch => {
  const bindings =
    outcome.kind === "pool" && "as" in step
      ? withHandle(world.bindings, step.as, outcome.pool)
      : world.bindings;
  return {
    world: { ...world, cleancache: state, bindings },
    observation: observationOf(outcome),
    rules,
  };
};

/** Every answer that the interface allows. */
export const cleancacheBranches = (world: World, step: CleancacheStep): readonly Branch[] =>
  cleancacheStep(world.cleancache, operationOf(world, step)).map((allowed) =>
    branchOf(world, step, allowed),
  );
