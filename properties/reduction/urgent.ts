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

/** Of a design with such a field, what does not commute although it does elsewhere. */
const unless: { readonly [field: string]: readonly Label[] } = {
  /** A stray store may hit tags before they are written or read, or after. */
  strays: ["clear-page", "clear-tags", "copy-tags", "move-tags", "restore-tags", "stash-tags"],
  /** Where a claim puts tags back after it let its mutex go, another may be initialising them. */
  triedPages: ["clear-tags"],
  /** A row looks at what is mapped when a block is cleaned. */
  mappings: ["invalidate-data-lines"],
};

/** The commuting actions that somebody is at, also those that wait until an interrupt is over. */
export const pendingIn = (machinery: Machinery, relation: Commuting = commuting) => {
  const { extra = [] } = machinery.design;
  const not = new Set(extra.flatMap(({ name }) => unless[name] ?? []));
  return ({ actors }: World): readonly Move[] =>
    machinery.site.scope.dirtyLines
      ? []
      : actors.flatMap(({ operation, label }, actor): Move[] => {
          const asked = machinery.operations[operation];
          if (!asked || asked.kind === "work") return [];
          const here = at(labels, label);
          return relation[asked.kind]?.includes(here) && !not.has(here)
            ? [{ kind: "act", actor, starts: null, choice: 0 }]
            : [];
        });
};

/** Of these, what can be done now. */
export const urgentIn = (machinery: Machinery, relation: Commuting = commuting) => {
  const pending = pendingIn(machinery, relation);
  return (world: World): readonly Move[] =>
    pending(world).filter(
      (move) => move.kind === "act" && machinery.contexts.mayRun(world, move.actor),
    );
};
