/**
 * zswap: tag storage is a pool of swapped pages, as zswap keeps one. It holds the sole copy of each:
 * a claim has to write it to the swap device first, and that sleeps and can fail. So the storage of
 * a page is claimed where sleeping is allowed (when it is allocated, or in a fault), and a claim that
 * fails is told to the caller as no memory. An atomic claim finds storage only where nothing lies.
 *
 * `zswap-write-through` writes every page to the device when it is stored, as frontswap's
 * write-through mode did: the pool saves reading the device, never writing it. Its entries are
 * copies, a claim drops them in any context, and storage is claimed where it is used.
 *
 * Loads are exclusive in slices with consuming gets, and keep the entry in the others.
 */
import { operationFamilies } from "../contract/memory/index.ts";
import type { ActorSpec, Offer, Scope } from "../world/scope.ts";
import type { Design } from "./design.ts";
import type { Mark } from "./script.ts";
import { claimByDropping, claimingByDropping } from "./shared/dropping.ts";
import { noBackEnd } from "./shared/keys.ts";
import type { MovingDesign } from "./shared/moving.ts";
import { emptyStorage } from "./shared/places.ts";
import { shaped, withoutOffers } from "./shared/scopes.ts";
import { scriptsOf } from "./shared/scripts.ts";
import {
  emptiedBlock,
  releasing,
  slotHolders,
  soleCopies,
  soleCopyClaimBound,
  soleCopyClaiming,
  soleCopyStorage,
} from "./zswap-claim.ts";

const soleCopyMemory: MovingDesign = {
  tagStorage: soleCopyStorage,
  dataInStorage: false,
  claimsAt: "allocation",
  failedClaim: "no-memory",
  pool: soleCopies,
};

const writeThroughMemory: MovingDesign = {
  tagStorage: {
    claim: claimByDropping({
      take: "reserving tag storage: dropping the entries of the block",
      drop: (turn, storage) => {
        emptyStorage(turn, storage);
        return [];
      },
    }),
    release: releasing,
  },
  dataInStorage: false,
  claimsAt: "use",
  pool: { kind: "write-through", holders: null, accepts: () => true },
};

const marks: readonly Mark[] = [
  "no-free-page",
  "claim-joins-other-users",
  "claim-takes-a-free-block",
  "last-user-gives-the-block-back",
  "interrupt-during-an-operation",
  "second-initialiser-waits",
  "a-tagged-page-is-copied",
  "a-tagged-page-is-migrated",
  "tags-are-saved",
  "save-fails",
  "tags-are-restored",
  "a-slot-is-shared",
  "pool-stores",
  "pool-refuses",
  "pool-loads",
  "pool-misses",
  "write-back-fails",
  "a-line-is-written-back",
];

const kswapd: ActorSpec = {
  name: "kswapd",
  kind: "task",
  cpu: 1,
  owner: 3,
  everyones: true,
  may: ["swap-out"],
};

/** Reclaim fills the storage, and the first actor uses tags but neither reads nor writes them. */
const swapping = (scope: Scope, also: readonly Offer[]): Scope => {
  const { geometry, actors } = scope;
  const tagUses: readonly Offer[] = ["write-tag", "read-tag"];
  const [user, ...others] = actors.filter(({ name }) => name !== kswapd.name);
  const may = user?.may.filter((offer) => !tagUses.includes(offer)) ?? [];
  return {
    ...scope,
    geometry: shaped(geometry, 1, 2),
    slots: 1,
    files: 0,
    pagesPerFile: 0,
    actors: [...(user ? [{ ...user, may: [...may, ...also] }] : []), ...others, kswapd],
  };
};

const fileOffers: readonly Offer[] = [...operationFamilies.files, "drop"];

/**
 * What would fill the storage of a cleancache is swapped out here instead; nothing that files do
 * reaches this pool, so one slice of them is enough. In `swap` a tagged page goes to the storage of
 * another's tags.
 */
const scopeFor = (slice: string, scope: Scope): Scope | null => {
  switch (slice) {
    case "cache":
    case "identity":
      return null;
    case "lines": {
      const { actors } = swapping(scope, ["swap-in-fault", "write-tag"]);
      return { ...scope, slots: 1, files: 0, pagesPerFile: 0, actors };
    }
    case "reuse":
      return { ...swapping(scope, ["swap-in-fault"]), slots: 2 };
    case "unpinned":
    case "pins":
      return { ...swapping(scope, []), slots: 2, tagValues: 1 };
    case "files":
      return { ...scope, byteValues: 5 };
    case "pool":
      return { ...scope, byteValues: 3 };
    case "swap":
      return { ...scope, geometry: shaped(scope.geometry, 2, 1) };
    /** The suites ask for swap alone, in the scopes that have some. */
    case "suite":
      return scope.slots > 0 ? withoutOffers({ ...scope, files: 0 }, fileOffers) : null;
    case "swapoff":
      return {
        ...scope,
        geometry: shaped(scope.geometry, 2, 1),
        slots: 1,
        getForm: "keeping",
        tagValues: 3,
      };
    default:
      return scope;
  }
};

/** Without a claim that sleeps one slot is enough, and nothing that lies apart from swap differs. */
const scopeOfVariant = (slice: string, scope: Scope): Scope | null => {
  if (slice === "tags" || slice === "bytes") return null;
  const its = scopeFor(slice, scope);
  return its && slice !== "suite" ? { ...its, slots: Math.min(its.slots, 1) } : its;
};

export const zswap: Design = {
  name: "zswap",
  title: "sole copies of swapped pages, a claim writes them back",
  extra: [slotHolders, emptiedBlock],
  locks: {
    index: "spin-irqsave",
    "tag-blocks": "sleeping",
    "page-table": "spin",
    "file-page": "sleeping",
  },
  scripts: scriptsOf(soleCopyMemory, noBackEnd),
  claiming: new Set(soleCopyClaiming),
  claimBound: ({ geometry }) => soleCopyClaimBound(geometry.blockPages),
  folioOrder: 0,
  dataInStorage: false,
  claimsAt: soleCopyMemory.claimsAt,
  barsCma: false,
  stash: false,
  kernelTags: true,
  storageHoldsSlots: true,
  movedNamesContent: true,
  marks: [...marks, "claim-gives-up", "claim-writes-an-entry-back"],
  scopeFor,
};

export const zswapWriteThrough: Design = {
  name: "zswap-write-through",
  title: "copies of swapped pages that are on the device too, a claim drops them",
  variantOf: "zswap",
  locks: { index: "spin-irqsave", "page-table": "spin", "file-page": "sleeping" },
  scripts: scriptsOf(writeThroughMemory, noBackEnd),
  claiming: new Set(claimingByDropping),
  claimBound: () => claimingByDropping.length,
  folioOrder: 0,
  dataInStorage: false,
  claimsAt: writeThroughMemory.claimsAt,
  barsCma: false,
  stash: false,
  kernelTags: true,
  storageHoldsSlots: true,
  marks: [...marks, "claim-drops-a-copy", "claim-revokes-a-reader"],
  scopeFor: scopeOfVariant,
};
