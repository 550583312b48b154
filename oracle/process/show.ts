/** An observation of the contract as somebody would write down what he saw: one of what is open. */
import { isRange, type Observation, observables, type Value } from "../scenarios/observation.ts";

export type WrittenObservation = Readonly<Record<string, string | number>>;

const largestPlain = 2n ** 31n;
const nzcvBase = 16;

const numberAs = (value: bigint): string | number =>
  value < largestPlain ? Number(value) : `0x${value.toString(nzcvBase)}`;

/** The greatest of a range. */
const valueAs = (value: Value): string | number => {
  if (isRange(value)) return numberAs(value.most);
  return typeof value === "bigint" ? numberAs(BigInt.asUintN(64, value)) : value;
};

const isKnown = (name: string): boolean => name in observables;

export const written = ({
  errno,
  fault,
  report,
  pointer,
  blocked,
  values,
}: Observation): WrittenObservation => ({
  ...(errno === null ? {} : { errno }),
  ...(fault === null
    ? {}
    : { fault: fault.code, addr: numberAs(fault.address.low), addrTop: fault.top }),
  ...(report ? { async: 1 } : {}),
  ...(pointer === null ? {} : { pointer: `0x${pointer.toString(nzcvBase)}` }),
  ...(blocked ? { blocked: 1 } : {}),
  ...Object.fromEntries(
    Object.entries(values)
      .filter(([name]) => isKnown(name))
      .map(([name, value]) => [name, valueAs(value)]),
  ),
});
