/**
 * What a caller may ask in a state, and what then comes of it where the contract leaves one answer:
 * that lets a tester ask several things before it has read the first answer.
 */
import {
  type Choice,
  type Contract,
  done,
  type Memory,
  newestBytes,
  noChoice,
  noMemory,
  type Operation,
  type Outcome,
  step,
} from "../../model/index.ts";
import type { Foreseen } from "./foreseen.ts";
import { someDirty } from "./propose.ts";

/** An outcome that says little: enough to learn whether anybody may ask that at all. */
const probeOf = (operation: Operation): Outcome => {
  switch (operation.kind) {
    case "allocate":
    case "copy":
    case "swap-in":
      return noMemory;
    case "migrate":
    case "enable-tags":
    case "restore-again":
      return { kind: "page", handle: operation.handle, seen: {} };
    case "copy-again":
      return { kind: "page", handle: operation.to, seen: {} };
    case "read-tag":
      return { kind: "tag", tag: 0 };
    case "read-bytes":
    case "read-file":
      return { kind: "bytes", bytes: 0 };
    case "swap-out":
      return { kind: "save-failed", entriesLeft: 0 };
    case "free-slot":
      return { kind: "slot", freed: true };
    case "get":
      return { kind: "miss", touched: false };
    default:
      return done;
  }
};

/** May a caller ask that in this state, whatever comes of it? */
export const mayBeAsked = (contract: Contract, memory: Memory, operation: Operation): boolean =>
  step(contract, memory, operation, noChoice, probeOf(operation)).kind !== "ill-formed";

/** Is it no mistake of a caller who knows what is resident, what dirty, and how much swap is left? */
export const isSensible = (contract: Contract, memory: Memory, operation: Operation): boolean => {
  if (!mayBeAsked(contract, memory, operation)) return false;
  const resident = (file: number, index: number) => memory.files[file]?.pages[index]?.resident;
  switch (operation.kind) {
    case "put": {
      const page = resident(operation.file, operation.index);
      return memory.mounted && page?.dirty === false && page.bytes === operation.bytes;
    }
    case "evict":
      return resident(operation.file, operation.index)?.dirty === false;
    case "unmount":
      return !someDirty({ memory });
    case "swap-out":
      return memory.slots.filter((slot) => slot === null).length >= operation.handles.length;
    default:
      return true;
  }
};

type Likely = { readonly choice?: Choice; readonly outcome: Outcome };

/** The outcome that is to be expected; null where an implementation has a choice that matters. */
const expected = (memory: Memory, operation: Operation): Likely | null => {
  switch (operation.kind) {
    case "allocate":
    case "enable-tags":
    case "copy":
    case "swap-out":
    case "swap-in":
      return null;
    case "migrate": {
      const home = memory.pages[operation.handle]?.home ?? "taggable";
      return { choice: { kind: "placed", homes: [home] }, outcome: probeOf(operation) };
    }
    case "read-tag": {
      const tag = memory.pages[operation.handle]?.tags[operation.granule] ?? 0;
      return { outcome: { kind: "tag", tag } };
    }
    case "read-bytes":
      return { outcome: { kind: "bytes", bytes: memory.pages[operation.handle]?.bytes ?? 0 } };
    case "read-file": {
      const page = memory.files[operation.file]?.pages[operation.index];
      return { outcome: { kind: "bytes", bytes: page ? newestBytes(page) : 0 } };
    }
    case "free-slot": {
      const freed = memory.slots[operation.slot]?.sharers === 1;
      return { outcome: { kind: "slot", freed } };
    }
    default:
      return { outcome: probeOf(operation) };
  }
};

/**
 * What is known while the answers are still under way: a state in which everything is as it says, or
 * gone. Not sure: there may be more pages and used slots than it shows.
 */
export type Ahead = { readonly memory: Memory; readonly sure: boolean };

/** What is known after an operation, whatever comes of it; null: its outcome has to be waited for. */
export const ahead = (
  foreseen: Foreseen,
  { memory, sure }: Ahead,
  operation: Operation,
): Ahead | null => {
  switch (operation.kind) {
    case "allocate":
    case "copy":
      return { memory, sure: false };
    case "swap-in": {
      const slots = memory.slots.map((slot, index) => (index === operation.slot ? null : slot));
      return { memory: { ...memory, slots }, sure: false };
    }
    case "read-tag":
    case "read-bytes":
      return { memory, sure };
    default: {
      const answer = expected(memory, operation);
      if (answer === null) return null;
      const { choice = noChoice, outcome } = answer;
      const judged = foreseen.foresee(memory, operation, choice, outcome);
      return judged.kind === "accepted" ? { memory: judged.memory, sure } : null;
    }
  }
};

/** May the operation be asked where not everything is known? It must not rest on what is not there. */
export const restsOnWhatIs = ({ kind }: Operation): boolean =>
  kind !== "swap-out" && kind !== "swapoff";
