/** Numbers beyond the bounds that the head of a log names. */
import { match, P } from "ts-pattern";
import type { Limits, Operation } from "../../model/index.ts";
import type { LogEvent } from "../log/index.ts";

const beyond = (what: string, numbers: readonly number[], bound: number): string | null => {
  const wrong = numbers.find((number) => number >= bound);
  if (wrong === undefined) return null;
  return bound === 0 ? `there are no ${what}s` : `${what}s are 0 to ${bound - 1}, not ${wrong}`;
};

const ofOperation = (operation: Operation, limits: Limits): string | null => {
  const page = (...handles: readonly number[]) => beyond("handle", handles, limits.handles);
  const slot = (number: number) => beyond("slot", [number], limits.slots);
  const file = (number: number) => beyond("file", [number], limits.files);
  return match(operation)
    .with({ kind: P.union("copy-again") }, ({ from, to }) => page(from, to))
    .with({ kind: "copy" }, ({ from }) => page(from))
    .with({ kind: "swap-out" }, ({ handles }) => page(...handles))
    .with({ kind: "restore-again" }, (each) => slot(each.slot) ?? page(each.handle))
    .with({ handle: P.number }, ({ handle }) => page(handle))
    .with({ slot: P.number }, (each) => slot(each.slot))
    .with(
      { file: P.number, index: P.number },
      (each) => file(each.file) ?? beyond("file page", [each.index], limits.pagesPerFile),
    )
    .with({ file: P.number }, (each) => file(each.file))
    .otherwise(() => null);
};

/** What is wrong with the numbers of an event, as a clause; `null`: they are all within bounds. */
export const beyondBounds = ({ operation, outcome }: LogEvent, limits: Limits): string | null => {
  const wrong = ofOperation(operation, limits);
  if (wrong !== null || typeof outcome !== "object") return wrong;
  return match(outcome)
    .with({ kind: "pages" }, ({ handles = [] }) => beyond("handle", handles, limits.handles))
    .with({ kind: "page" }, ({ handle = 0 }) => beyond("handle", [handle], limits.handles))
    .with({ kind: "swapped" }, ({ slots = [] }) => beyond("slot", slots, limits.slots))
    .otherwise(() => null);
};
