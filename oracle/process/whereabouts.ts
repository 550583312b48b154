/** The pages that a step names, and what is known of them, for the words about a deviation. */
import { pageOf, addressOf as placeOf } from "../../model/contract/architecture/pointer.ts";
import { areaAt } from "../../model/contract/process/areas.ts";
import { pageOfId } from "../../model/contract/process/changes.ts";
import { reach } from "../../model/contract/process/reach.ts";
import type { Area, PageNumber, ProcessState } from "../../model/contract/process/state.ts";
import { lookUp } from "../../model/contract/process/table.ts";
import { type AddressExpression, addressIn } from "../scenarios/address.ts";
import type { Running } from "../scenarios/kernel.ts";
import { firstThread } from "../scenarios/scope.ts";
import type { ProcessStep } from "./step.ts";

const pageBytes = 4096;
const granule = 16;
/** Of a longer range the first ones only: what is known of it is known of them. */
const mostPages = 512;

const isExpression = (value: unknown): value is AddressExpression =>
  typeof value === "object" && value !== null && "base" in value && "offset" in value;

/** Bytes that a step is about, from its address on. */
const lengthOf = (step: ProcessStep): number => {
  if ("len" in step && step.len !== undefined) return step.len;
  if ("old" in step) return Math.max(step.old, step.new);
  if ("n" in step) return step.n * granule;
  return "size" in step && step.size !== undefined ? step.size : granule;
};

const pagesFrom = (pointer: bigint, length: number): readonly PageNumber[] => {
  const start = placeOf(pointer);
  const first = pageOf(start);
  const last = pageOf(start + Math.max(1, length) - 1);
  return Array.from({ length: Math.min(last - first + 1, mostPages) }, (_, at) => first + at);
};

/** Numbers of the pages that a step names, each once. `also`: a pointer that it gave back. */
export const pagesNamed = (
  { bindings }: Running,
  step: ProcessStep,
  also?: bigint,
): readonly PageNumber[] => {
  const pointers = Object.values(step)
    .filter(isExpression)
    .flatMap((expression) => addressIn(expression, bindings.addresses) ?? []);
  const all = also === undefined ? pointers : [...pointers, also];
  return [...new Set(all.flatMap((pointer) => pagesFrom(pointer, lengthOf(step))))];
};

const lettersOf = ({ read, write, execute, tagged }: Area): string =>
  [read && "r", write && "w", execute && "x", tagged && "m"].filter(Boolean).join("") || "none";

/** Runs of the same tag: "0 x4, 3 x252". */
const tagRuns = (tags: Uint8Array | null): string => {
  if (tags === null || tags.every((tag) => tag === 0)) return "tag 0 throughout";
  const runs: { tag: number; count: number }[] = [];
  for (const tag of tags) {
    const last = runs.at(-1);
    if (last?.tag === tag) last.count += 1;
    else runs.push({ tag, count: 1 });
  }
  const most = 6;
  const told = runs
    .slice(0, most)
    .map(({ tag, count }) => (count === 1 ? `${tag}` : `${tag} x${count}`));
  return `tags ${told.join(", ")}${runs.length > most ? ", ..." : ""}`;
};

const pageWords = (state: ProcessState, by: string, number: PageNumber): string => {
  const name = state.threads.get(by)?.process ?? by;
  const process = state.processes.get(name);
  const area = process && areaAt(process, number);
  const where = `0x${(number * pageBytes).toString(16)} of ${name}`;
  if (!process || !area) return `${where} is not mapped`;
  const kind = `${area.shared ? "shared" : "private"} ${lettersOf(area)}`;
  const own = lookUp(process.pages, number);
  if (own === undefined && !area.backing) return `${where} is ${kind}, untouched`;
  const reached = reach(state, name, number, "force-read");
  if (reached.kind !== "page") return `${where} is ${kind}`;
  const page = pageOfId(own === undefined ? reached.state : state, own ?? reached.id);
  const place = page.swapped ? "on swap, " : "";
  return `${where} is ${kind}, ${place}${page.tagged ? tagRuns(page.tags) : "without tags"}`;
};

const mostTold = 3;

/** A sentence or two about what a step names, as it was before the step. */
export const stateWords = (running: Running, step: ProcessStep): string => {
  const by = step.proc ?? firstThread;
  const pages = pagesNamed(running, step);
  const thread = running.state.threads.get(by);
  const about = pages.slice(0, mostTold).map((page) => pageWords(running.state, by, page));
  if (about.length > 0) return about.join("; ");
  return thread ? `${by} is a thread of process ${thread.process}` : `there is no thread ${by}`;
};
