/** Tags that are not there yet, not there any more, or somebody else's. */
import { end, to } from "../codes.ts";
import { byte } from "../columns.ts";
import { wish } from "../operations.ts";
import { flagAsTagged } from "../scripts/memory.ts";
import { adding, afterwards, type Bug, instead, patches, replacing, rewiring } from "./bug.ts";

/** Every design gives tags to a page the same way. */
const everywhere = ["carveout", "cma", "cleancache-page"];

/** A register that enabling tags does not use: this actor is the initialiser. */
const initialiser = 1;

export const tagBugs: readonly Bug[] = [
  {
    id: "flag-before-tags-are-cleared",
    sentence: "PG_mte_tagged is set first and the tags are cleared afterwards.",
    source: "B1: Linux e059853d14ca",
    story: ["allocate", "enable-tags", "enable-tags by a sharer"],
    designs: everywhere,
    patch: replacing(["enable-tags"], "lock-tags", (action, { kit }) => ({
      ...action,
      do: (actor, choice) => {
        const next = action.do(actor, choice);
        if (next !== end && next === to["clear-tags"]) kit.state.frames.flagged[actor.frame] = 1;
        return next;
      },
    })),
  },
  {
    id: "no-lock-between-initialisers",
    sentence: "PG_mte_lock is not tested: the second initialiser clears the tags again.",
    source: "B2: Linux d77e59a8fccd",
    story: ["allocate", "enable-tags", "enable-tags by a sharer", "write-tag by the sharer"],
    designs: everywhere,
    patch: instead(["enable-tags"], "lock-tags", ({ frame }, _choice, { kit }) => {
      kit.state.frames.locked[frame] = 1;
      return to["clear-tags"];
    }),
  },
  {
    id: "second-initialiser-does-not-wait",
    sentence: "Who finds PG_mte_lock taken goes on, without waiting for PG_mte_tagged.",
    source: "B3: arm64: mte: Handle race when synchronising tags, v16 1/7",
    story: ["allocate", "enable-tags", "enable-tags by a sharer"],
    designs: everywhere,
    patch: replacing(["enable-tags"], "await-tags", (action) => ({ ...action, when: () => true })),
  },
  {
    id: "mapped-before-tags-are-cleared",
    sentence: "Without a barrier the page-table entry is seen before the cleared tags are.",
    source: "B4: Linux 1d0cb4c8864a",
    story: ["allocate", "enable-tags", "read-tag"],
    designs: everywhere,
    patch: patches(
      afterwards(["enable-tags"], "lock-tags", (actor, next) => {
        if (next !== to["clear-tags"]) return next;
        actor.secondValue = initialiser;
        return to["flag-tags"];
      }),
      afterwards(["enable-tags"], "map-tagged", ({ secondValue }, next) =>
        secondValue === initialiser ? to["clear-tags"] : next,
      ),
      afterwards(["enable-tags"], "clear-tags", () => end),
    ),
  },
  {
    id: "tags-cleared-after-publishing",
    sentence: "An allocated page is handed out as tagged and its tags are cleared afterwards.",
    source: "G1: Linux ed0a6d1d973e",
    story: ["allocate", "read-tag"],
    designs: ["carveout", "cleancache-page", "cleancache-folio"],
    patch: patches(
      instead(["allocate"], "clear-page", ({ frame, second }, _choice, { kit }) => {
        if ((second & wish.zeroed) > 0) kit.store(frame, 0);
        if ((second & wish.tagged) > 0) flagAsTagged(kit, frame);
        return to["publish-page"];
      }),
      afterwards(["allocate"], "publish-page", () => to["clear-tags"]),
      adding(["allocate"], "clear-tags", ({ frame }, _choice, { kit }) => {
        if (kit.isFlagged(frame)) kit.arena.clearTags(frame);
        return end;
      }),
    ),
  },
  {
    id: "tags-cleared-only-with-the-bytes",
    sentence: "An allocation that does not zero the bytes leaves the old tags as well.",
    source: "C6: Linux 6a288a4ddb4a",
    story: ["allocate", "write-tag", "free", "allocate unzeroed", "read-tag"],
    designs: ["carveout", "cleancache-page", "cleancache-folio"],
    patch: replacing(["allocate"], "clear-page", (action, { kit }) => ({
      ...action,
      do: (actor, choice) => {
        if ((actor.second & (wish.zeroed | wish.tagged)) !== wish.tagged)
          return action.do(actor, choice);
        flagAsTagged(kit, actor.frame);
        return to["publish-page"];
      },
    })),
  },
  {
    id: "bytes-not-zeroed-where-tags-are",
    sentence: "Clearing the tags is taken to have zeroed the bytes too, and has not.",
    source: "C5: Linux 5bebe8de1926",
    story: ["allocate zeroed and tagged"],
    designs: everywhere,
    patch: replacing(["allocate"], "clear-page", (action, { kit }) => ({
      ...action,
      do: (actor, choice) => {
        const old = kit.load(actor.frame);
        const next = action.do(actor, choice);
        if (kit.isFlagged(actor.frame)) kit.store(actor.frame, old);
        return next;
      },
    })),
  },
  {
    id: "first-granule-stands-for-the-page",
    sentence: "Only the first granule of a page is cleared.",
    source: "beside D4: Linux cf3b16dae4ca, one part taken for the whole",
    story: ["allocate"],
    designs: everywhere,
    patch: rewiring(({ kit: { arena } }) => {
      arena.clearTags = (frame) => arena.storeTag(frame, 0, 0);
    }),
  },
  {
    id: "tag-stores-through-an-untagged-map",
    sentence: "One page is mapped without the tagged attribute: stores of its tags do nothing.",
    source: "F9: Linux d15dfd31384b",
    story: ["allocate", "write-tag", "read-tag"],
    designs: everywhere,
    patch: rewiring(({ kit: { arena } }) => {
      const store = arena.storeTag.bind(arena);
      arena.storeTag = (frame, granule, tag) => {
        if (frame !== 0) store(frame, granule, tag);
      };
      arena.clearTags = (frame) => {
        for (let granule = 0; granule < arena.granules; granule++)
          arena.storeTag(frame, granule, 0);
      };
    }),
  },
  {
    id: "flag-left-on-free",
    sentence: "A freed page keeps PG_mte_tagged, and its next user is taken to have tags.",
    source: "beside A5: Linux a8e5e5146ad0, flagged though nothing was initialised",
    story: ["allocate", "free", "allocate untagged"],
    designs: everywhere,
    patch: rewiring(({ kit }) => {
      const giveBack = kit.giveBack.bind(kit);
      kit.giveBack = (place) => {
        const flagged = kit.isFlagged(place);
        giveBack(place);
        if (flagged) flagAsTagged(kit, place);
      };
    }),
  },
  {
    id: "no-claim-where-tags-are-enabled",
    sentence: "PROT_MTE gives a page its tags without claiming their storage.",
    source: "S7: RFC v3 11/35, the hook is missing on one path",
    story: ["allocate untagged", "enable-tags"],
    designs: ["cma", "cleancache-page", "cleancache-folio"],
    patch: afterwards(["enable-tags"], "look-at-page", (_actor, next) => {
      if (next === to["recall"]) return to["lock-tags"];
      return next === to["lock-blocks"] ? to["lock-page-table"] : next;
    }),
  },
  {
    id: "no-claim-for-kernel-memory",
    sentence: "An atomic allocation does not claim tag storage: its page waits for a fault.",
    source: "S7: RFC v3 11/35, the hook is missing in one variant of the allocation",
    story: ["allocate in an interrupt"],
    designs: ["cleancache-page", "cleancache-folio"],
    patch: afterwards(["allocate"], "take-page", ({ second }, next) =>
      next === to["recall"] && (second & wish.atomic) > 0 ? to["clear-page"] : next,
    ),
  },
  {
    id: "tags-cleared-twice",
    sentence: "The tags are cleared twice in one go.",
    source: "none: no harm is done",
    story: [],
    designs: everywhere,
    harmless: true,
    patch: rewiring(({ kit: { arena } }) => {
      const clear = arena.clearTags.bind(arena);
      arena.clearTags = (frame) => {
        clear(frame);
        clear(frame);
      };
    }),
  },
  {
    id: "flagged-again-before-mapping",
    sentence: "A page that is given tags is flagged a second time where it is mapped.",
    source: "none: no harm is done",
    story: [],
    designs: everywhere,
    harmless: true,
    patch: replacing(["enable-tags"], "map-tagged", (action, { kit }) => ({
      ...action,
      do: (actor, choice) => {
        if (byte(kit.state.frames.locked, actor.frame) === 1) flagAsTagged(kit, actor.frame);
        return action.do(actor, choice);
      },
    })),
  },
];
