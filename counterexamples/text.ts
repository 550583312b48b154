/** A replay as plain text for somebody who knows kernels: who, in which context, what, and then. */
import { bugNamed } from "../impl/index.ts";
import { totalBlocks, totalPages, totalStoragePages } from "../model/index.ts";
import { rowNamed } from "../properties/index.ts";
import type { ReplayElsewhere } from "./elsewhere.ts";
import type { Counterexample } from "./format.ts";
import { counted, wrapped } from "./lines.ts";
import type { Replay, ReplayedStep } from "./replay.ts";

export const scopeLines = ({ slice, scope }: Counterexample): readonly string[] => {
  const { geometry, slots, files, pagesPerFile, pins, getForm } = scope;
  const parts = [
    `${counted(totalPages(geometry), "page")}, ${counted(totalStoragePages(geometry), "storage page")}`,
    `${counted(totalBlocks(geometry), "block")} of b = ${geometry.blockPages}`,
    `${counted(geometry.granulesPerPage, "granule")} a page`,
    ...(slots > 0 ? [counted(slots, "swap slot")] : []),
    ...(files > 0 ? [`${counted(files, "file")} of ${counted(pagesPerFile, "page")}`] : []),
    ...(files > 0 ? [`${getForm} gets`] : []),
    ...(pins > 0 ? [`at most ${counted(pins, "pin")}`] : []),
    ...(scope.dirtyLines ? ["dirty lines kept back"] : []),
    ...(scope.mayFail ? ["saving may fail"] : []),
  ];
  const actors = scope.actors.map(
    ({ name, kind, cpu, owner }) => `${name} (${kind} on CPU ${cpu}, owner ${owner})`,
  );
  return [
    ...wrapped(`scope   slice ${slice}: ${parts.join(", ")}`, 0),
    ...wrapped(`actors  ${actors.join(", ")}`, 0),
  ];
};

export const stepLines = (step: ReplayedStep): readonly string[] => {
  const { number, who, context, operation, starts, action, standsFor, choice } = step;
  const told = starts ? `starts: ${operation}` : operation;
  const chosen = choice ? `, takes ${choice.taken} of ${choice.of.join(" ")}` : "";
  const head = context === null ? `${who} ${operation}` : `${who} (${context})`;
  return [
    ...wrapped(`${String(number).padStart(3)}. ${head}`, 0),
    ...(context === null ? [] : wrapped(told, 5)),
    ...(action === null ? [] : wrapped(`${action}: ${standsFor}${chosen}`, 5)),
    ...step.events.flatMap((event) => wrapped(`* ${event}`, 7)),
    ...step.changes.flatMap((change) => wrapped(change, 9)),
  ];
};

const plantedLines = ({ implementation }: Counterexample): readonly string[] => {
  if (implementation === undefined) return [];
  if (implementation.bugs.length === 0) return ["runs    the implementation"];
  return implementation.bugs.flatMap((id) => {
    const bug = bugNamed(id);
    const from = bug ? `${bug.sentence} (${bug.source})` : "";
    return wrapped(`planted ${id}: ${from}`, 0);
  });
};

const heading = (counterexample: Counterexample): readonly string[] => {
  const { design, property, verdict, found } = counterexample;
  const row = rowNamed(property.row);
  return [
    `${design}: ${property.id}: ${verdict}`,
    ...wrapped(row?.sentence ?? "", 0),
    ...wrapped(`source  ${row?.source ?? ""}`, 0),
    ...wrapped(`found   ${found}`, 0),
    ...plantedLines(counterexample),
  ];
};

const ending = ({ counterexample, steps, verdict }: Replay): readonly string[] => {
  const { kind, loopFrom = 0, reason } = counterexample;
  const back =
    kind === "lasso" && loopFrom < steps.length
      ? [`     and so on: step ${loopFrom + 1} again`, ""]
      : [];
  if (verdict.kind === "not-reproduced")
    return [...back, ...wrapped(`NOT REPRODUCED: ${verdict.why}`, 0)];
  const other = verdict.reason === reason ? [] : wrapped(`(the file says: ${reason})`, 0);
  return [...back, ...wrapped(`REPRODUCED: ${verdict.reason}`, 0), ...other];
};

const passedOverLines = (replay: Replay | ReplayElsewhere): readonly string[] =>
  "passedOver" in replay && replay.passedOver > 0
    ? [`passed  over ${counted(replay.passedOver, "step")} of the file that cannot be done here`]
    : [];

/** What is printed of a replay, in parts: before the steps, each step, and the end. */
export type ReplayText = {
  readonly opening: string;
  readonly steps: readonly string[];
  readonly ending: string;
};

const block = (lines: readonly string[]): string => `${lines.join("\n")}\n`;

/** The parts of a replay's text. Lines have at most 100 columns unless one word has more. */
export const replayParts = (replay: Replay | ReplayElsewhere): ReplayText => {
  const { counterexample, steps } = replay;
  const loop = counterexample.kind === "lasso" ? counterexample.loopFrom : undefined;
  return {
    opening: block([
      ...heading(counterexample),
      ...scopeLines(counterexample),
      ...passedOverLines(replay),
      "",
    ]),
    steps: steps.map((step, index) =>
      block([
        ...(index === loop ? ["     from here the steps repeat for ever:", ""] : []),
        ...stepLines(step),
        "",
      ]),
    ),
    ending: block(ending(replay)),
  };
};

/** The whole text; the same replay gives the same bytes. */
export const replayAsText = (replay: Replay): string => {
  const { opening, steps, ending: end } = replayParts(replay);
  return opening + steps.join("") + end;
};
