/**
 * What a driver of a region that a host resizes can get wrong. Nobody has written the one with clean
 * copies: these are the mistakes that the protocol warns of, and those of drivers that exist.
 */
import type { Action, Next, Turn } from "../script.ts";
import { useAgain } from "../virtio-driver.ts";
import { type DesignBug, replacing } from "./bug.ts";

/** The work of the action, but for what it says after it. */
const deciding =
  (then: (next: Next) => Next) =>
  (action: Action): Action =>
    action.next === undefined
      ? { ...action, do: (turn: Turn, choice) => then(action.do(turn, choice)) }
      : action;

const withoutWork = (action: Action): Action =>
  action.next === undefined ? action : { ...action, do: () => undefined };

/** Whatever the action does, the block stays in use. */
const stillInUse = (action: Action): Action =>
  action.next === undefined
    ? action
    : {
        ...action,
        do: (turn, choice) => {
          const done = action.do(turn, choice);
          useAgain(turn);
          return done;
        },
      };

const says = ({ marks = [] }: Next, mark: "the-device-refuses" | "the-device-is-busy"): boolean =>
  marks.includes(mark);

const tmem = ["virtio-tmem"];
const both = ["virtio-tmem", "virtio-mem"];

export const virtioBugs: readonly DesignBug[] = [
  {
    id: "copies-left-in-an-unplugged-block",
    sentence: "A block is handed back and the index still names the copies that were in it.",
    source: "beside CVE-2018-16862: the memory goes and its keys stay",
    story: [
      "the driver asks which blocks are plugged",
      "and uses one",
      "a page is put",
      "the host asks for less",
      "the block goes",
    ],
    designs: tmem,
    design: replacing(["unplugs-block"], "empty-block", withoutWork),
  },
  {
    id: "refusal-taken-for-a-yes",
    sentence:
      "The host asks for less while a block is being plugged; the driver uses it all the same.",
    source: "virtio specification, memory device: VIRTIO_MEM_RESP_NACK",
    story: ["the host asks for more", "and for less", "a block is refused", "a page is put there"],
    designs: both,
    design: replacing(
      ["plugs-block"],
      "send-plug",
      deciding((next) => (says(next, "the-device-refuses") ? { ...next, to: "use-block" } : next)),
    ),
  },
  {
    id: "busy-taken-for-a-yes",
    sentence: "A device that is busy is asked no more: the driver takes the block as plugged.",
    source: "virtio specification, memory device: VIRTIO_MEM_RESP_BUSY",
    story: ["the host asks for more", "the device is busy", "a page is put there"],
    designs: both,
    design: replacing(
      ["plugs-block"],
      "send-plug",
      deciding((next) => (says(next, "the-device-is-busy") ? { ...next, to: "use-block" } : next)),
    ),
  },
  {
    id: "unplugged-though-it-is-used-again",
    sentence: "The block stays in use while its copies are dropped, and new ones are put there.",
    source: "beside Linux 04fc7816089c: the lock is dropped, and nothing is looked at again",
    story: ["the host asks for less", "the copies are dropped", "a page is put", "the block goes"],
    designs: tmem,
    design: replacing(["unplugs-block"], "empty-block", stillInUse),
  },
  {
    id: "migrated-without-isolating",
    sentence: "The pages of a block are migrated while new ones are allocated in it.",
    source: "Linux start_isolate_page_range(): what is freed there is not given out again",
    story: ["the host asks for less", "the block is found empty", "a page is allocated there"],
    designs: ["virtio-mem"],
    design: replacing(["unplugs-block"], "isolate-block", stillInUse),
  },
  {
    id: "page-that-stays-is-left-behind",
    sentence: "A page that cannot be migrated is left in the block, and the block goes.",
    source: "Linux virtio_mem_fake_offline(): the result of alloc_contig_range()",
    story: [
      "the host asks for more",
      "data lies in the region",
      "its page is pinned",
      "the host asks for less",
    ],
    designs: ["virtio-mem"],
    design: replacing(
      ["unplugs-block"],
      "isolate-storage",
      deciding((next) => (next.to === "undo-isolation" ? { ...next, to: "send-unplug" } : next)),
    ),
  },
];
