/**
 * A quick look at an entry: is it an event of the usual form? It says yes to nothing that the schema
 * refuses (a test holds the two together), and no to whatever is out of the ordinary; the schema,
 * which takes several times as long, has the last word on that.
 */
import type { LogEvent } from "./event.ts";

type Check = (value: unknown) => boolean;
type Held = Readonly<Record<string, unknown>>;
/** The fields beside `kind`, each with its check; `optional` ones may be missing. */
type Form = readonly (readonly [name: string, check: Check, optional?: "optional"])[];

const mostNumber = 2 ** 32 - 1;
const highestOrder = 20;
const highestTag = 15;
const longestList = 2 ** 16;

const upTo =
  (most: number): Check =>
  (value) =>
    typeof value === "number" && value >= 0 && value <= most && Number.isInteger(value);
const natural = upTo(mostNumber);
const bytes = upTo(Number.MAX_SAFE_INTEGER);
const tag = upTo(highestTag);
const flag: Check = (value) => typeof value === "boolean";
const list =
  (item: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length <= longestList && value.every(item);
const word =
  (...words: readonly string[]): Check =>
  (value) =>
    typeof value === "string" && words.includes(value);

const isObject = (value: unknown): value is Held =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** No name but those of the form, each value right, and `extra` names that were looked at already. */
const fits = (value: Held, form: Form, extra: number): boolean => {
  let names = extra;
  for (const [name, check, optional] of form) {
    const held = value[name];
    if (held === undefined && optional) continue;
    if (!check(held)) return false;
    names++;
  }
  for (const _ in value) names--;
  return names === 0;
};

const ofKinds = (forms: Readonly<Record<string, Form>>): Check => {
  const byKind = new Map(Object.entries(forms));
  return (value) => {
    if (!isObject(value)) return false;
    const { kind } = value;
    const form = typeof kind === "string" ? byKind.get(kind) : undefined;
    return form !== undefined && fits(value, form, 1);
  };
};

const page: Form = [["handle", natural]];
const granule: Form = [...page, ["granule", natural]];
const slot: Form = [["slot", natural]];
const file: Form = [["file", natural]];
const key: Form = [...file, ["index", natural]];
const filled: Form = [...key, ["bytes", bytes]];

const operation = ofKinds({
  allocate: [
    ["owner", natural],
    ["tagged", flag],
    ["zeroed", flag],
    ["context", word("sleepable", "atomic")],
    ["order", upTo(highestOrder)],
  ],
  free: page,
  migrate: page,
  "enable-tags": page,
  "write-tag": [...granule, ["tag", tag]],
  "read-tag": granule,
  "write-bytes": [...page, ["bytes", bytes]],
  "read-bytes": page,
  copy: [
    ["from", natural],
    ["owner", natural],
  ],
  "swap-out": [["handles", list(natural)]],
  "swap-in": [
    ...slot,
    ["path", word("fault", "swapoff", "shmem")],
    ["mapping", word("tagged", "untagged")],
  ],
  "share-slot": slot,
  "free-slot": slot,
  "read-file": key,
  "write-file": filled,
  "write-back": key,
  "direct-write": filled,
  truncate: key,
  evict: key,
  put: filled,
  get: key,
  "invalidate-page": key,
  drop: key,
});

const choice = ofKinds({
  none: [],
  placed: [["homes", list(word("taggable", "untaggable"))]],
  short: [["inFlight", natural]],
  stored: [],
  dropped: [],
});

const digits = /^[0-9a-f]*$/;
const tags: Check = (value) =>
  typeof value === "string" ? value.length <= longestList && digits.test(value) : list(tag)(value);

const look: Form = [
  ["tagged", flag, "optional"],
  ["tags", tags, "optional"],
  ["bytes", bytes, "optional"],
];
const seen: Check = (value) => isObject(value) && fits(value, look, 0);

const outcome = ofKinds({
  done: [],
  pages: [
    ["handles", list(natural), "optional"],
    ["seen", list(seen), "optional"],
  ],
  page: [
    ["handle", natural, "optional"],
    ["seen", seen, "optional"],
  ],
  "no-memory": [],
  tag: [["tag", tag, "optional"]],
  bytes: [["bytes", bytes, "optional"]],
  swapped: [["slots", list(natural), "optional"]],
  "save-failed": [["entriesLeft", natural, "optional"]],
  hit: [["bytes", bytes, "optional"]],
  miss: [["touched", flag, "optional"]],
  slot: [["freed", flag, "optional"]],
  failed: [],
});

const event: Form = [
  ["operation", operation],
  ["choice", choice, "optional"],
  ["outcome", outcome, "optional"],
];

/** Is it an event of the usual form, whole and right? */
export const isUsualEvent = (value: unknown): value is LogEvent =>
  isObject(value) && fits(value, event, 0);
