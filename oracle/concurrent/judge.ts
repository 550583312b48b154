/** A whole concurrent history: each portion by itself, and what comes of them together. */
import type { LogEntry, LogHead } from "../log/index.ts";
import { type Call, historyOf } from "./history.ts";
import { linearized, type PortionVerdict } from "./linearize.ts";
import { type Portion, portionsOf } from "./partition.ts";

export type HistoryOptions = {
  /** The most ways of explaining what has ended that are kept, for each portion. */
  readonly cap?: number;
};

const usualCap = 20_000;

export type HistoryVerdict =
  /** `entry` counts from 0. */
  | { readonly kind: "ill-formed"; readonly entry: number; readonly why: string }
  | {
      readonly kind: "judged";
      /** `not` if a portion is not, else `unknown` if one is not decided. */
      readonly linearizable: "ok" | "not" | "unknown";
      readonly calls: readonly Call[];
      readonly portions: readonly JudgedPortion[];
    };

export type JudgedPortion = { readonly portion: Portion; readonly verdict: PortionVerdict };

/** Is the history linearizable with respect to the contract? */
export const judgeHistory = (
  head: LogHead,
  entries: readonly LogEntry[],
  { cap = usualCap }: HistoryOptions = {},
): HistoryVerdict => {
  const history = historyOf(entries);
  if (history.kind === "ill-formed")
    return { kind: "ill-formed", entry: history.at, why: history.why };
  const { calls } = history;
  const portions = portionsOf(calls, head.limits).map((portion) => ({
    portion,
    verdict: linearized(portion, head, cap),
  }));
  const is = (kind: PortionVerdict["kind"]) =>
    portions.some(({ verdict }) => verdict.kind === kind);
  const linearizable = is("not-linearizable") ? "not" : is("unknown") ? "unknown" : "ok";
  return { kind: "judged", linearizable, calls, portions };
};
