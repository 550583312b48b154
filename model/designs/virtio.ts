/**
 * virtio-tmem: a host gives a guest memory beside its RAM, a region whose size it changes as it
 * likes. The guest keeps clean copies of file pages in the blocks that are plugged, and nothing
 * else, so that it can follow: to shrink, it drops the copies of a block, waits for whoever is
 * reading one, and hands the block back. Nothing has to be migrated. The region holds no tags, and
 * the tag storage of the guest's RAM is where carveout has it: the host's concern.
 */
import { deviceBytes } from "../hardware/device-memory.ts";
import type { Label } from "../world/labels.ts";
import { at } from "../world/site.ts";
import { carveout } from "./carveout.ts";
import { cleancacheBackEnd } from "./cleancache-back-end.ts";
import { dropKey } from "./cleancache-index.ts";
import type { Design } from "./design.ts";
import type { Script } from "./script.ts";
import { scopeBesideRam, withoutActors } from "./shared/beside-ram.ts";
import { blockViews } from "./shared/block-views.ts";
import type { MovingDesign } from "./shared/moving.ts";
import { scriptsOf } from "./shared/scripts.ts";
import { hostIsNotBusyForEver, pagesOfBlock, resizing, takeOutOfUse } from "./virtio-driver.ts";
import { hostRequests, isResized, regionFields } from "./virtio-region.ts";

const memory: MovingDesign = { tagStorage: null, dataInStorage: false, claimsAt: "use" };

/** One hold of the lock: no put has begun that is not over. */
const dropCopies = (then: Label): Script => ({
  entry: "empty-block",
  actions: {
    "empty-block": {
      standsFor: "dropping the clean copies of the block",
      within: "index",
      next: then,
      do: (turn) => {
        takeOutOfUse(turn);
        const commits = pagesOfBlock(turn).flatMap((storage) => {
          const page = at(turn.world.storage, storage);
          return page.use === "cached" ? dropKey("whole", turn, page.key) : [];
        });
        return { commits, ...(commits.length > 0 && { marks: ["a-shrink-drops-a-copy"] }) };
      },
    },
  },
});

export const virtioTmem: Design = {
  ...carveout,
  name: "virtio-tmem",
  title: "clean copies in a region of the host's, which it resizes",
  hostMemory: "resized",
  extra: [
    deviceBytes,
    ...regionFields(1),
    /** A driver that has just been loaded knows of no block, plugged or not. */
    blockViews((scope) => (isResized(scope) ? "absent" : "used")),
  ],
  environment: [hostRequests],
  works: resizing(dropCopies),
  fair: hostIsNotBusyForEver,
  /** Nobody holds pages of the region: who pins is of interest only where somebody can. */
  scopeFor: (slice, scope) =>
    slice === "resize" ? withoutActors(scope, "adversary") : scopeBesideRam(slice, scope),
  scripts: scriptsOf(memory, cleancacheBackEnd("whole")),
  marks: [
    ...carveout.marks,
    "put-stored",
    "put-dropped",
    "put-takes-the-place-of-another",
    "hit",
    "miss",
    "a-block-is-plugged",
    "a-block-is-unplugged",
    "everything-is-unplugged",
    "the-device-is-busy",
    "the-device-refuses",
    "the-driver-learns-of-a-block",
    "a-shrink-drops-a-copy",
  ],
};
