/** An explanation as a Mermaid sequence diagram: who does what, in which order, in which context. */
import type { ExplainedStep, Explanation } from "../explanation.ts";

/** Mermaid ends a message at a semicolon and reads a hash as the begin of a code. */
const plain = (text: string): string => text.replace(/[;#%\n]/g, " ").replace(/:/g, " -");

const environment = "environment";

/** Names may be words of Mermaid's own ("loop", "end"); an alias never is. */
const aliasOf = ({ deed }: ExplainedStep): string => (deed.by === "actor" ? `A${deed.actor}` : "E");

const participants = ({ actors, steps }: Explanation): readonly string[] => {
  const working = new Set(steps.map(aliasOf));
  return [
    ...actors.flatMap(({ name, kind, cpu }, actor) =>
      working.has(`A${actor}`)
        ? [
            `  participant A${actor} as ${name} (${kind === "interrupt" ? "interrupt, " : ""}CPU ${cpu})`,
          ]
        : [],
    ),
    ...(working.has("E") ? [`  participant E as ${environment}`] : []),
  ];
};

const stepLines = (step: ExplainedStep, indent: string): readonly string[] => {
  const alias = aliasOf(step);
  const atomic = step.deed.by === "actor" && step.deed.context.atomic ? " (atomic)" : "";
  return [
    `${indent}${alias}->>${alias}: ${step.number}. ${plain(step.does)}${atomic}`,
    ...step.events
      .filter((event) => event.startsWith("the contract refuses") || event.startsWith("may sleep"))
      .map((event) => `${indent}Note over ${alias}: ${plain(event)}`),
  ];
};

/** The whole diagram, as it stands in a block of code that says `mermaid`. */
export const explanationAsMermaid = (explanation: Explanation): string => {
  const { steps, loop, inevitable, conjunct } = explanation;
  const last = steps.at(-1);
  const lines = ["sequenceDiagram", ...participants(explanation)];
  for (const step of steps) {
    if (loop?.from === step.number) lines.push("  loop for ever");
    if (inevitable.kind === "from-step" && inevitable.step === step.number)
      lines.push(`  Note over ${aliasOf(step)}: from here on it cannot be prevented`);
    lines.push(...stepLines(step, step.inLoop ? "    " : "  "));
  }
  if (loop) lines.push("  end");
  if (conjunct && last) lines.push(`  Note over ${aliasOf(last)}: ${plain(conjunct.cause)}`);
  return `${lines.join("\n")}\n`;
};
