/** From the steps of a litmus row to a program: labels resolved, locations laid out in memory. */
import { match } from "ts-pattern";
import {
  type LitmusInstruction,
  type LitmusPlace,
  type LitmusProgram,
  type LitmusSource,
  type LitmusThread,
  litmusPointer,
} from "../../model/index.ts";
import type { Condition, Content, Final, Initial, LitmusStep } from "./steps/litmus.ts";

export type LitmusRow = { readonly program: LitmusProgram; readonly final: Final };

/** What is wrong with a program although each of its steps is right. */
export type ProgramProblem = {
  readonly step: number;
  readonly field: string;
  readonly expected: string;
  readonly found: string;
};

const firstLocation = 0x10000n;
const betweenLocations = 0x1000n;

const locationIn = (content: Content): readonly string[] =>
  typeof content === "bigint" || !content.ptr ? [] : [content.ptr];

const locationsOf = (condition: Condition): readonly string[] => {
  if ("and" in condition) return condition.and.flatMap(locationsOf);
  if ("or" in condition) return condition.or.flatMap(locationsOf);
  if ("not" in condition) return locationsOf(condition.not);
  if ("reg" in condition) return locationIn(condition.eq);
  if ("mem" in condition) return [condition.mem, ...locationIn(condition.eq)];
  if ("tag" in condition) return [condition.tag];
  return condition.loc === undefined ? [] : [condition.loc];
};

/** Every location that the row names, each at a place of its own. */
const layout = ({ mem, tags, regs }: Initial, { cond }: Final): ReadonlyMap<string, bigint> => {
  const named = [
    ...Object.keys(mem),
    ...Object.values(mem).flatMap(locationIn),
    ...Object.keys(tags),
    ...Object.values(regs).flatMap((registers) => Object.values(registers).flatMap(locationIn)),
    ...locationsOf(cond),
  ];
  const distinct = [...new Set(named)].sort();
  return new Map(
    distinct.map((name, index) => [name, firstLocation + betweenLocations * BigInt(index)]),
  );
};

/** A number, or the pointer to a location. */
export const contentValue = (locations: ReadonlyMap<string, bigint>, content: Content): bigint =>
  typeof content === "bigint"
    ? BigInt.asUintN(64, content)
    : litmusPointer(locations.get(content.ptr ?? "") ?? 0n, content.tag);

type Located = { readonly step: number; readonly asked: LitmusStep };

class Wrong extends Error {
  readonly problem: ProgramProblem;

  constructor(problem: ProgramProblem) {
    super(problem.expected);
    this.problem = problem;
  }
}

const sourceOf = (
  { step, asked }: Located,
  register: string | undefined,
  constant: bigint | undefined,
): LitmusSource => {
  if (register !== undefined && constant === undefined) return { kind: "register", name: register };
  if (register === undefined && constant !== undefined)
    return { kind: "constant", value: constant };
  const found = register === undefined ? "neither" : "both";
  throw new Wrong({ step, field: asked.op, expected: "a register or imm", found });
};

const placeOf = (place: {
  readonly addr: string;
  readonly index?: string | undefined;
  readonly offset?: bigint | undefined;
}): LitmusPlace => ({
  base: place.addr,
  index: place.index ?? null,
  offset: place.offset ?? 0n,
});

type Labels = ReadonlyMap<string, number>;

const targetOf = ({ step }: Located, labels: Labels, to: string): number => {
  const target = labels.get(to);
  if (target !== undefined) return target;
  throw new Wrong({ step, field: "to", expected: "a label of this thread", found: to });
};

const instructionOf = (located: Located, labels: Labels): LitmusInstruction =>
  match(located.asked)
    .returnType<LitmusInstruction>()
    .with({ op: "label" }, { op: "barrier" }, () => ({ kind: "barrier" }))
    .with({ op: "mov" }, ({ dst, src, imm }) => ({
      kind: "move",
      to: dst,
      from: sourceOf(located, src, imm),
    }))
    .with(
      { op: "eor" },
      { op: "and" },
      { op: "orr" },
      { op: "add" },
      { op: "sub" },
      ({ op, dst, a, b, imm }) => ({
        kind: "compute",
        operator: op,
        to: dst,
        left: a,
        right: sourceOf(located, b, imm),
      }),
    )
    .with({ op: "cmp" }, ({ a, b, imm }) => ({
      kind: "compare",
      left: a,
      right: sourceOf(located, b, imm),
    }))
    .with({ op: "csel" }, ({ dst, a, b, cc }) => ({
      kind: "select",
      to: dst,
      when: cc,
      left: a,
      right: b,
    }))
    .with({ op: "b" }, ({ to, cc = "AL" }) => ({
      kind: "branch-if",
      when: cc,
      target: targetOf(located, labels, to),
    }))
    .with({ op: "cbz" }, { op: "cbnz" }, ({ op, a, to }) => ({
      kind: "branch",
      register: a,
      ifZero: op === "cbz",
      target: targetOf(located, labels, to),
    }))
    .with({ op: "ldr" }, ({ dst, ...place }) => ({ kind: "load", to: dst, at: placeOf(place) }))
    .with({ op: "str" }, ({ src, imm, ...place }) => ({
      kind: "store",
      from: sourceOf(located, src, imm),
      at: placeOf(place),
    }))
    .with({ op: "swp" }, ({ dst, src, ...place }) => ({
      kind: "swap",
      to: dst,
      from: src,
      at: placeOf(place),
    }))
    .with({ op: "cas" }, ({ cmp, dst, src, ...place }) => {
      const expected = cmp ?? dst;
      const { step } = located;
      if (expected === undefined)
        throw new Wrong({ step, field: "cmp", expected: "a register", found: "nothing" });
      return {
        kind: "compare-and-swap",
        to: dst ?? expected,
        expected,
        from: src,
        at: placeOf(place),
      };
    })
    .with({ op: "ldeor" }, { op: "ldadd" }, ({ op, dst, src, ...place }) => ({
      kind: "load-and-compute",
      operator: op === "ldeor" ? "eor" : "add",
      to: dst,
      from: src,
      at: placeOf(place),
    }))
    .with({ op: "ldg" }, ({ dst, ...place }) => ({ kind: "load-tag", to: dst, at: placeOf(place) }))
    .with({ op: "stg" }, { op: "stzg" }, ({ op, src, ...place }) => ({
      kind: "store-tag",
      from: src,
      at: placeOf(place),
      zeroing: op === "stzg",
    }))
    .exhaustive();

/** Labels stand for nothing themselves: each names the instruction after it. */
const threadOf = (
  name: string,
  mine: readonly Located[],
  registers: ReadonlyMap<string, bigint>,
): LitmusThread => {
  const labels = new Map<string, number>();
  const real: Located[] = [];
  for (const located of mine) {
    if (located.asked.op === "label") labels.set(located.asked.name, real.length);
    else real.push(located);
  }
  const instructions = real.map((located) => instructionOf(located, labels));
  return { name, instructions, labels, registers };
};

const checkModes = {
  none: "none",
  sync: "sync",
  async: "async",
  asymm: "asymmetric",
} as const satisfies Record<Initial["mode"], LitmusProgram["mode"]>;

/** The program of a row, or what is wrong with it. */
export const litmusRow = (
  initial: Initial,
  steps: readonly LitmusStep[],
  final: Final,
): LitmusRow | ProgramProblem => {
  const locations = layout(initial, final);
  const value = (content: Content): bigint => contentValue(locations, content);
  const located = steps.map((asked, step): Located => ({ step, asked }));
  const names = [...new Set([...Object.keys(initial.regs), ...steps.map(({ proc }) => proc)])];
  const zeroes = [...locations.values()];
  try {
    const threads = names.map((name) =>
      threadOf(
        name,
        located.filter(({ asked }) => asked.proc === name),
        new Map(
          Object.entries(initial.regs[name] ?? {}).map(([register, content]) => [
            register,
            value(content),
          ]),
        ),
      ),
    );
    const memory = new Map(zeroes.map((at) => [at, 0n]));
    for (const [name, content] of Object.entries(initial.mem))
      memory.set(locations.get(name) ?? 0n, value(content));
    const tags = new Map(zeroes.map((at) => [at, initial.tags[nameAt(locations, at)] ?? 0]));
    const mode = checkModes[initial.mode];
    return { program: { mode, threads, locations, memory, tags }, final };
  } catch (thrown) {
    if (thrown instanceof Wrong) return thrown.problem;
    throw thrown;
  }
};

const nameAt = (locations: ReadonlyMap<string, bigint>, address: bigint): string =>
  [...locations].find(([, at]) => at === address)?.[0] ?? "";
