/** Concurrent histories that are linearizable because they were made so, and ones with a mistake. */
import { Random } from "../../../bench/throughput/random.ts";
import {
  boot,
  type Contract,
  type Limits,
  type Memory,
  noChoice,
  type Operation,
  type Outcome,
  step,
} from "../../../model/index.ts";
import type { LogEvent, LogHead } from "../../../oracle/index.ts";

export const limitsOf = (pages: number): Limits => ({
  granulesPerPage: 2,
  handles: pages,
  taggablePages: pages,
  slots: pages,
  files: 1,
  pagesPerFile: pages,
  getForm: "consuming",
});

export const headOf = (limits: Limits): LogHead => ({ log: "mte-oracle", version: 1, limits });

type Asked = { readonly operation: Operation; readonly outcome: Outcome; readonly after: Memory };

/** Something that the contract accepts now. */
const anything = (contract: Contract, memory: Memory, random: Random): Asked => {
  const { handles, pagesPerFile, slots } = contract.limits;
  for (;;) {
    const handle = random.below(handles);
    const other = random.below(handles);
    const slot = random.below(slots);
    const bytes = random.below(4);
    const tag = random.below(4);
    const granule = random.below(2);
    const key = { file: 0, index: random.below(pagesPerFile) };
    const page = memory.pages[handle];
    const held = memory.files[0]?.pages[key.index];
    const kept = memory.slots[slot];
    const tries: readonly (readonly [Operation, Outcome])[] = [
      [
        { kind: "allocate", owner: 0, tagged: true, zeroed: true, context: "sleepable", order: 0 },
        { kind: "pages", handles: [handle], seen: [{ tagged: true }] },
      ],
      [{ kind: "free", handle }, { kind: "done" }],
      [{ kind: "write-tag", handle, granule, tag }, { kind: "done" }],
      [{ kind: "write-tag", handle, granule, tag }, { kind: "done" }],
      [
        { kind: "read-tag", handle, granule },
        { kind: "tag", tag: page?.tags[granule] ?? 0 },
      ],
      [
        { kind: "read-tag", handle, granule },
        { kind: "tag", tag: page?.tags[granule] ?? 0 },
      ],
      [{ kind: "write-bytes", handle, bytes }, { kind: "done" }],
      [
        { kind: "read-bytes", handle },
        { kind: "bytes", bytes: page?.bytes ?? 0 },
      ],
      [
        { kind: "copy", from: handle, owner: 0 },
        { kind: "page", handle: other, seen: {} },
      ],
      [
        { kind: "swap-out", handles: [handle] },
        { kind: "swapped", slots: [slot] },
      ],
      [
        { kind: "swap-in", slot, path: "fault", mapping: "tagged" },
        { kind: "page", handle, seen: kept ? { bytes: kept.bytes } : {} },
      ],
      [{ kind: "write-file", ...key, bytes }, { kind: "done" }],
      [
        { kind: "read-file", ...key },
        { kind: "bytes", bytes: held?.resident?.bytes ?? held?.disk ?? 0 },
      ],
      [{ kind: "write-back", ...key }, { kind: "done" }],
      [{ kind: "evict", ...key }, { kind: "done" }],
    ];
    const [operation, outcome] = tries[random.below(tries.length)] ?? [];
    if (!operation || !outcome) continue;
    const answer = step(contract, memory, operation, noChoice, outcome);
    if (answer.kind === "accepted") return { operation, outcome, after: answer.memory };
  }
};

/**
 * Every call takes effect at a moment of its own, in the order of the moments; it was asked some
 * time before and ends some time after. Threads do one thing at a time.
 */
export const linearizableHistory = (
  limits: Limits,
  seed: number,
  calls: number,
  threads: number,
): readonly LogEvent[] => {
  const contract: Contract = { limits, off: new Set() };
  const random = new Random(seed);
  const free = Array.from({ length: threads }, () => 0);
  let memory = boot(limits);
  const events: LogEvent[] = [];
  for (let at = 1; at <= calls; at++) {
    const moment = at * 10;
    const thread = random.below(threads);
    const earliest = free[thread] ?? 0;
    // Now and then a thread is still at work: it cannot take effect here.
    if (earliest >= moment) continue;
    const call = Math.max(earliest, moment - 1 - random.below(40));
    const end = moment + 1 + random.below(10 * threads);
    const { operation, outcome, after } = anything(contract, memory, random);
    memory = after;
    free[thread] = end;
    const choice = noChoice;
    events.push({ operation, choice, outcome, thread, call, return: end });
  }
  return events;
};
