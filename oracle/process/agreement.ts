/** Is what was seen something that the contract allows? Key by key, so that a difference has a name. */
import { withoutTopByte } from "../scenarios/address.ts";
import {
  isRange,
  type Observable,
  type Observation,
  observables,
  type Value,
} from "../scenarios/observation.ts";
import { type Observed, valuesSeen } from "./observed.ts";

/** The same digits, as far as somebody looked. */
const sameDigits = (seen: string, text: string): boolean =>
  seen.length === text.length &&
  [...seen].every((digit, at) => digit === "?" || digit === text[at]);

/** Some of these bits, and no others. */
const isPart = (seen: bigint, bits: bigint): boolean => seen !== 0n && (seen & ~bits) === 0n;

const agreesOn = (name: Observable, seen: bigint | string, value: Value | undefined): boolean => {
  if (value === undefined) return false;
  if (typeof seen === "string") return typeof value === "string" && sameDigits(seen, value);
  if (isRange(value)) return seen >= value.least && seen <= value.most;
  if (typeof value === "string") return false;
  return observables[name] === "bits"
    ? isPart(seen, value)
    : BigInt.asUintN(64, seen) === BigInt.asUintN(64, value);
};

const hasFailed = ({ errno, fault, blocked }: Observation): boolean =>
  errno !== null || fault !== null || blocked;

/** The keys of what was seen that differ from what is allowed; none: they agree. */
export const differences = (saw: Observed, allowed: Observation): readonly string[] => {
  const { fault, errno, report, blocked, pointer, values } = allowed;
  const checks: readonly (readonly [key: string, seen: unknown, agrees: boolean])[] = [
    ["ok", saw.ok, saw.ok === !(hasFailed(allowed) || report)],
    ["errno", saw.errno, saw.errno === errno],
    ["fault", saw.fault, saw.fault === fault?.code],
    [
      "addr",
      saw.addr,
      saw.addr !== undefined &&
        fault !== null &&
        withoutTopByte(saw.addr) >= fault.address.low &&
        withoutTopByte(saw.addr) <= fault.address.high,
    ],
    ["addrTop", saw.addrTop, saw.addrTop === fault?.top],
    ["async", saw.async, saw.async === report],
    ["blocked", saw.blocked, saw.blocked === blocked],
    [
      "pointer",
      saw.pointer,
      saw.pointer !== undefined && BigInt.asUintN(64, saw.pointer) === pointer,
    ],
  ];
  return [
    ...checks.flatMap(([key, seen, agrees]) => (seen === undefined || agrees ? [] : [key])),
    ...valuesSeen(saw).flatMap(([name, seen]) =>
      agreesOn(name, seen, values[name]) ? [] : [name],
    ),
  ];
};
