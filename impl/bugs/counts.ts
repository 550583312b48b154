/** Who uses a block, who is counted, and when it is given back. */
import { frameUse, storageUse, to } from "../codes.ts";
import { byte, word } from "../columns.ts";
import type { Parts, Patch } from "../manager.ts";
import type { Registers } from "../registers.ts";
import { afterwards, type Bug, before, instead, patches, replacing, rewiring } from "./bug.ts";

const claiming = ["cma", "cleancache-page", "cleancache-folio"];
const cleancache = ["cleancache-page", "cleancache-folio"];

/** Wraps both actions that may count a user: what was counted before, and what now. */
const aroundCounting = (
  fix: (parts: Parts, actor: Registers, block: number, counted: number) => void,
): Patch => {
  const around = (label: "count-user" | "check-block"): Patch =>
    replacing(null, label, (action, parts) => ({
      ...action,
      do: (actor, choice) => {
        const block = parts.kit.blockOf(actor.frame);
        const counted = word(parts.kit.state.users, block);
        const next = action.do(actor, choice);
        if (word(parts.kit.state.users, block) > counted) fix(parts, actor, block, counted);
        return next;
      },
    }));
  return patches(around("count-user"), around("check-block"));
};

export const countBugs: readonly Bug[] = [
  {
    id: "too-many-blocks-reserved",
    sentence: "A claim reserves the next block as well.",
    source: "S2: RFC v1, v2, order_to_num_blocks()",
    story: ["allocate"],
    designs: claiming,
    patch: aroundCounting(({ kit }, _actor, block) => {
      const first = kit.firstStorageOf(block + 1);
      const last = Math.min(first + kit.blockPages, kit.storagePages);
      for (let page = first; page < last; page++)
        if (byte(kit.state.storage.use, page) === storageUse.free)
          kit.useStorage(page, storageUse.tags);
    }),
  },
  {
    id: "last-page-of-a-block-not-covered",
    sentence: "A claim covers one storage page less than the block has.",
    source: "S10: RFC v1 to v3, a folio may straddle one block more than the count says",
    story: ["allocate"],
    designs: claiming,
    patch: aroundCounting(({ kit }, _actor, block) => {
      const first = kit.firstStorageOf(block);
      if (kit.blockPages > 1) kit.useStorage(first + kit.blockPages - 1, storageUse.free);
    }),
  },
  {
    id: "user-counted-twice",
    sentence: "A page that claims its block already is counted again.",
    source: "beside B2: Linux d77e59a8fccd, two initialisers of one page",
    story: ["allocate untagged", "enable-tags", "enable-tags by a sharer"],
    designs: cleancache,
    patch: before(null, "count-user", ({ frame }, { kit: { state } }) => {
      state.frames.claimed[frame] = 0;
    }),
  },
  {
    id: "joiner-not-counted",
    sentence: "A page whose block is in use for tags already is not counted.",
    source: "S2 of the series' invariants: a block counts exactly its users",
    story: ["allocate", "allocate"],
    designs: claiming,
    patch: aroundCounting(({ kit: { state } }, _actor, block, counted) => {
      if (counted > 0) state.users[block] = counted;
    }),
  },
  {
    id: "wrong-block-counted",
    sentence: "The user of a block is counted for the block before it.",
    source: "S11: RFC v3, the wrong side of a boundary",
    story: ["allocate", "allocate"],
    designs: claiming,
    patch: aroundCounting(({ kit: { state } }, _actor, block, counted) => {
      if (block === 0) return;
      state.users[block] = counted;
      state.users[block - 1] = word(state.users, block - 1) + 1;
    }),
  },
  {
    id: "block-given-back-while-used",
    sentence: "The first page that lets a block go gives it back, whoever uses it still.",
    source: "S2 of the series' invariants: a block holds tags while any page uses it",
    story: ["allocate", "allocate", "free"],
    designs: claiming,
    patch: before(null, "uncount", ({ frame }, { kit }) => {
      kit.state.users[kit.blockOf(frame)] = 1;
    }),
  },
  {
    id: "block-never-given-back",
    sentence: "The last user of a block leaves it reserved for tags.",
    source: "beside S2: RFC v1, v2, needless reservation",
    story: ["allocate", "allocate", "free"],
    designs: claiming,
    patch: afterwards(null, "uncount", ({ frame }, next, { kit }) => {
      const block = kit.blockOf(frame);
      if (word(kit.state.users, block) === 0)
        kit.useStorage(kit.firstStorageOf(block), storageUse.tags);
      return next;
    }),
  },
  {
    id: "not-counted-down",
    sentence: "A freed page is not counted down: its block never has a last user.",
    source: "beside F4: Linux ae41d7dbaeb4, a reference that nobody drops",
    story: ["allocate", "free"],
    designs: claiming,
    patch: instead(null, "uncount", ({ frame }, _choice, { kit }) => {
      kit.state.frames.claimed[frame] = 0;
      kit.arena.poisonTags(frame);
      return to["give-back"];
    }),
  },
  {
    id: "claim-kept-on-free",
    sentence: "A freed page still says that it claims its block.",
    source: "beside F4: Linux ae41d7dbaeb4",
    story: ["allocate", "free"],
    designs: claiming,
    patch: afterwards(null, "uncount", ({ frame }, next, { kit: { state } }) => {
      state.frames.claimed[frame] = 1;
      return next;
    }),
  },
  {
    id: "page-free-before-its-storage-is-let-go",
    sentence: "A freed page is on the free list before its tag storage has been released.",
    source: "beside H2: Linux 7b086755fb8c, a page on the free list that is not ready for it",
    story: ["allocate", "free", "allocate by another"],
    designs: cleancache,
    patch: afterwards(["free"], "unmap-page", ({ frame }, next, { kit }) => {
      if (!kit.isStorage(frame)) kit.useFrame(frame, frameUse.free);
      return next;
    }),
  },
  {
    id: "page-left-on-the-free-list",
    sentence: "A page that was taken stays on the free list until it is published.",
    source: "beside H2: Linux 7b086755fb8c, lists of the page allocator under contention",
    story: ["allocate", "allocate by another", "write-tag", "read-tag"],
    designs: ["carveout", ...claiming],
    patch: rewiring(({ kit }) => {
      const take = kit.take.bind(kit);
      kit.take = (place) => {
        if (kit.isStorage(place)) take(place);
      };
    }),
  },
  {
    id: "handle-given-twice",
    sentence: "A handle stays free while a page has it.",
    source: "beside A7: Linux f238b8c33c67, what is still another's",
    story: ["allocate", "allocate"],
    designs: ["carveout", ...claiming],
    patch: rewiring(({ kit }) => {
      const hold = kit.hold.bind(kit);
      kit.hold = (place, owner, state) => {
        const handle = hold(place, owner, state);
        kit.state.freeHandles.add(handle);
        return handle;
      };
    }),
  },
  {
    id: "another-free-page",
    sentence: "Of the free pages the second is taken, if there are two.",
    source: "none: which page is given is nobody's business",
    story: [],
    designs: ["carveout", ...claiming],
    harmless: true,
    patch: rewiring(({ kit }) => {
      const first = kit.freeTaggable.bind(kit);
      kit.freeTaggable = () => {
        const page = first();
        const next = page < 0 ? page : kit.state.freeFrames.after(page);
        return next < 0 ? page : next;
      };
    }),
  },
];
