/** What the rooms answer, by the names that expectations use. */
import { match } from "ts-pattern";
import type { Outcome } from "../../model/contract/process/outcome.ts";
import {
  nothingSeen,
  type Observable,
  type Observation,
  type ObservedFault,
  seen,
  type Value,
} from "./observation.ts";
import type { Step } from "./row.ts";

type Values = Observation["values"];

const nibble = (pointer: bigint, shift: bigint): bigint => (pointer >> shift) & 0xfn;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const digits = (tags: Uint8Array): string => [...tags].map((tag) => tag.toString(16)).join("");

/** What a yes or no is about. */
const questions: Readonly<Partial<Record<Step["op"], Observable>>> = {
  pageout: "swapped",
  present: "present",
  migrate: "moved",
  ksm: "merged",
  pfneq: "same",
  isthp: "thp",
  smaps: "mt",
};

/** Settings that a call reads, as against counts, lengths and zeroes that it returns. */
const readsSetting: ReadonlySet<Step["op"]> = new Set(["getprctl", "getregset", "setregset"]);

const returned = (step: Step, value: bigint): Values => {
  if (readsSetting.has(step.op)) return { val: value, ret: 0n };
  if (step.op === "poketags" || step.op === "peektags") return { n: value, ret: value };
  if (step.op === "uffdcopy" || step.op === "uffdzero" || step.op === "uffdmove")
    return { ret: value, copied: value, moved: value };
  return bindsHandle(step) ? { ret: 0n } : { ret: value };
};

/** Calls whose result has no value of its own in a row: it only gets a name. */
export const bindsHandle = (step: Step): boolean =>
  step.op === "memfd" || step.op === "tmpfile" || step.op === "uffd";

const tagsSeen = (step: Step, tags: Uint8Array): Values => {
  const [first] = tags;
  const uniform = first !== undefined && tags.every((tag) => tag === first);
  if (step.op === "tagsall" && uniform)
    return { tag: BigInt(first), tags: digits(tags.slice(0, 1)) };
  return { tags: digits(tags), n: BigInt(tags.length) };
};

/** A thread that only wants to know whether something is so finds it in `ret` as well. */
const answered = (step: Step, yes: boolean): Values => {
  const question = questions[step.op];
  return question === undefined
    ? { val: BigInt(yes) }
    : { [question]: BigInt(yes), ret: BigInt(yes) };
};

const overrideSeen = (step: Step, inside: 0 | 1 | null, after: 0 | 1): Values =>
  step.op === "sigtco"
    ? { val: BigInt(inside ?? after), inside: BigInt(inside ?? after), after: BigInt(after) }
    : { val: BigInt(after), after: BigInt(after) };

const faultSeen = (fault: ObservedFault): Observation => ({ ...nothingSeen, fault });

const exactly = (length: number): Value => BigInt(length);

/** A length that is left open, and perhaps an error instead: one observation for each. */
const partlySeen = (least: number, most: number, errno: string | null): readonly Observation[] => {
  const length: Value =
    least === most ? exactly(most) : { least: BigInt(least), most: BigInt(most) };
  const short = seen({ ret: length });
  return errno === null ? [short] : [short, { ...nothingSeen, errno }];
};

const observationsOf = (step: Step, outcome: Outcome): readonly Observation[] =>
  match(outcome)
    .returnType<readonly Observation[]>()
    .with({ kind: "done" }, () => [seen({ ret: 0n, val: 0n })])
    .with({ kind: "value" }, ({ value }) => [seen({ val: value, ret: 0n })])
    .with({ kind: "difference" }, ({ value, nzcv }) => [
      seen({ val: value, nzcv: BigInt(nzcv), ret: 0n }),
    ])
    .with({ kind: "pointer" }, ({ pointer }) => [
      {
        ...seen({ tag: nibble(pointer, 56n), top: nibble(pointer, 60n), ret: 0n }),
        pointer,
      },
    ])
    .with({ kind: "tags-seen" }, ({ within }) => [seen({ seen: BigInt(within), bad: 0n })])
    .with({ kind: "seed" }, ({ seed, tag }) => [seen({ seed: BigInt(seed), tag: BigInt(tag) })])
    .with({ kind: "count" }, ({ count, fault }) => [
      { ...seen({ count: BigInt(count), ...(fault === null && { ret: 0n }) }), fault },
    ])
    .with({ kind: "bytes" }, ({ bytes }) => [
      seen({ data: hex(bytes), ret: exactly(bytes.length), count: exactly(bytes.length) }),
    ])
    .with({ kind: "tags" }, ({ tags }) => [seen({ ...tagsSeen(step, tags), ret: 0n })])
    .with({ kind: "fault" }, ({ fault }) => [faultSeen(fault)])
    .with({ kind: "unencodable" }, () => [seen({ unencodable: 1n })])
    .with({ kind: "failed" }, ({ errno }) => [{ ...nothingSeen, errno }])
    .with({ kind: "returned" }, ({ value }) => [seen(returned(step, value))])
    .with({ kind: "partly" }, ({ least, most, errno }) => partlySeen(least, most, errno))
    .with({ kind: "brought" }, ({ bytes }) => [
      seen({ ret: exactly(bytes.length), data: hex(bytes) }),
    ])
    .with({ kind: "answer" }, ({ yes }) => [seen(answered(step, yes))])
    .with({ kind: "override" }, ({ inside, after }) => [seen(overrideSeen(step, inside, after))])
    .with({ kind: "killed" }, ({ signal }) => [seen({ killed: BigInt(signal) })])
    .with({ kind: "exited" }, ({ status }) => [seen({ exited: BigInt(status) })])
    .with({ kind: "not-copied" }, ({ errno, copied }) => [
      { ...nothingSeen, errno, values: { copied: BigInt(copied) } },
    ])
    .with({ kind: "segment" }, (segment) => [
      seen({
        filesz: exactly(segment.fileSize),
        memsz: exactly(segment.memorySize),
        flags: exactly(segment.flags),
        paddr: exactly(segment.physicalAddress),
        align: exactly(segment.align),
        bytes: hex(segment.bytes),
      }),
    ])
    .with({ kind: "no-segment" }, () => [
      { ...nothingSeen, errno: "ENOENT", values: { filesz: 0n, memsz: 0n } },
    ])
    .with({ kind: "blocked" }, () => [{ ...nothingSeen, blocked: true }])
    .exhaustive();

/** One outcome may stand for several things that may be seen. */
export const observe = (step: Step, outcome: Outcome): readonly Observation[] =>
  observationsOf(step, outcome).map((observation) => ({
    ...observation,
    report: outcome.reports === 1,
  }));
