/**
 * virtio-mem, the contrast to virtio-tmem: the same region and the same worker, but what is plugged
 * becomes ordinary memory. To hand a block back, its pages have to be migrated, and a page that is
 * pinned stays where it is: the worker gives up and is queued again, for as long as the pin lasts.
 * (Data in the region is untagged here, so that nothing but this tells the two apart; where the host
 * asks for nothing, nothing is plugged.)
 */
import { deviceBytes } from "../hardware/device-memory.ts";
import type { Label } from "../world/labels.ts";
import type { Scope } from "../world/scope.ts";
import { at } from "../world/site.ts";
import { carveout } from "./carveout.ts";
import type { Design } from "./design.ts";
import type { Script } from "./script.ts";
import { scopeBesideRam, smallScopeBesideRam, withoutActors } from "./shared/beside-ram.ts";
import { blockViews } from "./shared/block-views.ts";
import { evacuating } from "./shared/evacuating.ts";
import { noBackEnd } from "./shared/keys.ts";
import { withMorePages, withoutOffers } from "./shared/scopes.ts";
import { scriptsOf } from "./shared/scripts.ts";
import {
  hostIsNotBusyForEver,
  pagesOfBlock,
  resizing,
  takeOutOfUse,
  useAgain,
} from "./virtio-driver.ts";
import { hostRequests, isResized, regionFields } from "./virtio-region.ts";

/** alloc_contig_range() is tried again so often before the block is put off. */
const triesAtMost = 5;

const migrateAway = (then: Label): Script => ({
  entry: "isolate-block",
  actions: {
    "isolate-block": {
      standsFor: "virtio_mem_fake_offline(), start_isolate_page_range()",
      within: "index",
      next: "next-page",
      do: (turn) => {
        takeOutOfUse(turn);
        turn.actor.count = 0;
        return undefined;
      },
    },
    "next-page": {
      standsFor: "alloc_contig_range() looking for a page in use",
      do: (turn) => {
        const { world, actor } = turn;
        const inUse = pagesOfBlock(turn).find((page) => at(world.storage, page).use === "data");
        if (inUse === undefined) return { to: then };
        actor.storage = inUse;
        return { to: "isolate-storage" };
      },
    },
    ...evacuating({
      standsFor: "alloc_contig_range(), __alloc_contig_migrate_range()",
      pages: pagesOfBlock,
      triesAtMost,
      moved: "next-page",
      leaves: "free",
      givenUp: "undo-isolation",
    }),
    "undo-isolation": {
      standsFor: "undo_isolate_page_range(), -EBUSY",
      within: "index",
      next: "end",
      do: (turn) => {
        useAgain(turn);
        return { marks: ["a-shrink-gives-up"] };
      },
    },
  },
});

/** Slices that have pages to spare even where the region takes the place of some. */
const roomy: ReadonlySet<string> = new Set(["swapoff", "reuse", "lines"]);
/** Slices that are asked about RAM alone: they have as many pages as elsewhere. */
const aboutRam: ReadonlySet<string> = new Set(["bytes", "moves", "pins", "unpinned"]);

/**
 * Nobody reads files: the page cache has nothing to do with the region. Nobody asks for tags on a
 * page that may lie there.
 */
const scopeFor = (slice: string, scope: Scope): Scope | null => {
  if (slice === "suite" || slice === "workload") return withoutOffers(scope, ["enable-tags"]);
  if (isResized(scope)) return withoutActors(scope, "reader", "kswapd");
  if (aboutRam.has(slice)) return scopeBesideRam(slice, withMorePages(scope));
  return roomy.has(slice) ? smallScopeBesideRam(slice, scope) : scopeBesideRam(slice, scope);
};

export const virtioMem: Design = {
  ...carveout,
  name: "virtio-mem",
  title: "ordinary memory in the region, a shrink migrates it away",
  variantOf: "virtio-tmem",
  hostMemory: "resized",
  extra: [deviceBytes, ...regionFields(0), blockViews(() => "absent")],
  environment: [hostRequests],
  works: resizing(migrateAway),
  fair: hostIsNotBusyForEver,
  scopeFor,
  dataInStorage: true,
  scripts: scriptsOf({ tagStorage: null, dataInStorage: true, claimsAt: "use" }, noBackEnd),
  marks: [
    ...carveout.marks,
    "a-block-is-plugged",
    "a-block-is-unplugged",
    "everything-is-unplugged",
    "the-device-is-busy",
    "the-device-refuses",
    "the-driver-learns-of-a-block",
    "data-moves-into-tag-storage",
    "claim-moves-data-away",
    "claim-finds-a-pinned-page",
    "a-shrink-gives-up",
  ],
};
