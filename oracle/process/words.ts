/** Steps and what was seen of them, in plain words. */
import type { Observation } from "../scenarios/observation.ts";
import { nothingSeen } from "../scenarios/observation.ts";
import { type Bindings, noBindings } from "../scenarios/operands.ts";
import { firstThread } from "../scenarios/scope.ts";
import { observationWords, stepWords } from "../scenarios/words.ts";
import type { WrittenEvent } from "./entry.ts";
import { type Observed, valuesSeen } from "./observed.ts";

/** "c: ldg addr a+16". */
export const askedWords = ({ operation }: WrittenEvent): string => {
  const { proc = firstThread, ...step } = operation;
  return `${String(proc)}: ${stepWords(step)}`;
};

/** As much of an observation as was looked at. */
const observationOf = (saw: Observed): Observation => ({
  ...nothingSeen,
  errno: saw.errno ?? null,
  fault:
    saw.fault === undefined
      ? null
      : {
          code: saw.fault,
          address: { low: saw.addr ?? 0n, high: saw.addr ?? 0n },
          top: saw.addrTop ?? 0,
        },
  report: saw.async ?? false,
  pointer: saw.pointer ?? null,
  blocked: saw.blocked ?? false,
  values: Object.fromEntries(valuesSeen(saw)),
});

const faultWords = ({ fault, addr, addrTop }: Observed): readonly string[] => [
  ...(fault === undefined ? [] : [`fault ${fault}`]),
  ...(addr === undefined ? [] : [`at 0x${addr.toString(16)}`]),
  ...(addrTop === undefined || addrTop === 0 ? [] : [`top byte ${addrTop}`]),
];

export const sawWords = (saw: Observed | "unknown"): string => {
  if (saw === "unknown") return "nobody knows whether it happened";
  if (Object.keys(saw).length === 0) return "nobody saw how it ended";
  const { fault: _, addr: __, ...rest } = saw;
  const fault = faultWords(saw).join(" ");
  const others = observationWords(observationOf(rest), noBindings, everyValue(saw));
  const parts = [
    ...(fault === "" ? [] : [fault]),
    ...(others === "nothing" ? [] : [others]),
    ...(saw.ok === undefined ? [] : [saw.ok ? "success" : "no success"]),
  ];
  return parts.length === 0 ? "no asynchronous report" : parts.join(", ");
};

const everyValue = (saw: Observed): ReadonlySet<string> =>
  new Set(valuesSeen(saw).map(([name]) => name));

/** What would have been allowed, of what somebody looked at. */
export const allowedWords = (observation: Observation, bindings: Bindings, saw: Observed): string =>
  observationWords(observation, bindings, everyValue(saw));
