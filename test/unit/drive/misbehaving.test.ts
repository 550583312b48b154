/** Programs that hang, die, flood, talk nonsense or forget: told as what they are, with last words. */
import { describe, expect, test } from "vitest";
import {
  type Command,
  checkConformance,
  type Driven,
  describeFault,
  drive,
} from "../../../oracle/index.ts";
import { toy } from "./toys.ts";

const driven = (command: Command, more: object = {}): Promise<Driven> =>
  drive(command, {
    seed: 3,
    runs: Array.from({ length: 12 }, (_, run) => run),
    length: 60,
    window: 8,
    mostFindings: 5,
    timeoutMilliseconds: 2000,
    startMilliseconds: 10_000,
    isOver: () => false,
    onFinding: () => undefined,
    ...more,
  });

describe("a toy that is sound", () => {
  test("agrees, and counts what was asked", async () => {
    const result = await driven(toy());
    expect(result).toMatchObject({ runs: 12, findings: [], fault: null, lost: 0, adapter: "toy" });
    expect(result.tallies.get("read-bytes")?.answered).toBeGreaterThan(10);
    const refused = [...result.tallies.values()].map((tally) => tally.refused);
    expect(refused.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(0);
  });

  test("conforms", async () => {
    const checks = await checkConformance(toy(), { timeoutMilliseconds: 10_000 });
    expect(checks.filter(({ wrong }) => wrong !== null)).toEqual([]);
    expect(checks).toHaveLength(8);
  });

  test("the same seed asks the same, whatever the window", async () => {
    const once = await driven(toy("if (count > 30) page = 9"));
    const again = await driven(toy("if (count > 30) page = 9"));
    expect(again).toEqual(once);
    expect(once.findings.length).toBeGreaterThan(0);
  });
});

describe("the implementation is wrong", () => {
  test("a lost write is found, in as few steps as it takes", async () => {
    const { findings } = await driven(toy("if (request.operation?.bytes > 3) page = 3"));
    const finding = findings.find(
      ({ failing: { ending } }) =>
        ending.kind === "deviates" && ending.refusal.rule === "a-byte-read-returns-the-last-write",
    );
    expect(finding?.failing.told.map(({ operation }) => operation.kind)).toEqual([
      "allocate",
      "write-bytes",
      "read-bytes",
    ]);
    expect(finding?.reproduced).toBe(true);
  });

  test("what anybody may ask must not be refused", async () => {
    const { findings } = await driven(
      toy(
        'if (request.operation?.kind === "free") reply = { type: "error", id: request.id, error: "refused" }',
      ),
    );
    expect(findings[0]?.failing.ending).toMatchObject({ refusal: { rule: null } });
    expect(findings[0]?.failing.told).toHaveLength(2);
  });

  test("what nobody may ask must be refused", async () => {
    const { findings } = await driven(
      toy(
        'if (reply?.error) reply = { type: "outcome", id: request.id, outcome: { kind: "done" } }',
      ),
    );
    expect(findings[0]?.failing.ending).toMatchObject({
      refusal: { rule: null, cause: expect.stringContaining("it was done, although") },
    });
  });

  test("it dies: started again, told with its last words, made short", async () => {
    const result = await driven(
      toy(
        'if (request.operation?.bytes > 200) { console.error("segfault at 0"); process.exit(9) }',
      ),
    );
    expect(result.fault).toBeNull();
    expect(result.runs).toBe(12);
    const [finding] = result.findings;
    expect(finding?.failing.told).toHaveLength(2);
    expect(finding?.failing.ending).toMatchObject({
      kind: "broke",
      fault: { kind: "died", code: 9, lastWords: ["segfault at 0"] },
    });
  });

  test("it hangs: ended, told, and what was found before is kept", async () => {
    const told: string[] = [];
    const result = await driven(
      toy(
        "if (request.operation?.bytes > 180) return undefined; if (request.operation?.bytes === 7) page = 8",
      ),
      {
        timeoutMilliseconds: 100,
        onFinding: ({ failing }: Driven["findings"][number]) => told.push(failing.ending.kind),
      },
    );
    expect(told).toContain("broke");
    expect(result.findings.at(0)?.failing.ending).toMatchObject({
      fault: { kind: "hung", milliseconds: 100 },
    });
  }, 30_000);

  test("it fails once and never again: told as it was found", async () => {
    const { findings } = await driven(
      toy(
        `const fs = require("fs"); const mark = process.env.TMPDIR_TOY ?? ""; if (count === 30 && !globalThis.was) { globalThis.was = true; if (request.operation.kind === "read-bytes") reply = { type: "outcome", id: request.id, outcome: { kind: "bytes", bytes: 777 } } }`,
      ),
      { runs: Array.from({ length: 30 }, (_, run) => run) },
    );
    expect(findings.every(({ reproduced }) => !reproduced)).toBe(true);
  });
});

const wrong: readonly (readonly [name: string, command: Command, told: RegExp])[] = [
  [
    "another version",
    toy("", { version: 2 }),
    /breaks the protocol, after hello: version: expected 1, .* found 2/,
  ],
  [
    "a version that it does not keep",
    toy('if (request.type === "configure") reply = { type: "ok" }'),
    /after configure: type: expected one of "hello"/,
  ],
  [
    "text on stdout",
    toy('if (count === 5) say("debug: here")'),
    /JSON: expected a value, found debug/,
  ],
  [
    "an id of its own",
    toy("if (count > 4 && reply?.id) reply = { ...reply, id: 1 }"),
    /id: expected \d+, found 1/,
  ],
  [
    "an outcome of another operation",
    toy(
      'if (request.operation?.kind === "free" && reply.outcome) reply = { ...reply, outcome: { kind: "tag", tag: 1 } }',
    ),
    /outcome: free cannot end in "tag"/,
  ],
  [
    "a handle that there is not",
    toy(
      'if (reply?.outcome?.kind === "pages") reply = { ...reply, outcome: { kind: "pages", handles: [4] } }',
    ),
    /outcome: handles are 0 to 0/,
  ],
  [
    "a flood",
    toy('if (count === 3) process.stdout.write("x".repeat(2 ** 22))'),
    /wrote \d+ characters without a line break/,
  ],
];

describe("the adapter is wrong", () => {
  test.each(wrong)("%s", async (_name, command, told) => {
    const { fault, findings } = await driven(command);
    expect(fault && describeFault(fault)).toMatch(told);
    expect(findings).toEqual([]);
  });

  test("a program that there is not", async () => {
    const { fault } = await driven({ program: "./no-such-program", args: [] });
    expect(fault).toMatchObject({ kind: "not-started", why: "there is no such program" });
  });
});

const unfit: readonly (readonly [check: string, command: Command, told: RegExp])[] = [
  ["hello", toy("return undefined"), /did not answer .* does it flush/],
  [
    "operations",
    toy(
      'if (request.operation?.kind === "write-bytes") reply = { type: "error", id: request.id, error: "not-done" }',
    ),
    /write-bytes: declared, and never answered/,
  ],
  ["reset", toy('if (request.type === "reset") page = 5'), /after a reset/],
  [
    "repeatable",
    toy(
      "if (reply?.outcome?.kind === 'bytes') reply = { ...reply, outcome: { kind: 'bytes', bytes: process.pid } }",
    ),
    /was another in the second process/,
  ],
  ["bye", toy("if (reply === null) process.exit(1)"), /exit code 1 after bye/],
  ["bye", toy("if (reply === null) return undefined"), /did not end after bye/],
  ["end-of-input", toy("setInterval(() => undefined, 1000)"), /did not end after its stdin/],
];

describe("the conformance kit", () => {
  test.each(unfit)(
    "%s",
    async (name, command, told) => {
      const options = { timeoutMilliseconds: 1000 };
      const checks = await checkConformance(command, options, [name]);
      const found = checks.filter(({ wrong: message }) => message !== null);
      expect(found.map((check) => check.name)).toContain(name);
      expect(found.find((check) => check.name === name)?.wrong).toMatch(told);
    },
    30_000,
  );
});
