/**
 * What a row expects of a step. A key is the name of something observable, alone (exactly this) or
 * with a suffix: `OneOf` and `In` (any of these), `Not` (none of these), `Le`, `Ge` (at most, at
 * least), `Subset` (bits of this set only), `IfHit` (exactly this, when there was a hit). Keys
 * about faults, errors and addresses have meanings of their own.
 */
import { type AddressExpression, parseAddress } from "./address.ts";
import { type Observable, observableOf, observables } from "./observation.ts";
import { flagIn, numberIn } from "./values.ts";

export type Operand = bigint | string;

type Relation = "is" | "one-of" | "not" | "at-most" | "at-least" | "within" | "if-hit";

/** One key of an expectation, as it is to be judged. `key` is how the row wrote it. */
export type Check = { readonly key: string } & (
  | { readonly kind: "ok"; readonly ok: boolean }
  | { readonly kind: "errno"; readonly anyOf: readonly string[] }
  /** Empty: no fault. */
  | { readonly kind: "fault"; readonly anyOf: readonly string[] }
  | { readonly kind: "report"; readonly delivered: boolean }
  | {
      readonly kind: "fault-address";
      readonly low: AddressExpression;
      readonly high: AddressExpression;
    }
  | { readonly kind: "fault-top"; readonly top: number }
  | { readonly kind: "same-address"; readonly address: AddressExpression }
  | {
      readonly kind: "value";
      readonly observable: Observable;
      readonly relation: Relation;
      readonly operands: readonly Operand[];
      /** This error will do instead. */
      readonly orErrno: string | null;
    }
);

export type Expectation = { readonly step: number; readonly checks: readonly Check[] };

/** Why a key could not be read: unknown to us, or wrong whatever it means. */
export type KeyProblem =
  | { readonly kind: "unknown"; readonly key: string }
  | { readonly kind: "wrong"; readonly key: string; readonly expected: string };

const suffixes: Readonly<Record<string, Relation>> = {
  "": "is",
  OneOf: "one-of",
  In: "one-of",
  Not: "not",
  Le: "at-most",
  Ge: "at-least",
  Subset: "within",
  IfHit: "if-hit",
};

const suffixed = /^(?<name>[a-z]\w*?)(?<suffix>OneOf|In|Not|Le|Ge|Subset|IfHit)?$/;
const takesList: ReadonlySet<Relation> = new Set(["one-of", "not"]);

const operandOf = (observable: Observable, value: unknown): Operand | undefined => {
  const sort = observables[observable];
  if (sort === "text") return typeof value === "string" ? value : undefined;
  if (typeof value === "boolean") return sort === "flag" ? BigInt(value) : undefined;
  if (sort === "hex" && typeof value === "string") return numberIn(`0x${value}`);
  return numberIn(value);
};

const isDefined = <T>(value: T | undefined): value is T => value !== undefined;

const names = (value: unknown): readonly string[] | undefined => {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = list.filter((each) => typeof each === "string");
  return texts.length === list.length ? texts : undefined;
};

const wrong = (key: string, expected: string): KeyProblem => ({ kind: "wrong", key, expected });

const addressIn = (value: unknown): AddressExpression | undefined =>
  parseAddress(typeof value === "number" ? String(value) : typeof value === "string" ? value : "");

const errorNames = (key: string, value: unknown): Check | KeyProblem => {
  const anyOf = names(value);
  return anyOf ? { kind: "errno", key, anyOf } : wrong(key, "the name of an error");
};

const faultNames = (key: string, value: unknown): Check | KeyProblem => {
  const anyOf = value === null || value === 0 || value === false ? [] : names(value);
  return anyOf ? { kind: "fault", key, anyOf } : wrong(key, "the name of a fault");
};

const switched = (key: string, value: unknown): Check | KeyProblem => {
  const on = flagIn(value);
  if (on === undefined) return wrong(key, "0 or 1");
  return key === "ok" ? { kind: "ok", key, ok: on } : { kind: "report", key, delivered: on };
};

const addressCheck = (key: string, value: unknown): Check | KeyProblem => {
  const address = addressIn(value);
  if (!address) return wrong(key, "an address");
  return key === "addrEq"
    ? { kind: "same-address", key, address }
    : { kind: "fault-address", key, low: address, high: address };
};

const addressRange = (key: string, value: unknown): Check | KeyProblem => {
  const [low, high] = Array.isArray(value) ? value.map(addressIn) : [];
  return low && high
    ? { kind: "fault-address", key, low, high }
    : wrong(key, "two addresses, the lowest and the highest");
};

const topByte = (key: string, value: unknown): Check | KeyProblem => {
  const top = numberIn(value);
  return top !== undefined && top >= 0n && top <= 0xffn
    ? { kind: "fault-top", key, top: Number(top) }
    : wrong(key, "a byte, 0 to 255");
};

const special: Readonly<Record<string, (key: string, value: unknown) => Check | KeyProblem>> = {
  ok: switched,
  async: switched,
  errno: errorNames,
  errnoOneOf: errorNames,
  errnoIn: errorNames,
  fault: faultNames,
  faultOneOf: faultNames,
  faultIn: faultNames,
  addr: addressCheck,
  addrEq: addressCheck,
  addrIn: addressRange,
  addrTop: topByte,
};

const valueCheck = (key: string, value: unknown, orErrno: string | null): Check | KeyProblem => {
  const { name = "", suffix = "" } = suffixed.exec(key)?.groups ?? {};
  const whole = observableOf(key);
  const observable = whole ?? observableOf(name);
  const relation = whole ? "is" : suffixes[suffix];
  if (!observable || relation === undefined) return { kind: "unknown", key };
  if (takesList.has(relation) && !Array.isArray(value)) return wrong(key, "a list of values");
  const list: readonly unknown[] =
    takesList.has(relation) && Array.isArray(value) ? value : [value];
  const operands = list.map((each) => operandOf(observable, each)).filter(isDefined);
  return operands.length === list.length
    ? { kind: "value", key, observable, relation, operands, orErrno }
    : wrong(key, valueWords(observable));
};

const valueWords = (observable: Observable): string => {
  const words = { number: "a number", hex: "a hex digit", bits: "a set of bits", text: "text" };
  const sort = observables[observable];
  return sort === "flag" ? "0 or 1" : words[sort];
};

const isProblem = (read: Check | KeyProblem): read is KeyProblem =>
  read.kind === "unknown" || read.kind === "wrong";

/** The checks of one expectation, or the first key that has none. */
export const readChecks = (
  keys: Readonly<Record<string, unknown>>,
): readonly Check[] | KeyProblem => {
  const { orErrno, ...others } = keys;
  if (orErrno !== undefined && (typeof orErrno !== "string" || !("retLe" in keys || "ret" in keys)))
    return wrong("orErrno", "the name of an error, beside ret or retLe");
  const checks: Check[] = [];
  for (const [key, value] of Object.entries(others)) {
    const instead = typeof orErrno === "string" && key.startsWith("ret") ? orErrno : null;
    const read = special[key]?.(key, value) ?? valueCheck(key, value, instead);
    if (isProblem(read)) return read;
    checks.push(read);
  }
  return checks;
};

/** What a key says, in words: completes "expected ...". */
export const keyWords = (key: string, value: unknown): string =>
  typeof value === "string" ? `${key} ${value}` : `${key} ${JSON.stringify(value)}`;
