/**
 * The scopes that RFC v1 and v2 need. Failed allocations, dying tasks and tags that outlive their page
 * make more states than other designs have, so where a theme does not need them a scope does without
 * some offers. Two slices become others. In `threads` there is a second block, so that a page can be
 * moved away from storage that is in use. In `swap` a page comes back for an untagged mapping and then
 * becomes tagged, or its frame does for somebody else; what that slice has elsewhere is in `swapoff`.
 */
import { type Geometry, makeGeometry } from "../machine/geometry.ts";
import type { ActorSpec, Offer, Scope } from "../world/scope.ts";

const onlyMay = (scope: Scope, actors: Readonly<Record<string, readonly Offer[]>>): Scope => ({
  ...scope,
  actors: scope.actors.flatMap((actor): readonly ActorSpec[] => {
    const may = actors[actor.name];
    return may ? [{ ...actor, may }] : [];
  }),
});

const shaped = (scope: Scope, pagesPerStoragePage: number, blocks: number): Scope => {
  const geometry: Geometry = makeGeometry({ ...scope.geometry, pagesPerStoragePage }, [blocks]);
  return { ...scope, geometry };
};

const allocating: readonly Offer[] = ["allocate-tagged", "allocate-untagged", "free"];
const justTagged: readonly Offer[] = ["allocate-tagged"];
const swapping: readonly Offer[] = ["swap-in-fault", "swap-in-shmem", "share-slot", "free-slot"];

/** `sharers`: does another process give the shared pages tags too, where they were swapped out? */
export const metadataScopes =
  (sharers: boolean) =>
  (slice: string, scope: Scope): Scope | null => {
    /** Random runs are for what these designs do themselves: files are the same everywhere. */
    if (slice === "suite") return scope.files > 0 ? null : scope;
    if (slice === "bytes")
      return onlyMay(scope, {
        task: ["allocate-untagged", "free", "write-bytes", "read-bytes"],
        other: ["allocate-tagged", "free", "write-tag"],
      });
    if (slice === "cache") return { ...scope, byteValues: 3 };
    if (slice === "lines")
      return onlyMay(scope, { task: [...allocating, "write-tag", "enable-tags"] });
    if (slice === "fork")
      return onlyMay(scope, {
        task: ["allocate-tagged", "copy", "enable-tags"],
        other: ["allocate-untagged"],
      });
    if (slice === "threads")
      return onlyMay(shaped(scope, 1, 2), {
        task: ["allocate-untagged", "enable-tags"],
        sharer: ["enable-tags"],
      });
    if (slice === "moves")
      return {
        ...onlyMay(scope, {
          task: ["allocate-tagged", "copy", "swap-in-untagged"],
          compaction: ["migrate", "swap-out"],
        }),
        slots: 1,
      };
    if (slice === "reuse")
      return { ...onlyMay(scope, { task: [...allocating, "write-tag"] }), tagValues: 5 };
    if (slice === "swapoff")
      return {
        ...onlyMay(scope, {
          task: ["allocate-tagged", "free", "write-tag", "read-tag", ...swapping],
          swapoff: ["swap-out", "swap-in-swapoff"],
        }),
        slots: 1,
        tagValues: 3,
        mayFail: true,
      };
    if (slice !== "swap") return scope;
    const again = onlyMay(shaped(scope, 1, 1), {
      task: [
        ...(sharers ? justTagged : allocating),
        "write-tag",
        "enable-tags",
        "swap-in-untagged",
      ],
      kswapd: sharers ? ["swap-out", "enable-tags"] : ["swap-out"],
    });
    return { ...again, slots: 1, mayFail: false };
  };
