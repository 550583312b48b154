/** What an action reported, in the words of the contract: commits, choices, outcomes, marks. */
import {
  type Choice,
  type Commit,
  type Mark,
  marks,
  type Outcome,
  type Seen,
} from "../model/index.ts";
import { codesOf, word } from "./columns.ts";
import type { Manager } from "./manager.ts";
import { unpackOperation } from "./operations.ts";
import { choiceKinds, commitFields, look, outcomeKinds } from "./report.ts";

/** The places of the words of a commit. */
const field = codesOf(commitFields);

/** What a caller who looks sees in a place now. */
const seenAt = ({ kit, state }: Manager, place: number, looked: number): Seen => {
  if (looked === look.nowhere) return {};
  const bytes = kit.load(place);
  if (looked === look.bytesAlone) return { bytes };
  if (!kit.isFlagged(place)) return { tagged: false, bytes };
  const tags = Array.from({ length: kit.arena.granules }, (_, granule) =>
    kit.arena.loadTag(place, granule),
  );
  return { tagged: true, tags, bytes: word(state.frames.bytes, place) };
};

const choiceAt = ({ report, kit }: Manager, commit: number): Choice => {
  const decided = report.field(commit, field.decided);
  const kind = choiceKinds[report.field(commit, field.choice)] ?? "none";
  switch (kind) {
    case "none":
    case "stored":
    case "dropped":
      return { kind };
    case "placed":
      return { kind, homes: [decided < kit.taggableFrames ? "taggable" : "untaggable"] };
    case "short":
      return { kind, inFlight: decided };
  }
};

const outcomeAt = (manager: Manager, commit: number): Outcome => {
  const { report } = manager;
  const value = report.field(commit, field.value);
  const seen = () =>
    seenAt(manager, report.field(commit, field.place), report.field(commit, field.look));
  const kind = outcomeKinds[report.field(commit, field.outcome)] ?? "failed";
  switch (kind) {
    case "done":
    case "no-memory":
    case "failed":
      return { kind };
    case "pages":
      return { kind, handles: [value], seen: [seen()] };
    case "page":
      return { kind, handle: value, seen: seen() };
    case "tag":
      return { kind, tag: value };
    case "bytes":
    case "hit":
      return { kind, bytes: value };
    case "swapped":
      return { kind, slots: [value] };
    case "save-failed":
      return { kind, entriesLeft: value };
    case "miss":
      return { kind, touched: value === 1 };
    case "slot":
      return { kind, freed: value === 1 };
  }
};

/** How many operations of a kind took effect inside the last action. */
export const commitsInside = ({ report }: Manager, kind: number): number => {
  let found = 0;
  for (let commit = 0; commit < report.commits; commit++)
    if (report.field(commit, field.kind) === kind) found++;
  return found;
};

/** The commits of the last action, in their order. What was seen is looked up now. */
export const commitsOfReport = (manager: Manager): readonly Commit[] => {
  const { report } = manager;
  return Array.from({ length: report.commits }, (_, commit): Commit => {
    const kind = report.field(commit, field.kind);
    const operation =
      kind === 0
        ? "own"
        : unpackOperation([
            kind,
            report.field(commit, field.first),
            report.field(commit, field.second),
            report.field(commit, field.third),
          ]);
    const outcome = outcomeAt(manager, commit);
    return { operation, choice: choiceAt(manager, commit), outcome };
  });
};

/** A report has a bit for each; marks behind these are of designs that have no implementation. */
const marksWithBits = marks.slice(0, 32);

/** The marks of the last action, in the order of the vocabulary. */
export const marksOfReport = ({ report }: Manager): readonly Mark[] =>
  marksWithBits.filter((_, code) => ((report.marks >>> code) & 1) === 1);
