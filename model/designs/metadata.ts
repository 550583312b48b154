/**
 * metadata (RFC v1, August 2023): tag storage lies on free lists of its own, MIGRATE_METADATA, and
 * is given to movable, untagged allocations when the movable lists have no page left. Free pages may
 * lie on other lists then (they are stolen later), so here storage is taken whether or not a frame is
 * free. A tagged allocation reserves the storage of its page, up to five tries, before anybody has
 * the page; if that fails the next page is tried, and when every page was tried there is no memory.
 *
 * A task that is being killed gets its page without storage (-EINTR is made a success). Its page is
 * mapped without access, and it goes on here as any other does: what a dying task leaves undone
 * concerns nobody.
 *
 * Whether a freed page lets its storage go is asked of PG_mte_tagged (patches 19 and 33), so a page
 * that was reserved and never tagged leaks its reference, and tags that wait for a page outlive it.
 * Kernel MTE (HW KASAN) is refused by configuration.
 *
 * `metadata-v2` (November 2023): storage is CMA memory, which bars all CMA memory from tags; three
 * tries; a fault whose claim fails is replayed for ever; stashed tags are put back by the claim, after
 * the page counts as reserved and the mutex is open again.
 */
import type { Design } from "./design.ts";
import { type FaultVersion, metadataFaultScript } from "./metadata-fault.ts";
import { metadataScopes } from "./metadata-scopes.ts";
import type { Mark, Turn } from "./script.ts";
import { noBackEnd } from "./shared/keys.ts";
import { type MigratingClaim, migratingTagStorage } from "./shared/migrating-claim.ts";
import { migratingDesign, migratingMarks } from "./shared/migrating-design.ts";
import type { MovingDesign } from "./shared/moving.ts";
import { scriptsOf } from "./shared/scripts.ts";
import { forgetTries, triedPages } from "./shared/tried.ts";

/** Only whoever allocates for himself is killed: a kernel thread never, a fault ends with its task. */
const mayBeKilled = ({ operation: { kind } }: Turn): boolean =>
  kind === "allocate" || kind === "copy" || kind === "swap-in";

type Version = Pick<Design, "name" | "title" | "variantOf" | "barsCma"> & {
  readonly claim: Pick<MigratingClaim, "names" | "triesAtMost" | "replaysStash">;
  readonly fault: Omit<FaultVersion, "claim">;
  readonly marks: readonly Mark[];
};

const metadataDesign = ({ claim: version, fault, marks, ...rest }: Version): Design => {
  const claim: MigratingClaim = { ...version, mayBeKilled, over: forgetTries };
  const memory: MovingDesign = {
    tagStorage: migratingTagStorage(claim),
    dataInStorage: true,
    claimsAt: "allocation",
    failedClaim: "next-page",
    freedBy: "flag",
  };
  return {
    ...rest,
    ...migratingDesign(memory, claim),
    extra: [triedPages],
    scopeFor: metadataScopes(fault.trustsReservedFlag),
    scripts: {
      ...scriptsOf(memory, noBackEnd),
      "enable-tags": metadataFaultScript(memory, { ...fault, claim }),
    },
    kernelTags: false,
    marks: [
      ...migratingMarks,
      "claim-is-killed",
      "page-without-storage-is-returned",
      "a-reference-leaks",
      "stash-is-left-behind",
      "second-initialiser-waits",
      ...marks,
    ],
  };
};

export const metadata = metadataDesign({
  name: "metadata",
  title: "storage on free lists of its own, claims migrate (RFC v1)",
  barsCma: false,
  claim: {
    names: {
      reserve: "reserve_metadata_storage()",
      allocateRange: "alloc_contig_range()",
      free: "free_metadata_storage()",
    },
    triesAtMost: 5,
    replaysStash: "never",
  },
  fault: {
    handler: "do_metadata_none_page()",
    refused: "moves",
    replaysWhenMapped: true,
    trustsReservedFlag: false,
  },
  marks: ["fault-ends-without-memory"],
});

export const metadataV2 = metadataDesign({
  name: "metadata-v2",
  title: "RFC v2: storage is CMA memory, the claim puts stashed tags back",
  variantOf: metadata.name,
  barsCma: true,
  claim: {
    names: {
      reserve: "reserve_tag_storage()",
      allocateRange: "alloc_contig_range()",
      free: "free_tag_storage()",
    },
    triesAtMost: 3,
    replaysStash: "after-the-mutex",
  },
  fault: {
    handler: "handle_page_missing_tag_storage()",
    refused: "faults-again",
    replaysWhenMapped: false,
    trustsReservedFlag: true,
  },
  marks: [],
});
