/** Makes a failing run short, and what is left of it plain: one page, tag 1, the first process. */
import type { Hosting } from "../drive/host.ts";
import { type Minimized, Shortening } from "../drive/shorten.ts";
import type { Run } from "../drive/words.ts";
import type { NamedStep, Processes } from "./drive-words.ts";
import { granule, pageBytes } from "./ground.ts";
import type { WrittenStep } from "./propose.ts";
import { redoProcessRun } from "./run.ts";
import { processStepSchema } from "./step.ts";

/** "n3+4112@5" as its parts; null for anything else. */
const partsOf = (address: unknown) => {
  const parts = /^(?<name>[A-Za-z_]\w*)(?:\+(?<offset>\d+))?(?:@(?<tag>\d+))?$/.exec(
    typeof address === "string" ? address : "",
  )?.groups;
  if (!parts) return null;
  const { name = "", offset = "0", tag } = parts;
  return { name, offset: Number(offset), tag: tag === undefined ? null : Number(tag) };
};

const plainerAddresses = (address: unknown): readonly string[] => {
  const parts = partsOf(address);
  if (!parts) return [];
  const { name, offset, tag } = parts;
  const tagged = tag === null ? "" : `@${tag}`;
  return [
    ...(offset > 0 ? [`${name}${tagged}`, `${name}+${offset % pageBytes}${tagged}`] : []),
    ...(offset > granule ? [`${name}+${granule}${tagged}`] : []),
    ...(tag !== null && tag > 1 ? [`${name}${offset > 0 ? `+${offset}` : ""}@1`] : []),
  ].filter((way) => way !== address);
};

const addressFields = ["addr", "src", "dst", "a", "b", "to"] as const;

const plainerNumbers: Readonly<Record<string, readonly number[]>> = {
  len: [1, granule, pageBytes],
  old: [pageBytes],
  new: [pageBytes],
  n: [1],
  tag: [1],
  size: [1],
  value: [1],
  byte: [1],
};

const isStep = (step: WrittenStep): boolean => processStepSchema.safeParse(step).success;

/** The same step about memory that was given before, the first first. */
const aboutOthers = (written: WrittenStep, names: readonly string[]): readonly WrittenStep[] =>
  addressFields.flatMap((field) => {
    const parts = partsOf(written[field]);
    if (!parts) return [];
    const rest = String(written[field]).slice(parts.name.length);
    return names
      .slice(0, Math.max(0, names.indexOf(parts.name)))
      .map((name) => ({ ...written, [field]: `${name}${rest}` }));
  });

/** Names of memory that steps give, in their order. */
const namesIn = (steps: readonly NamedStep[]): readonly string[] =>
  steps.flatMap(({ written }) =>
    (written.op === "mmap" || written.op === "mremap") && typeof written["as"] === "string"
      ? [written["as"]]
      : [],
  );

/** The same step, said more plainly: each way by itself. */
const plainer = (written: WrittenStep): readonly WrittenStep[] => {
  const ways: WrittenStep[] = [];
  const { proc: _, ...byFirst } = written;
  if ("proc" in written) ways.push(byFirst);
  for (const name of addressFields)
    for (const address of plainerAddresses(written[name]))
      ways.push({ ...written, [name]: address });
  for (const [name, values] of Object.entries(plainerNumbers)) {
    const now = written[name];
    for (const value of values)
      if (typeof now === "number" && value < now) ways.push({ ...written, [name]: value });
  }
  if (written["prot"] === "rw" || written["prot"] === "rm") ways.push({ ...written, prot: "rwm" });
  if (written["incl"] !== undefined && written["incl"] !== "0xffff")
    ways.push({ ...written, incl: "0xffff" });
  if (written.op === "mremap") ways.push(freshMemory(written));
  return ways.filter(isStep);
};

/** Memory of its own will often do where some was moved. */
const freshMemory = ({ proc, as, new: len }: WrittenStep): WrittenStep => ({
  op: "mmap",
  ...(proc === undefined ? {} : { proc }),
  as,
  len,
  prot: "rwm",
  flags: ["private", "anon"],
});

/** Who does it seldom matters; then one process is enough. */
const byTheFirst = (step: NamedStep): NamedStep => {
  const { proc: _, ...written } = step.written;
  return { ...step, written };
};

const simplify = async (shortening: Shortening<Processes>): Promise<void> => {
  for (let at = 0; at < shortening.steps.length; at++) {
    const step = shortening.steps[at];
    if (!step) continue;
    const names = namesIn(shortening.steps.slice(0, at));
    for (const written of [...plainer(step.written), ...aboutOthers(step.written, names)]) {
      const way: NamedStep = { ...step, written };
      if (await shortening.isStill(shortening.setup, shortening.steps.with(at, way))) break;
    }
  }
};

/** @throws AdapterFault when the program cannot be started again */
export const minimizeProcessRun = async (
  host: Hosting<Processes>,
  _capabilities: unknown,
  run: Run<Processes>,
): Promise<Minimized<Processes>> => {
  const shortening = new Shortening<Processes>(host, redoProcessRun, run.machine, run);
  const reproduced = await shortening.isStill(run.machine, shortening.steps);
  if (reproduced) {
    await shortening.isStill(run.machine, shortening.steps.map(byTheFirst));
    await shortening.shorten(() => simplify(shortening));
    await simplify(shortening);
  }
  return { run: shortening.best, reproduced, attempts: shortening.attempts };
};
