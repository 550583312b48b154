/** What an actor may ask: the concrete operations of its offers, and when each makes sense. */
import { match } from "ts-pattern";
import type { Operation } from "../contract/memory/index.ts";
import type { Label } from "../world/labels.ts";
import type { ActorSpec, Offer } from "../world/scope.ts";
import { at, type Site } from "../world/site.ts";
import type { Held, World } from "../world/world.ts";
import type { Design } from "./design.ts";
import type { Job, Work } from "./job.ts";
import { folioOf, keyOf } from "./shared/keys.ts";
import { freeSlotOf } from "./shared/swapping.ts";

const upTo = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);

const filePages = ({ scope }: Site): readonly { file: number; index: number }[] =>
  upTo(scope.files).flatMap((file) => upTo(scope.pagesPerFile).map((index) => ({ file, index })));

/** Every concrete operation that an offer stands for in this scope, in a fixed order. */
const operationsOfOffer = (site: Site, actor: ActorSpec, offer: Offer): readonly Operation[] => {
  const { owner } = actor;
  const { scope, granules } = site;
  const handles = upTo(site.limits.handles);
  const slots = upTo(scope.slots);
  const context = actor.kind === "interrupt" ? "atomic" : "sleepable";
  /** The kernel asks for its own pages without zeroing; user pages are always zeroed. */
  const page = {
    kind: "allocate",
    owner,
    zeroed: context === "sleepable",
    context,
    order: 0,
  } as const;
  const onHandle = <Kind extends "free" | "enable-tags" | "migrate" | "read-bytes">(kind: Kind) =>
    handles.map((handle) => ({ kind, handle }));
  const onPage = <Kind extends "read-file" | "write-back" | "truncate" | "evict" | "drop">(
    kind: Kind,
  ) => filePages(site).map((where) => ({ kind, ...where }));
  const storing = <Kind extends "write-file" | "direct-write">(kind: Kind) =>
    filePages(site).flatMap((where) =>
      upTo(scope.byteValues).map((bytes) => ({ kind, ...where, bytes })),
    );
  const swapIn = (path: "fault" | "swapoff" | "shmem", mapping: "tagged" | "untagged") =>
    slots.map((slot) => ({ kind: "swap-in", slot, path, mapping }) as const);
  return (
    match(offer)
      .returnType<readonly Operation[]>()
      .with("allocate-tagged", () => [{ ...page, tagged: true }])
      .with("allocate-untagged", () => [{ ...page, tagged: false }])
      .with("free", "enable-tags", "migrate", "read-bytes", (kind) => onHandle(kind))
      .with("write-tag", (kind) =>
        handles.flatMap((handle) =>
          upTo(granules).flatMap((granule) =>
            upTo(scope.tagValues).map((tag) => ({ kind, handle, granule, tag })),
          ),
        ),
      )
      .with("read-tag", (kind) =>
        handles.flatMap((handle) => upTo(granules).map((granule) => ({ kind, handle, granule }))),
      )
      .with("write-bytes", (kind) =>
        handles.flatMap((handle) =>
          upTo(scope.byteValues).map((bytes) => ({ kind, handle, bytes })),
        ),
      )
      .with("copy", (kind) => handles.map((from) => ({ kind, from, owner })))
      .with("swap-out", (kind) => handles.map((handle) => ({ kind, handles: [handle] })))
      .with("swap-in-fault", () => swapIn("fault", "tagged"))
      .with("swap-in-untagged", () => swapIn("fault", "untagged"))
      .with("swap-in-swapoff", () => swapIn("swapoff", "tagged"))
      .with("swap-in-swapoff-untagged", () => swapIn("swapoff", "untagged"))
      .with("swap-in-shmem", () => swapIn("shmem", "tagged"))
      .with("share-slot", "free-slot", (kind) => slots.map((slot) => ({ kind, slot })))
      .with("read-file", "write-back", "truncate", "evict", "drop", (kind) => onPage(kind))
      .with("write-file", "direct-write", storing)
      .with("unlink", "create", (kind) => upTo(scope.files).map((file) => ({ kind, file })))
      .with("unmount", "mount", (kind) => [{ kind }])
      /** What there is of that is for the design to say. */
      .with("background", () => [])
      .exhaustive()
  );
};

export const operationsOf = (site: Site, actor: ActorSpec): readonly Operation[] =>
  actor.may.flatMap((offer) => operationsOfOffer(site, actor, offer));

/** What an actor may do of the design's own work, and how each begins. */
export const worksOf = (
  { works = [] }: Pick<Design, "works">,
  site: Site,
  { may }: ActorSpec,
): readonly { readonly work: Work; readonly guard: Guard; readonly entry: Label }[] =>
  may.includes("background")
    ? works.flatMap(({ name, objects, when, script }) =>
        objects(site).map((object) => ({
          work: { kind: "work", name, object },
          guard: (world, others) => when(world, site, object, others),
          entry: script.entry,
        })),
      )
    : [];

const isFileOperation = (operation: Job): boolean =>
  "file" in operation || operation.kind === "unmount" || operation.kind === "mount";

/** May the operation start in this world, beside what others are at work on? */
export type Guard = (world: World, others: readonly Job[]) => boolean;

/**
 * What an actor must leave alone: pages of others, pages under way, files being removed. Made once
 * for each operation, because it is asked in every state.
 */
export const guardOf = (site: Site, actor: ActorSpec, operation: Operation): Guard => {
  const mine = (world: World, handle: number, ...states: readonly Held["state"][]): Held | null => {
    const page = at(world.held, handle);
    return (actor.everyones || page.owner === actor.owner) && states.includes(page.state)
      ? page
      : null;
  };
  const unmovable = new Set(
    site.scope.actors.flatMap((each) => (each.unmovable ? [each.owner] : [])),
  );
  const moves = operation.kind === "migrate" || operation.kind === "swap-out";
  /** A page that somebody faults on stays where it is mapped, also between two of his tries. */
  const movable =
    (handle: number, ...states: readonly Held["state"][]): Guard =>
    (world, others) => {
      const page = mine(world, handle, ...states);
      if (page === null || page.uses > 0 || page.pinned) return false;
      if (moves && unmovable.has(page.owner)) return false;
      return !others.some((other) => other.kind === "enable-tags" && other.handle === handle);
    };
  const slotOf = (world: World, slot: number) => {
    const found = at(world.slots, slot);
    const his = actor.everyones || found.owner === actor.owner;
    return found.sharers > 0 && !found.busy && his ? found : null;
  };
  const exists = (world: World, file: number): boolean => world.mounted && at(world.exists, file);
  const alone = (others: readonly Job[]): boolean => !others.some(isFileOperation);
  /** While a file or file system is going away, nobody else starts on it (inode lock, s_umount). */
  const staying = (others: readonly Job[]): boolean =>
    !others.some(({ kind }) => kind === "unlink" || kind === "unmount" || kind === "mount");
  const resident = (world: World, key: number) => at(world.cached, key).resident;
  const never: Guard = () => false;
  return match(operation)
    .returnType<Guard>()
    .with({ kind: "allocate" }, () => () => true)
    .with({ kind: "free" }, ({ handle }) => movable(handle, "mapped", "deferred"))
    .with({ kind: "migrate" }, ({ handle }) => movable(handle, "mapped"))
    .with({ kind: "enable-tags" }, ({ handle }) => (world) => {
      const found = mine(world, handle, "mapped", "deferred");
      return found !== null && found.uses < 2;
    })
    .with({ kind: "write-tag" }, ({ handle }) => (world) => {
      return mine(world, handle, "mapped")?.tagged === true;
    })
    .with({ kind: "read-tag" }, ({ handle }) => (world) => {
      return mine(world, handle, "mapped", "read-only")?.tagged === true;
    })
    .with({ kind: "write-bytes" }, ({ handle }) => (world) => {
      return mine(world, handle, "mapped") !== null;
    })
    .with({ kind: "read-bytes" }, ({ handle }) => (world) => {
      return mine(world, handle, "mapped", "read-only") !== null;
    })
    .with({ kind: "copy" }, ({ from }) => movable(from, "mapped"))
    .with({ kind: "swap-out" }, ({ handles }) => {
      const all = handles.map((handle) => movable(handle, "mapped"));
      return (world, others) =>
        freeSlotOf({ world }) >= 0 && all.every((each) => each(world, others));
    })
    .with(
      { kind: "share-slot" },
      ({ slot }) =>
        (world) =>
          slotOf(world, slot)?.sharers === 1,
    )
    .with({ kind: "swap-in" }, { kind: "free-slot" }, ({ slot }) => (world) => {
      return slotOf(world, slot) !== null;
    })
    .with(
      { kind: "read-file" },
      { kind: "write-file" },
      { kind: "direct-write" },
      { kind: "truncate" },
      ({ file }) =>
        (world, others) =>
          exists(world, file) && staying(others),
    )
    .with({ kind: "write-back" }, ({ file, index }) => (world, others) => {
      const dirty = resident(world, keyOf(site, file, index)) === "dirty";
      return dirty && exists(world, file) && staying(others);
    })
    .with({ kind: "evict" }, ({ file, index }) => {
      const key = keyOf(site, file, index);
      const first = folioOf(site, key);
      /** A folio that is resident whole is evicted whole, by its first page. */
      return (world, others) =>
        resident(world, key) === "clean" &&
        (first === key || resident(world, first) !== "clean") &&
        exists(world, file) &&
        staying(others);
    })
    .with({ kind: "unlink" }, ({ file }) => (world, others) => {
      return exists(world, file) && alone(others);
    })
    .with({ kind: "create" }, ({ file }) => (world, others) => {
      return world.mounted && !at(world.exists, file) && staying(others);
    })
    .with({ kind: "unmount" }, () => (world, others) => {
      const clean = world.cached.every((page) => page.resident !== "dirty");
      return world.mounted && clean && alone(others);
    })
    .with({ kind: "mount" }, () => (world) => !world.mounted)
    .with({ kind: "drop" }, ({ file, index }) => {
      const key = keyOf(site, file, index);
      return (world) => world.storage.some((page) => page.use === "cached" && page.key === key);
    })
    .with(
      { kind: "put" },
      { kind: "get" },
      { kind: "invalidate-page" },
      { kind: "invalidate-object" },
      { kind: "invalidate-pool" },
      { kind: "copy-again" },
      { kind: "restore-again" },
      { kind: "swapoff" },
      () => never,
    )
    .exhaustive();
};
