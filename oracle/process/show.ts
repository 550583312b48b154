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

/** Of values that say the same as something else only the one that says it best. */
const telling = ({ pointer, values }: Observation): readonly (readonly [string, Value])[] => {
  const { ret: _, val, tag: __, top: ___, ...others } = values;
  if (pointer !== null) return Object.entries(others);
  const silent = values.ret === 0n && (val !== undefined || Object.keys(others).length > 0);
  const { ret, ...rest } = values;
  const told = silent ? rest : { ...rest, ...(ret === undefined ? {} : { ret }) };
  return Object.entries(told);
};

export const written = (observation: Observation): WrittenObservation => ({
  ...signals(observation),
  ...Object.fromEntries(
    telling(observation)
      .filter(([name]) => isKnown(name))
      .map(([name, value]) => [name, valueAs(value)]),
  ),
});

const signals = ({ errno, fault, report, pointer, blocked }: Observation): WrittenObservation => ({
  ...(errno === null ? {} : { errno }),
  ...(fault === null
    ? {}
    : { fault: fault.code, addr: numberAs(fault.address.low), addrTop: fault.top }),
  ...(report ? { async: 1 } : {}),
  ...(pointer === null ? {} : { pointer: `0x${pointer.toString(nzcvBase)}` }),
  ...(blocked ? { blocked: 1 } : {}),
});
