/** Driving a kernel in the vocabulary of programs: ours is sound, and each of its mistakes is found. */
import { describe, expect, test } from "vitest";
import { kernelCapabilities, mistakes, OwnKernel } from "../../../oracle/adapters/own/kernel.ts";
import { AdapterFault } from "../../../oracle/drive/fault.ts";
import {
  judgeProcessAgain,
  parseProcessRun,
  processRunOf,
  processVocabulary,
  writeProcessRun,
} from "../../../oracle/index.ts";
import { machineOf } from "../../../oracle/process/machine.ts";
import type { ProcessAnswer } from "../../../oracle/process/messages.ts";
import { minimizeProcessRun } from "../../../oracle/process/minimize.ts";
import { generateProcessRun, redoProcessRun } from "../../../oracle/process/run.ts";
import { processStepSchema } from "../../../oracle/process/step.ts";

type Kernel = Pick<OwnKernel, "answer" | "reset">;

/** A conversation without pipes. */
const talkingTo = (kernel: Kernel, version = "7.3") => ({
  hello: { type: "hello", name: "toy", capabilities: kernelCapabilities(version) } as const,
  begin: async () => kernel.reset(),
  ask: async (operations: readonly unknown[]) =>
    operations.map((operation, index) =>
      kernel.answer(index + 1, processStepSchema.parse(operation)),
    ),
  blame: async (field: string, message: string) =>
    new AdapterFault({ kind: "misspoke", field, message, during: "", lastWords: [] }),
});

const ownKernel = (mistake?: string, version = "7.3"): OwnKernel =>
  new OwnKernel(kernelCapabilities(version), mistake === undefined ? undefined : mistakes[mistake]);

const options = (run: number) => ({ seed: 5, run, length: 80, window: 1 });

describe("a kernel that is sound", () => {
  test.each(["6.1", "6.12", "7.3"])(
    "%s agrees, and is asked everything it knows",
    async (version) => {
      const session = talkingTo(ownKernel(undefined, version), version);
      const asked = new Set<string>();
      for (let run = 0; run < 4; run++) {
        const { ending, told } = await generateProcessRun(session, options(run));
        expect(ending).toEqual({ kind: "agreed" });
        for (const { operation } of told) asked.add(operation.op);
      }
      expect(asked.size).toBeGreaterThan(30);
    },
  );

  test("the same seed asks the same", async () => {
    const once = async () => (await generateProcessRun(talkingTo(ownKernel()), options(0))).told;
    expect(await once()).toEqual(await once());
  });
});

/** The first run that fails. */
const failing = async (kernel: Kernel) => {
  for (let run = 0; run < 40; run++) {
    const made = await generateProcessRun(talkingTo(kernel), options(run));
    if (made.ending.kind !== "agreed") return { run, made };
  }
  throw new Error("nothing was found");
};

/** As short as it gets, told as a finding. */
const shortest = async (kernel: Kernel) => {
  const { run, made } = await failing(kernel);
  const session = talkingTo(kernel);
  const host = { live: async () => session, drop: async () => undefined };
  const minimized = await minimizeProcessRun(host, undefined, made);
  const { run: found, reproduced } = minimized;
  return { adapter: "toy", seed: 5, run, foundIn: made.told.length, reproduced, failing: found };
};

describe("mistakes", () => {
  test.each([
    ["swap-loses-tags", 8],
    ["copy-loses-tags", 8],
    ["mremap-loses-tags", 8],
    ["copies-are-unchecked", 6],
    ["top-byte-is-shown", 4],
  ])("%s is found, and told in %i steps at most", async (mistake, most) => {
    const kernel = ownKernel(mistake);
    const finding = await shortest(kernel);
    expect(finding).toMatchObject({ reproduced: true, failing: { ending: { kind: "deviates" } } });
    expect(finding.failing.told.length).toBeLessThanOrEqual(most);

    const text = writeProcessRun(processRunOf(finding));
    const read = parseProcessRun(text, "found.json");
    if (!read.ok) throw new Error(read.error.message);
    expect(writeProcessRun(read.value)).toBe(text);
    expect((await judgeProcessAgain(read.value)).same).toBe(true);
    const steps = finding.failing.told.map(({ step }) => step);
    const sound = await redoProcessRun(talkingTo(ownKernel()), finding.failing.machine, steps);
    expect(sound.ending).toEqual({ kind: "agreed" });
  });

  test("what is refused, although anybody may ask it", async () => {
    const kernel: Kernel = {
      reset: () => undefined,
      answer: (id): ProcessAnswer => ({ type: "error", id, error: "refused", message: "" }),
    };
    const { told, ending } = (await shortest(kernel)).failing;
    expect(told).toHaveLength(1);
    expect(ending).toMatchObject({ kind: "deviates", refusal: { rule: null } });
  });
});

describe("answers that say little", () => {
  const saying = (change: (answer: ProcessAnswer) => ProcessAnswer): Kernel => {
    const kernel = ownKernel();
    return {
      reset: () => kernel.reset(),
      answer: (id, step) => change(kernel.answer(id, step)),
    };
  };

  test("nothing but pointers", async () => {
    const kernel = saying((answer) => {
      if (answer.type === "error") return answer;
      const { pointer } = answer.outcome;
      return { ...answer, outcome: pointer === undefined ? {} : { pointer } };
    });
    const { ending } = await generateProcessRun(talkingTo(kernel), options(0));
    expect(ending).toEqual({ kind: "agreed" });
  });

  test("nobody knows whether it happened", async () => {
    let count = 0;
    const kernel = saying((answer) => {
      count += 1;
      const drops = count % 5 === 0 && answer.type === "outcome" && !("pointer" in answer.outcome);
      return drops ? { type: "error", id: answer.id, error: "unknown", message: "" } : answer;
    });
    const { ending } = await generateProcessRun(talkingTo(kernel), options(1));
    expect(["agreed", "lost"]).toContain(ending.kind);
  });
});

test.each([
  ['{"type":"hello"}', "version", "expected"],
  ['{"type":"ready","id":0}', "id", "at least 1"],
  ['{"type":"outcome","id":1,"outcome":{"tagg":1}}', "outcome.tagg", "expected no such field"],
  ['{"type":"outcome","id":1,"outcome":{"tags":"x"}}', "outcome.tags", "hexadecimal digits"],
  ["nonsense", "JSON", "expected"],
])("%s breaks the protocol", (line, field, message) => {
  const read = processVocabulary.dialect.read(line);
  expect(read).toMatchObject({ kind: "wrong", field });
  expect(read.kind === "wrong" ? read.message : "").toContain(message);
});

test("a machine is all that a run begins with", () => {
  const { kernel, cpu, blockSize, reclaim } = kernelCapabilities("6.1");
  expect(machineOf(kernelCapabilities("6.1"))).toEqual({ kernel, cpu, blockSize, reclaim });
});
