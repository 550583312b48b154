/** Logs of our own manager: the long one is accepted, and one mistake in it is found or is none. */
import { describe, expect, test } from "vitest";
import { headOf, type Step, tellLog, Watched } from "../../../bench/judge/log-of-manager.ts";
import { Random } from "../../../bench/throughput/random.ts";
import { phoneScope } from "../../../bench/throughput/scopes.ts";
import { kindOf, Manager, operationKinds } from "../../../impl/index.ts";
import {
  boot,
  type Contract,
  type Design,
  designNamed,
  type Memory,
  makeGeometry,
  noChoice,
  offers,
  outcomeSchema,
  type Scope,
  step,
} from "../../../model/index.ts";
import { type LogEvent, LogJudge } from "../../../oracle/index.ts";
import { corrupted, corruptions } from "./logs.ts";

const named = (name: string): Design => {
  const design = designNamed(name);
  if (!design) throw new Error(`there is no design ${name}`);
  return design;
};

test("at the size of a phone a log of a hundred thousand events is explained", () => {
  const design = named("cleancache-page");
  const manager = new Manager(design, phoneScope(design), { lists: true, poison: false });
  const judge = new LogJudge(headOf(manager));
  let told = 0;
  tellLog(manager, { pages: 1000, keys: 2048 }, 7, 100_000, (event) => {
    told++;
    const verdict = judge.entry(event);
    if (verdict.kind !== "explained") expect(verdict, JSON.stringify(event)).toBe("explained");
  });
  expect(told).toBeGreaterThanOrEqual(100_000);
});

const scope: Scope = {
  geometry: makeGeometry({ granulesPerPage: 2, pagesPerStoragePage: 4, blockPages: 1 }, [2]),
  otherCmaPages: 0,
  tagValues: 4,
  byteValues: 4,
  slots: 3,
  files: 1,
  pagesPerFile: 4,
  getForm: "consuming",
  folioOrder: 0,
  pins: 0,
  dirtyLines: false,
  mayFail: false,
  actors: [{ name: "one", kind: "task", cpu: 0, owner: 0, everyones: true, may: offers }],
};

/** Anything at random; what nobody may ask, the manager turns down without a word. */
const randomLog = (design: Design, seed: number, events: number) => {
  const manager = new Manager(design, scope, { lists: true });
  const random = new Random(seed);
  const log: Step[] = [];
  const watched = new Watched(manager, (done) => log.push(done));
  while (log.length < events) {
    const rare = random.below(40) === 0;
    const kind = 1 + random.below(operationKinds.length - 1);
    if (!rare && kind >= kindOf.unlink && kind <= kindOf.mount) continue;
    watched.run(0, kind, random.below(8), random.below(4), random.below(4));
  }
  return { head: headOf(manager), log };
};

type Ending = { readonly line: number; readonly told: string };

const ended = (line: number, told: string): Ending => ({ line, told });

/** The plain contract, from a state on: one state, since every decision is in the log. */
const byContract = (
  contract: Contract,
  start: Memory,
  events: readonly LogEvent[],
  first: number,
): Ending => {
  let memory = start;
  for (let line = first; line < events.length; line++) {
    const { operation, choice, outcome } = events[line] ?? {};
    if (!operation) throw new Error("there is no such line");
    const answer = step(
      contract,
      memory,
      operation,
      choice ?? noChoice,
      outcomeSchema.parse(outcome),
    );
    if (answer.kind === "refused") return ended(line, answer.rule);
    if (answer.kind === "ill-formed") return ended(line, "ill-formed");
    memory = answer.memory;
  }
  return ended(events.length, "explained");
};

const byJudge = (head: ReturnType<typeof headOf>, events: readonly LogEvent[]): Ending => {
  const judge = new LogJudge(head);
  for (const [line, event] of events.entries()) {
    const verdict = judge.entry(event);
    if (verdict.kind === "deviation") return ended(line, verdict.rule);
    if (verdict.kind !== "explained") return ended(line, verdict.kind);
  }
  return ended(events.length, "explained");
};

const length = 400;
const tries = 250;

describe.each(["carveout", "cma", "cleancache-page", "cleancache-folio"])("%s", (name) => {
  const { head, log } = randomLog(named(name), 11, length);
  const contract: Contract = { limits: head.limits, off: new Set() };

  test(`of ${tries} single mistakes each is refused where the plain contract refuses it`, () => {
    const states: Memory[] = [boot(head.limits)];
    for (const { operation, choice, outcome } of log) {
      const before = states.at(-1) ?? boot(head.limits);
      const answer = step(contract, before, operation, choice, outcome);
      if (answer.kind !== "accepted") throw new Error(JSON.stringify({ operation, answer }));
      states.push(answer.memory);
    }
    const random = new Random(23);
    const counts = new Map<string, number>();
    for (let each = 0; each < tries; each++) {
      const kind = corruptions[each % corruptions.length] ?? "value";
      const at = random.below(log.length - 1);
      const wrong = corrupted(log, kind, at, random.below(1000));
      const start = states[at];
      if (!start) throw new Error("no such state");
      const plain = byContract(contract, start, wrong, at);
      expect(byJudge(head, wrong), `${kind} at ${at}`).toEqual(plain);
      const told =
        plain.told === "explained" || plain.told === "ill-formed" ? plain.told : "refused";
      counts.set(told, (counts.get(told) ?? 0) + 1);
    }
    for (const told of ["explained", "refused", "ill-formed"])
      expect(counts.get(told) ?? 0, told).toBeGreaterThan(10);
  });
});
