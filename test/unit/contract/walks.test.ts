/** What stays true on every walk through the contract. */
import fc from "fast-check";
import { match, P } from "ts-pattern";
import { describe, expect, test } from "vitest";
import {
  allowedOutcomes,
  type Choice,
  choiceSchema,
  choicesThatExplain,
  describeChoice,
  describeOperation,
  describeOutcome,
  forgetCauses,
  freeTaggablePages,
  highestTag,
  type Limits,
  type Memory,
  noMemory,
  type Outcome,
  operationSchema,
  outcomeSchema,
  rulebook,
  ruleIds,
  type Seen,
  type Tag,
} from "../../../model/contract/index.ts";
import { contractOf, type Happening, judge } from "./happenings.ts";
import { anyWalk, frozen, runs, walk } from "./walks.ts";

/** Everything that is wrong with a state; empty for every state that can be reached. */
const flaws = (limits: Limits, memory: Memory): readonly string[] => {
  const whole = (tags: readonly Tag[]) =>
    tags.length === limits.granulesPerPage && tags.every((tag) => tag >= 0 && tag <= highestTag);
  const ofPages = memory.pages.flatMap((page, handle) => {
    if (page === null) return [];
    const { tagged, tags, home, copyOf } = page;
    return [
      ...((tagged ? whole(tags) : tags.length === 0)
        ? []
        : [`page ${handle}: ${tags.length} tags`]),
      ...(tagged && home !== "taggable" ? [`page ${handle}: tagged in storage`] : []),
      ...(copyOf === handle || (copyOf !== null && !memory.pages[copyOf])
        ? [`page ${handle}: copy of ${copyOf}`]
        : []),
    ];
  });
  const ofSlots = memory.slots.flatMap((slot, index) =>
    slot === null ||
    (slot.sharers >= 1 &&
      slot.sharers <= limits.handles &&
      (slot.tags === null || whole(slot.tags)))
      ? []
      : [`slot ${index}`],
  );
  const ofFiles = memory.files.flatMap(({ exists, pages }, file) =>
    pages.flatMap(({ resident, cached, disk, unsaved }) => {
      const reachable = exists && memory.mounted;
      const asleep = reachable || (resident === null && cached.kind === "empty");
      const clean = !resident || resident.dirty || [disk, unsaved].includes(resident.bytes);
      return [
        ...(asleep ? [] : [`file ${file}: something left of it`]),
        ...(clean ? [] : [`file ${file}: clean and not on the disk`]),
        ...(unsaved === null || reachable ? [] : [`file ${file}: unsaved bytes left of it`]),
      ];
    }),
  );
  const counts = [
    memory.pages.length === limits.handles,
    memory.slots.length === limits.slots,
    memory.files.length === limits.files,
    memory.files.every(({ pages }) => pages.length === limits.pagesPerFile),
    freeTaggablePages(limits, memory) >= 0,
  ];
  const ofCounts = counts.flatMap((right, at) => (right ? [] : [`count ${at}`]));
  return [...ofPages, ...ofSlots, ...ofFiles, ...ofCounts];
};

const everyStep = (
  check: (limits: Limits, before: Memory, happening: Happening, after: Memory) => void,
  numRuns: number = runs.numRuns,
) =>
  fc.assert(
    fc.property(anyWalk, ({ limits, plan }) => {
      walk(contractOf(limits), plan, (before, happening, after) =>
        check(limits, before, happening, after),
      );
    }),
    { ...runs, numRuns },
  );

describe("on every walk through what is allowed", () => {
  test("states stay well-formed, nothing given is changed, every operation is met", () => {
    const met = new Set<string>();
    everyStep((limits, before, happening, after) => {
      const copy = structuredClone(before);
      const again = judge(contractOf(limits), before, frozen(happening));
      expect(again).toEqual({ kind: "accepted", memory: after });
      expect(before).toEqual(copy);
      expect(flaws(limits, after), JSON.stringify(happening)).toEqual([]);
      met.add(happening.operation.kind);
    });
    const kinds = operationSchema.options.map((option) => option.unwrap().shape.kind.value);
    expect([...met].sort()).toEqual(kinds.sort());
  });

  test("whatever is allowed is accepted, in an order that stays, and explained", () => {
    everyStep((limits, before, { operation, choice, outcome }) => {
      const contract = contractOf(limits);
      const allowed = allowedOutcomes(contract, before, operation);
      expect(allowedOutcomes(contract, before, operation)).toEqual(allowed);
      expect(new Set(allowed.map((one) => JSON.stringify(one))).size).toBe(allowed.length);
      const explaining = choicesThatExplain(contract, before, operation, outcome);
      expect(explaining).toContainEqual(choice);
      const all = [...allowed, ...explaining.map((one) => ({ choice: one, outcome }))];
      const answers = all.map((one) => judge(contract, before, { operation, ...one }).kind);
      expect(new Set(answers)).toEqual(new Set(["accepted"]));
    });
  });

  test("causes are no part of a state's identity", () => {
    everyStep((limits, before, happening, after) => {
      const judgement = judge(contractOf(limits), forgetCauses(before), happening);
      expect(judgement.kind).toBe("accepted");
      if (judgement.kind !== "accepted") return;
      expect(forgetCauses(judgement.memory)).toEqual(forgetCauses(after));
    });
  });

  test("steps are told in short clauses, and read back from text as they were", () => {
    everyStep((_, __, { operation, choice, outcome }) => {
      const told = [describeOperation(operation), describeChoice(choice), describeOutcome(outcome)];
      for (const clause of told) expect(clause).toMatch(/^[^\n]{4,80}$/);
      const reread: unknown = JSON.parse(JSON.stringify({ operation, choice, outcome }));
      expect(reread).toEqual({
        operation: operationSchema.parse(operation),
        choice: choiceSchema.parse(choice),
        outcome: outcomeSchema.parse(outcome),
      });
    }, 100);
  });
});

/** The same outcome with something wrong about it, as an implementation might get it wrong. */
const spoiled = (outcome: Outcome): readonly Outcome[] =>
  match(outcome)
    .returnType<readonly Outcome[]>()
    .with({ kind: "page" }, ({ kind, handle, seen }) => [
      { kind, handle: (handle + 1) % 3, seen },
      ...spoiledLooks(seen).map((look) => ({ kind, handle, seen: look })),
      noMemory,
    ])
    .with({ kind: "pages" }, ({ kind, handles, seen }) => [
      { kind, handles: handles.slice(1), seen: seen.slice(1) },
      { kind, handles: handles.map((handle) => (handle + 1) % 3), seen },
      ...spoiledLooks(seen[0] ?? {}).map((look) => ({ kind, handles, seen: [look] })),
      noMemory,
    ])
    .with({ kind: "tag" }, ({ kind, tag }) => [{ kind, tag: tag + 1 }])
    .with({ kind: P.union("bytes", "hit") }, ({ kind, bytes }) => [{ kind, bytes: bytes + 1 }])
    .with({ kind: "miss" }, ({ kind }) => [
      { kind, touched: true },
      { kind: "hit", bytes: 0 },
    ])
    .with({ kind: "swapped" }, ({ kind, slots }) => [
      { kind, slots: slots.slice(1) },
      { kind, slots: slots.map(() => 0) },
    ])
    .with({ kind: "save-failed" }, ({ kind }) => [{ kind, entriesLeft: 1 }])
    .with({ kind: "slot" }, ({ kind, freed }) => [{ kind, freed: !freed }])
    .with({ kind: P.union("done", "no-memory", "failed") }, (same) => [same])
    .exhaustive();

const spoiledLooks = (seen: Seen): readonly Seen[] => [
  { ...seen, tagged: !seen.tagged },
  { ...seen, tags: (seen.tags ?? [0, 0]).map((tag) => tag + 1) },
  { ...seen, bytes: (seen.bytes ?? 0) + 1 },
];

const spoiledChoices: readonly Choice[] = [
  { kind: "none" },
  { kind: "placed", homes: ["untaggable", "untaggable"] },
  { kind: "stored" },
];

describe("one step off the path", () => {
  test("a refusal cites a rule that governs the operation, and stays one without causes", () => {
    const cited = new Set<string>();
    everyStep((limits, before, { operation, choice, outcome }) => {
      const contract = contractOf(limits);
      const wrong = spoiled(outcome).map((one) => ({ operation, choice, outcome: one }));
      const odd = spoiledChoices.map((one) => ({ operation, choice: one, outcome }));
      for (const happening of [...wrong, ...odd]) {
        const judgement = judge(contract, before, happening);
        expect(judge(contract, forgetCauses(before), happening).kind).toBe(judgement.kind);
        if (judgement.kind === "accepted") {
          const explained = choicesThatExplain(contract, before, operation, happening.outcome);
          expect(explained).not.toEqual([]);
        }
        if (judgement.kind !== "refused") continue;
        cited.add(judgement.rule);
        const governs: readonly string[] = rulebook[judgement.rule].governs;
        expect(governs).toContain(operation.kind);
        expect(judgement.cause).toMatch(/^[^\n]+$/);
      }
    });
    expect(cited.size).toBeGreaterThan(ruleIds.length / 2);
  });
});
