/**
 * The conformance kit: does the adapter speak the protocol? Each check starts the program afresh and
 * tells its author what to mend in the adapter. What the implementation behind it answers is held to
 * the contract by the runs, not here.
 */
import { isDeepStrictEqual } from "node:util";
import type { Request } from "../protocol/index.ts";
import { protocolName, protocolVersion } from "../protocol/index.ts";
import { AdapterFault, describeFault, type Fault } from "./fault.ts";
import { memory } from "./memory.ts";
import { Program } from "./program.ts";
import { type Command, Session, type SessionOptions } from "./session.ts";
import type { Vocabulary } from "./vocabulary.ts";
import type { Run, Words } from "./words.ts";

export type Check = {
  readonly name: string;
  readonly sentence: string;
  /** null: it passes. */
  readonly wrong: string | null;
  readonly lastWords: readonly string[];
};

/** Any seed would do; the same one makes the same checks. */
const seed = 1;
const length = 150;
const runs = 4;
const window = 16;

/** Thrown by a check: one line about what is wrong, and often what to do. */
class Wrong extends Error {}

type Kit<W extends Words> = {
  readonly vocabulary: Vocabulary<W>;
  readonly command: Command;
  readonly options: SessionOptions;
};

const withSession = async <W extends Words, T>(
  { vocabulary, command, options }: Kit<W>,
  use: (session: Session<W>) => Promise<T>,
): Promise<T> => {
  const session = await Session.open(command, options, vocabulary.dialect);
  try {
    return await use(session);
  } finally {
    await session.end();
  }
};

const saysHello = <W extends Words>(kit: Kit<W>): Promise<void> =>
  withSession(kit, async () => undefined);

const beginsInAnySize = <W extends Words>(kit: Kit<W>): Promise<void> =>
  withSession(kit, async (session) => {
    for (const setup of kit.vocabulary.beginnings(session.hello.capabilities))
      await session.begin(setup);
  });

/** Deviations are for the runs to tell; a fault of the adapter is thrown. */
const walk = async <W extends Words>(
  { vocabulary }: Kit<W>,
  session: Session<W>,
  run: number,
): Promise<Run<W>> => {
  const walked = await vocabulary.generate(session, { seed, run, length, window });
  if (walked.ending.kind === "broke") throw new AdapterFault(walked.ending.fault);
  return walked;
};

const doesWhatItDeclares = <W extends Words>(kit: Kit<W>): Promise<void> =>
  withSession(kit, async (session) => {
    const done = new Set<string>();
    for (let run = 0; run < runs; run++)
      for (const { operation, answer } of (await walk(kit, session, run)).told)
        if (answer?.type === "outcome") done.add(kit.vocabulary.kindOf(operation));
    const expected = kit.vocabulary.expected(session.hello.capabilities);
    const never = expected.filter((kind) => !done.has(kind));
    if (never.length > 0)
      throw new Wrong(
        `${never.join(", ")}: declared, and never answered with an outcome in ${runs} runs`,
      );
  });

const answersOf = <W extends Words>({ told }: Run<W>) =>
  told.map(({ operation, answer }) => {
    const { id: _, notes: __, ...rest } = answer ?? { id: 0, notes: [] };
    return { operation, ...rest };
  });

const firstDifference = <W extends Words>(one: Run<W>, other: Run<W>): number => {
  const [left, right] = [answersOf(one), answersOf(other)];
  const most = Math.max(left.length, right.length);
  for (let at = 0; at < most; at++) if (!isDeepStrictEqual(left[at], right[at])) return at;
  return -1;
};

const answersTheSameAgain = async <W extends Words>(kit: Kit<W>): Promise<void> => {
  const once = () => withSession(kit, (session) => walk(kit, session, 0));
  const at = firstDifference(await once(), await once());
  if (at >= 0)
    throw new Wrong(
      `answer ${at + 1} of the same run was another in the second process: ` +
        "take clocks, addresses and randomness out of it, or failing runs cannot be made short",
    );
};

const beginsAnewOnReset = <W extends Words>(kit: Kit<W>): Promise<void> =>
  withSession(kit, async (session) => {
    const first = await walk(kit, session, 0);
    if (first.ending.kind !== "agreed") return;
    const steps = first.told.map(({ step }) => step);
    const { redo, setupOf } = kit.vocabulary;
    const again = await redo(session, setupOf(first), steps);
    if (again.ending.kind === "broke") throw new AdapterFault(again.ending.fault);
    if (again.ending.kind === "deviates")
      throw new Wrong(
        `step ${again.told.length} of a run that agreed deviates after a reset ` +
          `(${again.ending.refusal.cause}): something of the run before was left`,
      );
  });

const lineOf = (request: Request): string => `${JSON.stringify(request)}\n`;
const helloLine = lineOf({ type: "hello", protocol: protocolName, version: protocolVersion });

const readsLinesNotChunks = async <W extends Words>({
  command,
  options,
}: Kit<W>): Promise<void> => {
  const program = new Program(command.program, command.args, options);
  try {
    const half = Math.floor(helloLine.length / 2);
    program.during = "after hello in two pieces";
    program.write(helloLine.slice(0, half));
    await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
    await program.exchange(helloLine.slice(half), 1);
  } finally {
    await program.end();
  }
};
const pauseMilliseconds = 50;

const saysGoodbye = async <W extends Words>(kit: Kit<W>): Promise<void> => {
  const { command, options, vocabulary } = kit;
  const session = await Session.open(command, options, vocabulary.dialect);
  const code = await session.bye();
  if (code === null) throw new Wrong("it did not end after bye, and was ended by force");
  if (code !== 0) throw new Wrong(`it ended with exit code ${code} after bye; expected 0`);
};

const endsWithItsInput = async <W extends Words>({ command, options }: Kit<W>): Promise<void> => {
  const program = new Program(command.program, command.args, options);
  await program.exchange(helloLine, 1);
  const code = await program.farewell("end-of-input");
  if (code === null)
    throw new Wrong("it did not end after its stdin was closed, and was ended by force");
};

const checks: readonly (readonly [
  name: string,
  sentence: string,
  check: <W extends Words>(kit: Kit<W>) => Promise<void>,
])[] = [
  ["hello", "It answers hello with its name and what it can do.", saysHello],
  ["lines", "It reads lines, however they are cut into pieces.", readsLinesNotChunks],
  ["sizes", "It begins in the smallest and the largest memory it declares.", beginsInAnySize],
  ["operations", "It does every operation that it declares.", doesWhatItDeclares],
  ["reset", "After reset nothing is left of what was before.", beginsAnewOnReset],
  ["repeatable", "The same requests have the same answers.", answersTheSameAgain],
  ["bye", "After bye it ends with exit code 0.", saysGoodbye],
  ["end-of-input", "It ends when its input ends.", endsWithItsInput],
];

const advice = (fault: Fault): string =>
  fault.kind === "hung" ? "; does it flush its stdout after each reply?" : "";

/**
 * Runs the checks in their order; once hello fails nothing else makes sense.
 *
 * @param only these checks; left out: all of them
 */
export const checkConformance = (
  command: Command,
  options: SessionOptions,
  only?: readonly string[],
): Promise<readonly Check[]> => checkConformanceIn(memory, command, options, only);

/** The same in another vocabulary. */
export const checkConformanceIn = async <W extends Words>(
  vocabulary: Vocabulary<W>,
  command: Command,
  options: SessionOptions,
  only?: readonly string[],
): Promise<readonly Check[]> => {
  const results: Check[] = [];
  for (const [name, sentence, check] of checks) {
    if (only && !only.includes(name)) continue;
    const result = { name, sentence, wrong: null, lastWords: [] };
    try {
      await check({ vocabulary, command, options });
      results.push(result);
    } catch (thrown) {
      if (thrown instanceof AdapterFault) {
        const { fault } = thrown;
        const wrong = `${describeFault(fault)}${advice(fault)}`;
        results.push({ ...result, wrong, lastWords: fault.lastWords });
        if (name === "hello") break;
      } else if (thrown instanceof Wrong) results.push({ ...result, wrong: thrown.message });
      else throw thrown;
    }
  }
  return results;
};
