/** What an actor may ask: the concrete operations of its offers, and when each makes sense. */
import { match } from "ts-pattern";
import type { Operation } from "../contract/memory/index.ts";
import type { ActorSpec, Offer } from "./scope.ts";
import { freeSlotOf } from "./shared/swapping.ts";
import { folioOf, keyOf } from "./shared/files.ts";
import { at, type Site } from "./site.ts";
import type { Held, World } from "./world.ts";

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
  const page = { kind: "allocate", owner, zeroed: context === "sleepable", context, order: 0 } as const;
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
  return match(offer)
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
      handles.flatMap((handle) => upTo(scope.byteValues).map((bytes) => ({ kind, handle, bytes }))),
    )
    .with("copy", (kind) => handles.map((from) => ({ kind, from, owner })))
    .with("swap-out", (kind) => handles.map((handle) => ({ kind, handles: [handle] })))
    .with("swap-in-fault", () => swapIn("fault", "tagged"))
    .with("swap-in-untagged", () => swapIn("fault", "untagged"))
    .with("swap-in-swapoff", () => swapIn("swapoff", "tagged"))
    .with("swap-in-shmem", () => swapIn("shmem", "tagged"))
    .with("share-slot", "free-slot", (kind) => slots.map((slot) => ({ kind, slot })))
    .with("read-file", "write-back", "truncate", "evict", "drop", (kind) => onPage(kind))
    .with("write-file", "direct-write", storing)
    .with("unlink", "create", (kind) => upTo(scope.files).map((file) => ({ kind, file })))
    .with("unmount", "mount", (kind) => [{ kind }])
    .exhaustive();
};

export const operationsOf = (site: Site, actor: ActorSpec): readonly Operation[] =>
  actor.may.flatMap((offer) => operationsOfOffer(site, actor, offer));

const isFileOperation = (operation: Operation): boolean =>
  "file" in operation || operation.kind === "unmount" || operation.kind === "mount";

/** What an actor must leave alone: pages of others, pages under way, files being removed. */
export const mayStart = (
  world: World,
  site: Site,
  actor: ActorSpec,
  operation: Operation,
  others: readonly Operation[],
): boolean => {
  const mine = (handle: number, ...states: readonly Held["state"][]): Held | null => {
    const page = at(world.held, handle);
    return (actor.everyones || page.owner === actor.owner) && states.includes(page.state)
      ? page
      : null;
  };
  const movable = (handle: number, ...states: readonly Held["state"][]): boolean => {
    const page = mine(handle, ...states);
    return page !== null && page.uses === 0 && !page.pinned;
  };
  const slotOf = (slot: number) => {
    const found = at(world.slots, slot);
    const his = actor.everyones || found.owner === actor.owner;
    return found.sharers > 0 && !found.busy && his ? found : null;
  };
  const exists = (file: number): boolean => world.mounted && at(world.exists, file);
  const page = (file: number, index: number) => at(world.cached, keyOf(site, file, index));
  const alone = (): boolean => !others.some(isFileOperation);
  /** While a file or file system is going away, nobody else starts on it (inode lock, s_umount). */
  const staying = (): boolean =>
    !others.some(({ kind }) => kind === "unlink" || kind === "unmount" || kind === "mount");
  return match(operation)
    .returnType<boolean>()
    .with({ kind: "allocate" }, () => true)
    .with({ kind: "free" }, ({ handle }) => movable(handle, "mapped", "deferred"))
    .with({ kind: "migrate" }, ({ handle }) => movable(handle, "mapped"))
    .with({ kind: "enable-tags" }, ({ handle }) => {
      const found = mine(handle, "mapped", "deferred");
      return found !== null && found.uses < 2;
    })
    .with({ kind: "write-tag" }, ({ handle }) => mine(handle, "mapped")?.tagged === true)
    .with({ kind: "read-tag" }, ({ handle }) => mine(handle, "mapped", "read-only")?.tagged === true)
    .with({ kind: "write-bytes" }, ({ handle }) => mine(handle, "mapped") !== null)
    .with({ kind: "read-bytes" }, ({ handle }) => mine(handle, "mapped", "read-only") !== null)
    .with({ kind: "copy" }, ({ from }) => movable(from, "mapped"))
    .with({ kind: "copy-again" }, () => false)
    .with(
      { kind: "swap-out" },
      ({ handles }) =>
        freeSlotOf({ world }) >= 0 && handles.every((handle) => movable(handle, "mapped")),
    )
    .with({ kind: "swap-in" }, ({ slot }) => slotOf(slot) !== null)
    .with({ kind: "share-slot" }, ({ slot }) => slotOf(slot)?.sharers === 1)
    .with({ kind: "free-slot" }, ({ slot }) => slotOf(slot) !== null)
    .with({ kind: "restore-again" }, { kind: "swapoff" }, () => false)
    .with(
      { kind: "read-file" },
      { kind: "write-file" },
      { kind: "direct-write" },
      { kind: "truncate" },
      ({ file }) => exists(file) && staying(),
    )
    .with(
      { kind: "write-back" },
      ({ file, index }) =>
        exists(file) && staying() && page(file, index).resident === "dirty",
    )
    .with({ kind: "evict" }, ({ file, index }) => {
      const key = keyOf(site, file, index);
      /** A folio that is resident whole is evicted whole, by its first page. */
      const whole =
        site.scope.folioOrder === 0 ||
        folioOf(site, key) === key ||
        at(world.cached, folioOf(site, key)).resident !== "clean";
      return exists(file) && staying() && whole && page(file, index).resident === "clean";
    })
    .with({ kind: "unlink" }, ({ file }) => exists(file) && alone())
    .with({ kind: "create" }, ({ file }) => world.mounted && !at(world.exists, file) && staying())
    .with(
      { kind: "unmount" },
      () => world.mounted && alone() && world.cached.every((each) => each.resident !== "dirty"),
    )
    .with({ kind: "mount" }, () => !world.mounted)
    .with({ kind: "drop" }, ({ file, index }) => {
      const key = keyOf(site, file, index);
      return world.storage.some((each) => each.use === "cached" && each.key === key);
    })
    .with(
      { kind: "put" },
      { kind: "get" },
      { kind: "invalidate-page" },
      { kind: "invalidate-object" },
      { kind: "invalidate-pool" },
      () => false,
    )
    .exhaustive();
};
