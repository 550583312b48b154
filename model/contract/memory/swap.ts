/** Swap: tags are saved beside the slot, come back on every path, and die with the slot. */
import { produce } from "immer";
import { match } from "ts-pattern";
import {
  type Asked,
  accept,
  type Demand,
  demand,
  illFormed,
  type Judgement,
  onNamedPage,
  onNewPage,
  sameTags,
  strangeOutcome,
} from "./judgement.ts";
import type { SwapOperation } from "./operations.ts";
import { homeOf, placing, put, shortage } from "./pages.ts";
import type { RuleId } from "./rulebook.ts";
import { type Memory, noTags, type Page, type Slot, type SlotIndex } from "./state.ts";

type SwapOf<Kind extends SwapOperation["kind"]> = Asked<Extract<SwapOperation, { kind: Kind }>>;

const setSlot = (memory: Memory, index: SlotIndex, slot: Slot | null): Memory =>
  produce(memory, (draft) => {
    draft.slots[index] = slot && { ...slot, tags: slot.tags && [...slot.tags] };
  });

const leaveSlot = (memory: Memory, index: SlotIndex, slot: Slot): Memory =>
  setSlot(memory, index, slot.sharers > 1 ? { ...slot, sharers: slot.sharers - 1 } : null);

const slotLives = (slot: Slot, freed: boolean): Demand =>
  demand("a-slot-lives-until-its-last-user", freed === (slot.sharers === 1), () =>
    freed
      ? `the slot was freed with ${slot.sharers - 1} users left`
      : "its last user left and the slot, with its tags, was not freed",
  );

const swapOut = (asked: SwapOf<"swap-out">): Judgement => {
  const { memory, operation, outcome } = asked;
  const pages = operation.handles.map((handle) => memory.pages[handle] ?? null);
  const live = pages.filter((page): page is Page => page !== null);
  if (live.length !== new Set(operation.handles).size || live.length !== operation.handles.length)
    return illFormed("a page of it is not live, or is named twice");
  if (live.length === 0) return illFormed("no page is named");
  return match(outcome)
    .with({ kind: "swapped" }, ({ slots }) => {
      if (slots.some((slot) => memory.slots[slot] === undefined))
        return illFormed(`slots are 0 to ${memory.slots.length - 1}`);
      const used = slots.filter(
        (slot, position) => memory.slots[slot] !== null || slots.indexOf(slot) !== position,
      );
      return accept(
        asked,
        [
          demand("a-slot-is-given-once", used.length === 0, () => `slot ${used[0]} is in use`),
          demand(
            "a-folio-is-swapped-whole",
            slots.length === live.length,
            () => `${live.length} pages went to ${slots.length} slots`,
          ),
        ],
        (before) =>
          live.reduce((so, { owner, tagged, tags, bytes }, position) => {
            const [slot, handle] = [slots[position], operation.handles[position]];
            if (slot === undefined || handle === undefined) return so;
            const saved = { owner, sharers: 1, tags: tagged ? tags : null, bytes };
            return setSlot(put(so, handle, null), slot, saved);
          }, before),
      );
    })
    .with({ kind: "save-failed" }, ({ entriesLeft }) =>
      accept(asked, [
        demand(
          "a-failed-save-leaves-no-trace",
          entriesLeft === 0,
          () => `${entriesLeft} saved tags can still be found`,
        ),
      ]),
    )
    .otherwise(() => strangeOutcome(asked));
};

const restoringRule = ({ path, mapping }: SwapOf<"swap-in">["operation"]): RuleId =>
  match(path)
    .returnType<RuleId>()
    .with("swapoff", () => "tags-survive-swapoff")
    .with("shmem", () => "tags-survive-shmem-swap")
    .with("fault", () =>
      mapping === "tagged" ? "tags-survive-swap" : "tags-come-back-whatever-the-mapping",
    )
    .exhaustive();

const swapIn = (asked: SwapOf<"swap-in">): Judgement => {
  const { memory, operation, outcome, choice } = asked;
  const slot = memory.slots[operation.slot];
  if (!slot) return illFormed(`slot ${operation.slot} is not in use`);
  if (outcome.kind === "no-memory")
    return accept(asked, [shortage(asked, "no-memory-only-when-short", 0)]);
  const home = homeOf(choice);
  return onNewPage(asked, (handle, seen) => {
    const { tagged = slot.tags !== null, tags = slot.tags ?? noTags, bytes = slot.bytes } = seen;
    return accept(
      asked,
      [
        ...placing(asked, [handle], [home], () => slot.tags !== null),
        demand(
          restoringRule(operation),
          slot.tags === null || (tagged && sameTags(tags, slot.tags)),
          () =>
            `the tags ${slot.tags?.join(" ")} went out, ${tagged ? tags.join(" ") : "none"} came`,
        ),
        demand(
          "only-saved-tags-are-restored",
          slot.tags !== null || !tagged,
          () => "no tags went out, and the page is flagged as tagged",
        ),
        demand(
          "bytes-survive-swap",
          bytes === slot.bytes,
          () => `the bytes ${slot.bytes} went out, ${bytes} came back`,
        ),
      ],
      (before) =>
        put(leaveSlot(before, operation.slot, slot), handle, {
          owner: slot.owner,
          home,
          tagged: slot.tags !== null,
          tags: slot.tags ?? noTags,
          bytes: slot.bytes,
          copyOf: null,
        }),
    );
  });
};

const restoreAgain = (asked: SwapOf<"restore-again">): Judgement => {
  const { memory, operation } = asked;
  const page = memory.pages[operation.handle];
  const slot = memory.slots[operation.slot];
  if (!slot) return illFormed(`slot ${operation.slot} is not in use`);
  if (!page) return illFormed(`page ${operation.handle} is not live`);
  if (slot.tags !== null && !page.tagged)
    return illFormed(`page ${operation.handle} never had the tags of slot ${operation.slot}`);
  return onNamedPage(asked, operation.handle, (seen) => {
    const { tagged = page.tagged, tags = page.tags, bytes = page.bytes } = seen;
    return accept(asked, [
      demand(
        "restoring-again-changes-nothing",
        tagged === page.tagged && sameTags(tags, page.tags) && bytes === page.bytes,
        () =>
          `page ${operation.handle} had the tags ${page.tags.join(" ")} and the bytes` +
          ` ${page.bytes}, now ${tags.join(" ")} and ${bytes}`,
      ),
    ]);
  });
};

const shareSlot = (asked: SwapOf<"share-slot">): Judgement => {
  const { contract, memory, operation, outcome } = asked;
  const slot = memory.slots[operation.slot];
  if (!slot) return illFormed(`slot ${operation.slot} is not in use`);
  // Every user may want its page back one day, and there are only so many handles.
  if (slot.sharers >= contract.limits.handles) return illFormed("the slot has too many users");
  return outcome.kind === "done"
    ? accept(asked, [], (before) =>
        setSlot(before, operation.slot, { ...slot, sharers: slot.sharers + 1 }),
      )
    : strangeOutcome(asked);
};

const freeSlot = (asked: SwapOf<"free-slot">): Judgement => {
  const { memory, operation, outcome } = asked;
  const slot = memory.slots[operation.slot];
  if (!slot) return illFormed(`slot ${operation.slot} is not in use`);
  return outcome.kind === "slot"
    ? accept(asked, [slotLives(slot, outcome.freed)], (before) =>
        leaveSlot(before, operation.slot, slot),
      )
    : strangeOutcome(asked);
};

const swapoff = (asked: SwapOf<"swapoff">): Judgement => {
  const used = asked.memory.slots.flatMap((slot, index) => (slot ? [index] : []));
  if (asked.outcome.kind !== "done") return strangeOutcome(asked);
  return accept(
    asked,
    [demand("swapoff-leaves-no-slot", used.length === 0, () => `slot ${used[0]} is in use`)],
    (before) => used.reduce((so, slot) => setSlot(so, slot, null), before),
  );
};

export const judgeSwap = (asked: Asked<SwapOperation>): Judgement =>
  match(asked)
    .with({ operation: { kind: "swap-out" } }, swapOut)
    .with({ operation: { kind: "swap-in" } }, swapIn)
    .with({ operation: { kind: "restore-again" } }, restoreAgain)
    .with({ operation: { kind: "share-slot" } }, shareSlot)
    .with({ operation: { kind: "free-slot" } }, freeSlot)
    .with({ operation: { kind: "swapoff" } }, swapoff)
    .exhaustive();
