/**
 * Actions that commute with all that others can do. Each works on what its actor alone can reach: a
 * frame that is on no list and in nobody's hand, a slot or a block that is marked as its own, its
 * registers. It waits for nothing, decides nothing, neither begins nor ends an operation or a claim,
 * and nobody can tell whether it is done yet. So a search may take it at once.
 *
 * Where dirty cache lines are kept back none of this is so: a line may be written back in between.
 */
import {
  at,
  type Label,
  labels,
  type Machinery,
  type Move,
  type Operation,
  type World,
} from "../../model/index.ts";

/** By operation, the labels that are independent of whatever anybody else does. */
export type Commuting = { readonly [kind in Operation["kind"]]?: readonly Label[] };

/** Of a claim: what is done to a block that nobody else can get at any more. */
const claiming: readonly Label[] = ["invalidate-data-lines", "move-storage"];

export const commuting: Commuting = {
  allocate: ["clear-page", ...claiming],
  "enable-tags": [
    "clear-tags",
    "move-bytes",
    "move-tags",
    "stash-tags",
    "retry-fault",
    ...claiming,
  ],
  copy: ["copy-tags", "stash-tags", ...claiming],
  migrate: ["move-tags", "stash-tags", ...claiming],
  "swap-in": ["read-in", "restore-tags", "stash-tags", ...claiming],
  "read-file": ["get-missed", "read-disk"],
};

/** The commuting actions that somebody is at, also those that wait until an interrupt is over. */
export const pendingIn =
  (machinery: Machinery, relation: Commuting = commuting) =>
  ({ actors }: World): readonly Move[] =>
    machinery.site.scope.dirtyLines
      ? []
      : actors.flatMap(({ operation, label }, actor): Move[] => {
          const asked = machinery.operations[operation];
          if (!asked || asked.kind === "work") return [];
          return relation[asked.kind]?.includes(at(labels, label))
            ? [{ kind: "act", actor, starts: null, choice: 0 }]
            : [];
        });

/** Of these, what can be done now. */
export const urgentIn = (machinery: Machinery, relation: Commuting = commuting) => {
  const pending = pendingIn(machinery, relation);
  return (world: World): readonly Move[] =>
    pending(world).filter(
      (move) => move.kind === "act" && machinery.contexts.mayRun(world, move.actor),
    );
};
