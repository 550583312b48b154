/**
 * One part on one piece: every state of its things that explains what was observed. The contract
 * judges each candidate on a small memory; stand-ins are given a meaning only where nothing is
 * explained without, so that no explanation is a special case of another.
 */
import {
  type Bytes,
  type Choice,
  type Contract,
  type Limits,
  type Operation,
  type Outcome,
  type RuleId,
  step,
} from "../../model/index.ts";
import type { Part } from "./part.ts";
import {
  learnBytes,
  learnTags,
  type Names,
  type Piece,
  standInsOf,
  strangeBytesOf,
} from "./piece.ts";
import { choicesOf, outcomesOf } from "./possible.ts";
import { inWordsOfLog, smallOperation, smallOutcome } from "./renaming.ts";
import { memoryOf, type Numbering, numberingOf, pieceOf, smallContract } from "./small-memory.ts";
import { anyPage, anySharers, hasStrangeTags, tagNumbers } from "./values.ts";

/** Why nothing explains an observation, in the words of the contract. */
export type Complaint =
  | { readonly kind: "refused"; readonly rule: RuleId; readonly cause: string }
  | { readonly kind: "ill-formed"; readonly why: string };

export type Explained = {
  readonly pieces: readonly Piece[];
  readonly complaints: readonly Complaint[];
};

/** How the part is judged: the limits, rules that are off, what is free elsewhere. */
export type Setting = {
  readonly limits: Limits;
  readonly off: ReadonlySet<RuleId>;
  readonly inFlight: number;
  readonly left: { readonly least: number; readonly most: number };
};

type Learning = (piece: Piece) => Piece | null;

/** The contents and tags that an outcome shows of pages, and those that the operation names. */
const shownBytes = (operation: Operation, outcome: Outcome): readonly Bytes[] => {
  const named = operation.kind === "put" ? [operation.bytes] : [];
  if (outcome.kind === "bytes" || outcome.kind === "hit") return [...named, outcome.bytes];
  if (outcome.kind === "page" && outcome.seen.bytes !== undefined)
    return [...named, outcome.seen.bytes];
  return named;
};

const learnTag = ({ operation }: Part, names: Names, outcome: Outcome): readonly Learning[] => {
  if (outcome.kind !== "tag" || operation.kind !== "read-tag") return [];
  const { granule, handle } = operation;
  return [
    (piece) => {
      const tags = piece.pages[names.pages.indexOf(handle)]?.tags;
      if (!hasStrangeTags(tags ?? null) || !tags) return null;
      const seen = tagNumbers(tags).map((tag, at) => (at === granule ? outcome.tag : tag));
      return learnTags(piece, tags, seen);
    },
  ];
};

/** What may be learnt from an outcome, each by itself. */
const learnings = (
  part: Part,
  names: Names,
  outcome: Outcome,
  piece: Piece,
): readonly Learning[] => {
  const bytes = shownBytes(part.operation, outcome);
  const ofBytes = strangeBytesOf(piece).flatMap((standIn) =>
    bytes
      .filter((shown) => shown !== standIn)
      .map(
        (shown): Learning =>
          (held) =>
            learnBytes(held, standIn, shown),
      ),
  );
  const seen = outcome.kind === "page" ? outcome.seen.tags : undefined;
  const ofTags = [...piece.pages, ...piece.slots].flatMap((each, at): readonly Learning[] => {
    if (!seen || !each?.tags || !hasStrangeTags(each.tags)) return [];
    return [
      (held) => {
        const { tags } = [...held.pages, ...held.slots][at] ?? {};
        return tags ? learnTags(held, tags, seen) : null;
      },
    ];
  });
  return [...ofBytes, ...ofTags, ...learnTag(part, names, outcome)];
};

/** Which of a few things to learn, as bits, fewest first. */
const subsets = (count: number): readonly number[] => {
  const ones = (bits: number): number => (bits === 0 ? 0 : (bits & 1) + ones(bits >> 1));
  return Array.from({ length: 2 ** count }, (_, bits) => bits).sort((a, b) => ones(a) - ones(b));
};

const mostLearnings = 6;

const learnt = (piece: Piece, all: readonly Learning[], bits: number): Piece | null =>
  all.reduce<Piece | null>((so, learn, at) => (so && (bits >> at) & 1 ? learn(so) : so), piece);

/** A slot with any number of users has one, or more; a copy of any page may be one of this page. */
const spread = ({ operation }: Part, piece: Piece): readonly Piece[] => {
  const slots = /^(swap-in|share-slot|free-slot)$/.test(operation.kind)
    ? piece.slots.some((slot) => slot?.sharers === anySharers)
    : false;
  if (slots)
    return [1, 2].map((sharers) => ({
      ...piece,
      slots: piece.slots.map((slot) =>
        slot?.sharers === anySharers ? { ...slot, sharers } : slot,
      ),
    }));
  if (operation.kind !== "copy-again") return [piece];
  if (!piece.pages.some((page) => page?.copyOf === anyPage)) return [piece];
  return [operation.from, anyPage].map((copyOf) => ({
    ...piece,
    pages: piece.pages.map((page) => (page?.copyOf === anyPage ? { ...page, copyOf } : page)),
  }));
};

/** A slot that had any number of users still has. */
const gathered = (before: Piece, after: Piece): Piece => ({
  ...after,
  slots: after.slots.map((slot, at) =>
    slot && before.slots[at]?.sharers === anySharers ? { ...slot, sharers: anySharers } : slot,
  ),
});

const contractFor = (setting: Setting, outcome: Outcome): Contract => {
  const { limits, off, left } = setting;
  return smallContract(limits, off, outcome.kind === "no-memory" ? left.least : left.most);
};

type Candidate = {
  readonly outcome: Outcome;
  readonly choice: Choice;
};

/** The pieces after a candidate, the fewest things learnt that explain it. */
const explainedAs = (
  part: Part,
  piece: Piece,
  numbering: Numbering,
  { outcome, choice }: Candidate,
  setting: Setting,
): Explained => {
  const all = learnings(part, numbering.names, outcome, piece).slice(0, mostLearnings);
  const contract = contractFor(setting, outcome);
  const operation = smallOperation(numbering, part.operation);
  const ending = smallOutcome(numbering, outcome);
  const pieces: Piece[] = [];
  const complaints: Complaint[] = [];
  const enough: number[] = [];
  for (const bits of subsets(all.length)) {
    if (enough.some((fewer) => (fewer & bits) === fewer)) continue;
    const held = learnt(piece, all, bits);
    if (!held) continue;
    const answer = step(contract, memoryOf(numbering, held), operation, choice, ending);
    if (answer.kind === "accepted") {
      enough.push(bits);
      pieces.push(pieceOf(numbering, answer.memory, held));
    } else if (answer.kind === "refused")
      complaints.push({ ...answer, cause: inWordsOfLog(numbering, answer.cause) });
    else complaints.push({ ...answer, why: inWordsOfLog(numbering, answer.why) });
  }
  return { pieces, complaints };
};

/** Everything that explains the part, from one piece of its footprint. */
export const explainedFrom = (
  part: Part,
  names: Names,
  piece: Piece,
  setting: Setting,
): Explained => {
  const numbering = numberingOf(names);
  const { operation, observed, choice: told } = part;
  const pieces: Piece[] = observed === "unknown" ? [piece] : [];
  const complaints: Complaint[] = [];
  const nextStandIn = -1 - standInsOf(piece).bytes;
  for (const held of spread(part, piece))
    for (const outcome of outcomesOf(operation, observed, names, held, nextStandIn))
      for (const choice of choicesOf(operation, outcome, told, setting.inFlight)) {
        const found = explainedAs(part, held, numbering, { outcome, choice }, setting);
        for (const after of found.pieces) pieces.push(gathered(piece, after));
        complaints.push(...found.complaints);
      }
  return { pieces, complaints };
};
