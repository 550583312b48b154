/**
 * The page of one counterexample: what is wrong, a timeline with one lane for each actor, and room
 * for the state that the script shows beside it. Without the script, and on paper, the timeline
 * tells everything in words.
 */
import { designNamed } from "../../model/index.ts";
import { fromWhere, whatIsNeeded, whatIsWrong } from "../explain/answers.ts";
import type { ExplainedStep, Explanation } from "../explain/explanation.ts";
import { changeText } from "../portrait.ts";
import { scopeLines } from "../text.ts";
import { pageDataOf } from "./data.ts";
import { documentOf, type PageAssets } from "./document.ts";
import { type Html, html } from "./html.ts";

/** Where the page of all of them is, for a link back. */
export type PageLinks = { readonly index?: { readonly href: string; readonly title: string } };

const fact = (name: string, text: string): Html =>
  text === "" ? html`` : html`<dt>${name}</dt><dd>${text}</dd>`;

const headOf = (explanation: Explanation, { index }: PageLinks): Html => {
  const { counterexample, verdict, row, planted, allowed, loop } = explanation;
  const { design, property, found } = counterexample;
  const isBroken = verdict.kind === "reproduced";
  const [wrong = "", ...behind] = whatIsWrong(explanation);
  return html`<header>
${index ? html`<p class="back"><a href="${index.href}">${index.title}</a></p>` : null}
<h1>${design}: ${property.id} <span class="${isBroken ? "bad" : "good"}">${isBroken ? counterexample.verdict : "not reproduced"}</span></h1>
<p class="sentence">${row.sentence}</p>
<p class="reason" id="reason"><strong>${isBroken ? "What is wrong:" : "Not reproduced:"}</strong> ${wrong}</p>
${behind.length > 0 ? html`<p>${behind.join(" ")}</p>` : null}
<dl class="facts">
${allowed.length > 0 ? fact("allowed instead", allowed.join("; or ")) : null}
${loop ? fact("for ever", `steps ${loop.from} to ${loop.to} repeat, and nobody who could go on is left out`) : null}
${isBroken ? [fact("from where", fromWhere(explanation)), fact("what is needed", whatIsNeeded(explanation))] : null}
${fact("design", designNamed(design)?.title ?? "")}
${planted.map(({ id, sentence, source }) => fact("planted bug", `${id}: ${sentence} (${source})`))}
${fact("found", found)}
${fact(
  "scope",
  scopeLines(counterexample)
    .map((line) => line.trim())
    .join(" ")
    .replace(/^scope\s+/, "")
    .replace(/ actors\s+/, "; actors: "),
)}
</dl>
</header>`;
};

/** The locks that each actor holds after a step, by the actor's name. */
const locksAfter = ({ portraits }: Explanation, step: number): ReadonlyMap<string, string[]> => {
  const held = new Map<string, string[]>();
  for (const { kind, subject, value } of portraits[step] ?? [])
    if (kind === "lock" && value !== "free") held.set(value, [...(held.get(value) ?? []), subject]);
  return held;
};

const chip = (kind: string, text: string): Html => html`<span class="chip ${kind}">${text}</span>`;

const contextChips = ({ deed }: ExplainedStep): readonly Html[] => {
  if (deed.by === "environment") return [];
  const { kind, atomic, interruptsOff } = deed.context;
  return [
    atomic ? chip("atomic", "atomic") : chip("sleepable", "may sleep"),
    ...(interruptsOff && kind !== "interrupt" ? [chip("atomic", "interrupts off")] : []),
  ];
};

/** What went wrong stands out; what is only worth a note does not. */
const eventClass = (event: string): "effect" | "note" | "wrong" => {
  if (/^(?:the contract refuses|may sleep in|nobody may ask)/.test(event)) return "wrong";
  return event.startsWith("takes effect") ? "effect" : "note";
};

/** The function that it stands for is told behind it, in brackets. */
const actionWords = (does: string): Html => {
  const { words = does, stands } = /^(?<words>.*) \[(?<stands>[^\]]*)\]$/.exec(does)?.groups ?? {};
  return html`${words}${stands ? html` <code>${stands}</code>` : null}`;
};

/** What happens in a step: the operation where it begins, the action, and what came of it. */
const deedCell = (explanation: Explanation, step: ExplainedStep, locks: readonly Html[]): Html => {
  const { deed, does, events, changes, necessity } = step;
  const operation = deed.by === "actor" ? explanation.operations[deed.operation] : undefined;
  const starts = deed.by === "actor" && deed.starts && operation;
  const action = starts ? does.replace(`${operation.does}: `, "") : does;
  return html`<div class="context">${contextChips(step)}${locks}${necessity === "not-necessary" ? chip("spare", "not needed") : null}</div>
${starts ? html`<div class="operation">${operation.does}</div>` : null}
<div class="action">${actionWords(action)}</div>
${events.map((event) => html`<div class="event ${eventClass(event)}">${event}</div>`)}
<ul class="changes">${changes.map((change) => html`<li>${changeText(change)}</li>`)}</ul>`;
};

const laneCell = (explanation: Explanation, step: ExplainedStep, actor: number): Html => {
  const name = explanation.actors[actor]?.name ?? "";
  const locks = (locksAfter(explanation, step.number).get(name) ?? []).map((lock) =>
    chip("lock", lock),
  );
  const acts = step.deed.by === "actor" && step.deed.actor === actor;
  const atWork = explanation.operations.some(
    (operation) =>
      operation.actor === actor &&
      operation.firstStep <= step.number &&
      step.number <= (operation.lastStep ?? explanation.steps.length),
  );
  const kinds = `${acts ? " acts" : ""}${atWork ? " busy" : ""}`;
  return html`<div class="lane${kinds}">${acts ? deedCell(explanation, step, locks) : locks}</div>`;
};

const stepRow = (explanation: Explanation, step: ExplainedStep, hasWorld: boolean): Html => {
  const { number, deed, inLoop } = step;
  const world = deed.by === "environment" ? deedCell(explanation, step, []) : null;
  const breaks = explanation.conjunct?.step === number ? " breaks" : "";
  return html`<div class="step${inLoop ? " in-loop" : ""}${breaks}" id="step-${number}" data-step="${number}">
<div class="number"><a href="#step-${number}">${number}</a></div>
${explanation.actors.map((_, actor) => laneCell(explanation, step, actor))}
${hasWorld ? html`<div class="lane${world ? " acts" : ""}">${world}</div>` : null}
</div>
`;
};

const timelineOf = (explanation: Explanation): Html => {
  const { steps, actors, loop } = explanation;
  const hasWorld = steps.some(({ deed }) => deed.by === "environment");
  const lanes = actors.length + (hasWorld ? 1 : 0);
  const bracket = loop
    ? html`<div class="loop" style="grid-row: ${loop.from + 2} / ${loop.to + 3}"><span>for ever</span></div>`
    : null;
  const after = loop === null && explanation.counterexample.kind === "lasso";
  return html`<section class="timeline" id="timeline" aria-label="timeline" style="--lanes: ${lanes}">
<div class="step head"><div class="number"></div>
${actors.map(({ name, kind, cpu }) => html`<div class="lane"><strong>${name}</strong> ${kind} on CPU ${cpu}</div>`)}
${hasWorld ? html`<div class="lane"><strong>environment</strong></div>` : null}
</div>
<div class="step start" id="step-0" data-step="0"><div class="number"><a href="#step-0">0</a></div><div class="lane">before the first step</div></div>
${steps.map((step) => stepRow(explanation, step, hasWorld))}
${bracket}
${after ? html`<div class="step"><div class="number"></div><div class="lane">and nothing more can happen</div></div>` : null}
</section>`;
};

const panel = html`<aside id="panel" aria-label="state">
<nav id="controls">
<button type="button" id="first" title="Home">first</button>
<button type="button" id="previous" title="Up, Left, k">back</button>
<output id="at"></output>
<button type="button" id="next" title="Down, Right, j">next</button>
<button type="button" id="last" title="End">last</button>
<label>follow <select id="follow"><option value="">nothing</option></select></label>
<button type="button" id="theme" title="t">light or dark</button>
<p class="keys">Keys: Down and Up step; Home and End; f follows the next page, n and p go to its next
and previous step, Escape lets it go; t turns light and dark.</p>
</nav>
<div id="state"></div>
</aside>`;

/** The whole document; the same explanation gives the same bytes. */
export const pageOf = (
  explanation: Explanation,
  assets: PageAssets,
  links: PageLinks = {},
): string => {
  const { design, property } = explanation.counterexample;
  const body = html`${headOf(explanation, links)}
<main>
${timelineOf(explanation)}
${panel}
</main>`;
  return documentOf(assets, `${design}: ${property.id}`, body, pageDataOf(explanation));
};
