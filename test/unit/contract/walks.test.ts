/** What stays true on every walk through the contract. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  allowedOutcomes,
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
  operationSchema,
  outcomeSchema,
  rulebook,
  step,
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
) =>
  fc.assert(
    fc.property(anyWalk, ({ limits, plan }) => {
      walk(contractOf(limits), plan, (before, happening, after) =>
        check(limits, before, happening, after),
      );
    }),
    runs,
  );

describe("on every walk through what is allowed", () => {
  test("states stay well-formed", () => {
    everyStep((limits, _, happening, after) => {
      expect(flaws(limits, after), JSON.stringify(happening)).toEqual([]);
    });
  });

  test("every operation is met", () => {
    const met = new Set<string>();
    everyStep((_, __, { operation }) => met.add(operation.kind));
    expect([...met].sort()).toEqual(
      operationSchema.options.map((option) => option.unwrap().shape.kind.value).sort(),
    );
  });

  test("whatever is allowed is accepted, in an order that stays, and explained", () => {
    everyStep((limits, before, { operation, choice, outcome }) => {
      const contract = contractOf(limits);
      const allowed = allowedOutcomes(contract, before, operation);
      expect(allowedOutcomes(contract, before, operation)).toEqual(allowed);
      expect(new Set(allowed.map((one) => JSON.stringify(one))).size).toBe(allowed.length);
      for (const one of allowed)
        expect(step(contract, before, operation, one.choice, one.outcome).kind).toBe("accepted");
      const explaining = choicesThatExplain(contract, before, operation, outcome);
      expect(explaining).toContainEqual(choice);
      for (const one of explaining)
        expect(step(contract, before, operation, one, outcome).kind).toBe("accepted");
    });
  });

  test("the same step gives the same judgement, and changes nothing that it was given", () => {
    everyStep((limits, before, happening, after) => {
      const contract = contractOf(limits);
      const copy = structuredClone(before);
      expect(judge(contract, before, frozen(happening))).toEqual({
        kind: "accepted",
        memory: after,
      });
      expect(before).toEqual(copy);
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
      for (const clause of [
        describeOperation(operation),
        describeChoice(choice),
        describeOutcome(outcome),
      ])
        expect(clause).toMatch(/^[^\n]{4,80}$/);
      const reread: unknown = JSON.parse(JSON.stringify({ operation, choice, outcome }));
      expect(reread).toEqual({
        operation: operationSchema.parse(operation),
        choice: choiceSchema.parse(choice),
        outcome: outcomeSchema.parse(outcome),
      });
    });
  });
});

describe("off the path", () => {
  /** Steps of one walk, asked in the states of another. */
  test("a refusal cites a rule that governs the operation, and stays one without causes", () => {
    const cited = new Set<string>();
    const twoWalks = fc.tuple(anyWalk, anyWalk);
    fc.assert(
      fc.property(twoWalks, ([{ limits, plan }, other]) => {
        const contract = contractOf(limits);
        const memory = walk(contract, plan, () => {});
        walk(contractOf({ ...other.limits, ...limits }), other.plan, (_, happening) => {
          const judgement = judge(contract, memory, happening);
          const forgetful = judge(contract, forgetCauses(memory), happening);
          expect(forgetful.kind).toBe(judgement.kind);
          if (judgement.kind === "accepted") {
            const { operation, outcome } = happening;
            expect(choicesThatExplain(contract, memory, operation, outcome)).not.toEqual([]);
          }
          if (judgement.kind !== "refused") return;
          cited.add(judgement.rule);
          const governs: readonly string[] = rulebook[judgement.rule].governs;
          expect(governs).toContain(happening.operation.kind);
          expect(judgement.cause).toMatch(/^[^\n]+$/);
        });
      }),
      runs,
    );
    expect(cited.size).toBeGreaterThan(15);
  });
});
