/** Steps and observations in plain words, addresses by the names of the row where they have one. */

import { withoutTopByte } from "./address.ts";
import {
  isRange,
  type Observation,
  type ObservedFault,
  observableOf,
  observables,
  type Value,
} from "./observation.ts";
import type { Bindings } from "./operands.ts";

const nearEnough = 2n ** 24n;
const longest = 80;

const hex = (value: bigint): string => `0x${value.toString(16)}`;

/** `a+16` where a name is bound a little below the address. */
const addressWords = (address: bigint, { addresses }: Bindings): string => {
  const named = [...addresses]
    .map(([name, start]) => ({ name, distance: address - withoutTopByte(start) }))
    .filter(({ distance }) => distance >= 0n && distance < nearEnough)
    .toSorted((a, b) => (a.distance < b.distance ? -1 : a.distance > b.distance ? 1 : 0));
  const [nearest] = named;
  if (!nearest) return hex(address);
  return nearest.distance === 0n ? nearest.name : `${nearest.name}+${nearest.distance}`;
};

const shortened = (text: string): string =>
  text.length > longest ? `${text.slice(0, longest)}... (${text.length} in all)` : text;

const valueWords = (value: Value): string => {
  if (isRange(value)) return `${value.least} to ${value.most}`;
  if (typeof value === "bigint") return value < 1024n ? String(value) : `${value} (${hex(value)})`;
  return shortened(String(value));
};

const faultWords = ({ code, address, top }: ObservedFault, bindings: Bindings): string => {
  const { low, high } = address;
  const where = addressWords(low, bindings);
  const range =
    low === high ? `at ${where}` : `anywhere from ${where} to ${addressWords(high, bindings)}`;
  return `fault ${code} ${range}${top === 0 ? "" : `, top byte ${top}`}`;
};

const namedWords = (name: string, value: Value): string => {
  const observable = observableOf(name);
  const isFlag = observable !== undefined && observables[observable] === "flag";
  return isFlag && typeof value === "bigint" && value < 2n
    ? `${name} ${value === 1n}`
    : `${name} ${valueWords(value)}`;
};

/**
 * What is seen, in one line: of the values those that are asked about, or all where none of them
 * is there.
 */
export const observationWords = (
  observation: Observation,
  bindings: Bindings,
  asked: ReadonlySet<string>,
): string => {
  const { errno, fault, report, pointer, blocked, values } = observation;
  const named = Object.entries(values).filter(([name]) => asked.has(name));
  const failed = errno !== null || fault !== null || blocked;
  const shown = named.length > 0 || failed ? named : Object.entries(values);
  const parts = [
    ...(errno === null ? [] : [`errno ${errno}`]),
    ...(fault === null ? [] : [faultWords(fault, bindings)]),
    ...(blocked ? ["waiting for somebody else"] : []),
    ...shown.map(([name, value]) => namedWords(name, value)),
    ...(pointer === null ? [] : [`address ${addressWords(withoutTopByte(pointer), bindings)}`]),
    ...(report ? ["an asynchronous report"] : []),
  ];
  return parts.length === 0 ? "nothing" : parts.join(", ");
};

/** A step as the row wrote it, without the operation's own name for the step. */
export const stepWords = (written: Readonly<Record<string, unknown>>): string => {
  const { op, ...fields } = written;
  const shown = Object.entries(fields).map(
    ([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return shortened(`${String(op)} ${shown.join(", ")}`.trim());
};
