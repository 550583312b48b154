/**
 * The conformance kit: does the adapter speak the protocol? Each check starts the program afresh and
 * tells its author what to mend in the adapter. What the implementation behind it answers is held to
 * the contract by the runs, not here.
 */
import { isDeepStrictEqual } from "node:util";
import type { Limits, Operation } from "../../model/index.ts";
import type { SizeName } from "../protocol/capabilities.ts";
import type { Capabilities, Request } from "../protocol/index.ts";
import { protocolName, protocolVersion } from "../protocol/index.ts";
import { AdapterFault, describeFault, type Fault } from "./fault.ts";
import { fits } from "./planner.ts";
import { Program } from "./program.ts";
import { generateRun, type Run, redo } from "./run.ts";
import { type Command, Session, type SessionOptions } from "./session.ts";

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

type Kit = {
  readonly command: Command;
  readonly options: SessionOptions;
};

const withSession = async <T>(
  { command, options }: Kit,
  use: (session: Session) => Promise<T>,
): Promise<T> => {
  const session = await Session.open(command, options);
  try {
    return await use(session);
  } finally {
    await session.end();
  }
};

const saysHello = (kit: Kit): Promise<void> => withSession(kit, async () => undefined);

const extreme = ({ sizes, getForm }: Capabilities, which: "least" | "most"): Limits => {
  const size = (name: SizeName): number => sizes[name][which];
  const taggablePages = Math.min(size("taggablePages"), sizes.handles.most);
  return {
    granulesPerPage: size("granulesPerPage"),
    handles: Math.max(size("handles"), taggablePages),
    taggablePages,
    slots: size("slots"),
    files: size("files"),
    pagesPerFile: size("pagesPerFile"),
    getForm,
  };
};

const beginsInAnySize = (kit: Kit): Promise<void> =>
  withSession(kit, async (session) => {
    const { capabilities } = session.hello;
    for (const which of ["least", "most", "least"] as const) {
      const limits = extreme(capabilities, which);
      if (fits(limits, capabilities)) await session.begin(limits);
    }
    await session.begin(extreme(capabilities, "least"));
  });

/** Deviations are for the runs to tell; a fault of the adapter is thrown. */
const walk = async (session: Session, run: number): Promise<Run> => {
  const walked = await generateRun(session, { seed, run, length, window });
  if (walked.ending.kind === "broke") throw new AdapterFault(walked.ending.fault);
  return walked;
};

const doesWhatItDeclares = (kit: Kit): Promise<void> =>
  withSession(kit, async (session) => {
    const done = new Set<Operation["kind"]>();
    for (let run = 0; run < runs; run++)
      for (const { operation, answer } of (await walk(session, run)).told)
        if (answer?.type === "outcome") done.add(operation.kind);
    const { operations } = session.hello.capabilities;
    const never = operations.filter((kind) => !done.has(kind) && !isSeldom(kind));
    if (never.length > 0)
      throw new Wrong(
        `${never.join(", ")}: declared, and never answered with an outcome in ${runs} runs`,
      );
  });

/** Possible only where something rare came about before. */
const isSeldom = (kind: Operation["kind"]): boolean =>
  kind === "copy-again" || kind === "restore-again" || kind === "swapoff";

const answersOf = ({ told }: Run) =>
  told.map(({ operation, answer }) => {
    const { id: _, notes: __, ...rest } = answer ?? { id: 0, notes: [] };
    return { operation, ...rest };
  });

const firstDifference = (one: Run, other: Run): number => {
  const [left, right] = [answersOf(one), answersOf(other)];
  const most = Math.max(left.length, right.length);
  for (let at = 0; at < most; at++) if (!isDeepStrictEqual(left[at], right[at])) return at;
  return -1;
};

const answersTheSameAgain = async (kit: Kit): Promise<void> => {
  const once = () => withSession(kit, (session) => walk(session, 0));
  const at = firstDifference(await once(), await once());
  if (at >= 0)
    throw new Wrong(
      `answer ${at + 1} of the same run was another in the second process: ` +
        "take clocks, addresses and randomness out of it, or failing runs cannot be made short",
    );
};

const beginsAnewOnReset = (kit: Kit): Promise<void> =>
  withSession(kit, async (session) => {
    const first = await walk(session, 0);
    if (first.ending.kind !== "agreed") return;
    const steps = first.told.map(({ step }) => step);
    const again = await redo(session, first.limits, steps);
    if (again.ending.kind === "broke") throw new AdapterFault(again.ending.fault);
    if (again.ending.kind === "deviates")
      throw new Wrong(
        `step ${again.told.length} of a run that agreed deviates after a reset ` +
          `(${again.ending.refusal.cause}): something of the run before was left`,
      );
  });

const lineOf = (request: Request): string => `${JSON.stringify(request)}\n`;
const helloLine = lineOf({ type: "hello", protocol: protocolName, version: protocolVersion });

const readsLinesNotChunks = async ({ command, options }: Kit): Promise<void> => {
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

const saysGoodbye = async ({ command, options }: Kit): Promise<void> => {
  const session = await Session.open(command, options);
  const code = await session.bye();
  if (code === null) throw new Wrong("it did not end after bye, and was ended by force");
  if (code !== 0) throw new Wrong(`it ended with exit code ${code} after bye; expected 0`);
};

const endsWithItsInput = async ({ command, options }: Kit): Promise<void> => {
  const program = new Program(command.program, command.args, options);
  await program.exchange(helloLine, 1);
  const code = await program.farewell("end-of-input");
  if (code === null)
    throw new Wrong("it did not end after its stdin was closed, and was ended by force");
};

const checks: readonly (readonly [
  name: string,
  sentence: string,
  check: (kit: Kit) => Promise<void>,
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
export const checkConformance = async (
  command: Command,
  options: SessionOptions,
  only?: readonly string[],
): Promise<readonly Check[]> => {
  const results: Check[] = [];
  for (const [name, sentence, check] of checks) {
    if (only && !only.includes(name)) continue;
    const result = { name, sentence, wrong: null, lastWords: [] };
    try {
      await check({ command, options });
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
