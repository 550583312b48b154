/**
 * What the memory behind an adapter may look like, given everything that was seen of it: a set of
 * states of the contract, mostly of one. Each answer is explained by what somebody may have decided;
 * where nothing explains it, the implementation is wrong. One operation runs at a time, so that
 * nobody else can hold a page while memory is short.
 */
import { match } from "ts-pattern";
import {
  allowedOutcomes,
  boot as bootMemory,
  type Choice,
  type Contract,
  describeOutcome,
  type Home,
  type Judgement,
  type Limits,
  type Memory,
  noChoice,
  type Operation,
  type Outcome,
  type RuleId,
  step,
} from "../../model/index.ts";
import { type Answer, readingsOf } from "../protocol/index.ts";
import { isSensible, mayBeAsked } from "./asking.ts";
import type { Foreseen } from "./foreseen.ts";
import { prepared, settled } from "./homes.ts";
import type { Refusal } from "./words.ts";

/** Never empty. */
export type Frontier = readonly Memory[];

/** Nothing is in use. */
export const boot = (limits: Limits): Frontier => [bootMemory(limits)];

export type Judged =
  | { readonly kind: "explained"; readonly frontier: Frontier }
  | { readonly kind: "deviates"; readonly refusal: Refusal }
  /** No such operation ends like that: the adapter is wrong about what it says. */
  | { readonly kind: "strange"; readonly why: string }
  /** Nobody knows what is true now. */
  | { readonly kind: "lost"; readonly why: string };

/** More states than this are too many to go on with. */
const mostStates = 4096;

const unchosen: readonly Choice[] = [noChoice];

/**
 * What may have been decided, the likeliest first; the first that explains the outcome is enough.
 * A put that was dropped allows nothing that a stored one does not. Untagged pages are thought to
 * lie outside of taggable memory where there is such a place ({@link settled}); {@link prepared} moves
 * them when that matters, as migration may at any time.
 */
const choicesOf = (
  { handles, taggablePages }: Limits,
  operation: Operation,
  outcome: Outcome,
  stored: boolean | undefined,
): readonly Choice[] => {
  const homes: readonly Home[] =
    handles > taggablePages ? ["untaggable", "taggable"] : ["taggable"];
  const placed = (pages: number): readonly Choice[] =>
    homes.map((home) => ({ kind: "placed", homes: Array.from({ length: pages }, () => home) }));
  switch (operation.kind) {
    case "allocate":
      return outcome.kind === "pages" ? placed(outcome.handles.length) : unchosen;
    case "copy":
    case "swap-in":
    case "migrate":
      return outcome.kind === "page" ? placed(1) : unchosen;
    case "put": {
      const kept: readonly Choice[] = [{ kind: "stored" }, { kind: "dropped" }];
      return stored === undefined
        ? kept
        : kept.filter(({ kind }) => (kind === "stored") === stored);
    }
    default:
      return unchosen;
  }
};

const keyOf = (memory: Memory): string =>
  JSON.stringify(memory, (name, value: unknown) => (name === "because" ? undefined : value));

/** Each state once; causes are no part of it. */
const merged = (states: readonly Memory[]): Frontier => {
  if (states.length < 2) return states;
  const found = new Map<string, Memory>();
  for (const memory of states) {
    const key = keyOf(memory);
    if (!found.has(key)) found.set(key, memory);
  }
  return [...found.values()];
};

type Question = {
  readonly foreseen: Foreseen;
  readonly memory: Memory;
  readonly operation: Operation;
  readonly stored: boolean | undefined;
};

const explain = (
  { foreseen, memory, operation, stored }: Question,
  outcome: Outcome,
): readonly Judgement[] => {
  const { limits } = foreseen.contract;
  const before = prepared(limits, memory, operation, outcome);
  const judged: Judgement[] = [];
  for (const choice of choicesOf(limits, operation, outcome, stored)) {
    const judgement = foreseen.step(before, operation, choice, outcome);
    if (judgement.kind === "accepted")
      return [...judged, { kind: "accepted", memory: settled(limits, judgement.memory) }];
    judged.push(judgement);
  }
  return judged;
};

const allowedIn = (contract: Contract, frontier: Frontier, operation: Operation) => [
  ...new Set(
    frontier.flatMap((memory) =>
      allowedOutcomes(contract, prepared(contract.limits, memory, operation), operation).flatMap(
        ({ choice, outcome }) =>
          choice.kind === "short" && choice.inFlight > 0 ? [] : [describeOutcome(outcome)],
      ),
    ),
  ),
];

const deviates = (
  contract: Contract,
  frontier: Frontier,
  operation: Operation,
  rule: RuleId | null,
  cause: string,
): Judged => {
  const allowed = allowedIn(contract, frontier, operation);
  return { kind: "deviates", refusal: { rule, cause, allowed } };
};

const judgeObservation = (
  foreseen: Foreseen,
  frontier: Frontier,
  operation: Operation,
  { outcome: seen, stored }: Extract<Answer, { readonly type: "outcome" }>,
): Judged => {
  const { contract } = foreseen;
  const all = frontier.flatMap((memory) =>
    readingsOf(seen).flatMap((outcome) =>
      explain({ foreseen, memory, operation, stored }, outcome),
    ),
  );
  const states = all.flatMap((each) => (each.kind === "accepted" ? [each.memory] : []));
  if (states.length > 0) {
    const next = merged(states);
    return next.length > mostStates
      ? { kind: "lost", why: `more than ${mostStates} states would explain what was seen` }
      : { kind: "explained", frontier: next };
  }
  const refused = all.find((each) => each.kind === "refused");
  if (refused) return deviates(contract, frontier, operation, refused.rule, refused.cause);
  const strange = all.find((each) => each.kind === "ill-formed");
  const why = strange?.why ?? "nothing explains it";
  return frontier.some((memory) => mayBeAsked(contract, memory, operation))
    ? { kind: "strange", why }
    : deviates(contract, frontier, operation, null, `it was done, although ${why}`);
};

/** The operation may have happened, or not. */
const judgeUnknown = (contract: Contract, frontier: Frontier, operation: Operation): Judged => {
  const after = frontier.flatMap((memory) => {
    const before = prepared(contract.limits, memory, operation);
    return allowedOutcomes(contract, before, operation).flatMap(({ choice, outcome }) => {
      const judgement = step(contract, before, operation, choice, outcome);
      return judgement.kind === "accepted" ? [settled(contract.limits, judgement.memory)] : [];
    });
  });
  return namesNothingNew(operation)
    ? { kind: "explained", frontier: merged([...frontier, ...after]) }
    : { kind: "lost", why: "nobody knows whether it happened, and what it would have returned" };
};

/** Operations that give out no handle and no slot, so that all ways they can end are known. */
const namesNothingNew = ({ kind }: Operation): boolean =>
  kind !== "allocate" && kind !== "copy" && kind !== "swap-out" && kind !== "swap-in";

/** What an answer says of the memory, or what is wrong with it. */
export const judgeAnswer = (
  foreseen: Foreseen,
  frontier: Frontier,
  operation: Operation,
  answer: Answer,
): Judged => {
  if (answer.type === "outcome") return judgeObservation(foreseen, frontier, operation, answer);
  const { contract } = foreseen;
  return match(answer.error)
    .returnType<Judged>()
    .with("not-done", () => ({ kind: "explained", frontier }))
    .with("unknown", () => judgeUnknown(contract, frontier, operation))
    .with("refused", () => {
      const wrong = frontier.filter((memory) => !isSensible(contract, memory, operation));
      return wrong.length > 0
        ? { kind: "explained", frontier: wrong }
        : deviates(contract, frontier, operation, null, "it was refused, and anybody may ask it");
    })
    .exhaustive();
};
