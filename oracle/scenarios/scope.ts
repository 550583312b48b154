/** Which names a step uses, and whether an earlier step (or the start of a row) binds them. */
import type { Step } from "./row.ts";

/** The thread that every row starts with. */
export const firstThread = "p";

const isExpression = (value: unknown): value is { readonly base: string | bigint } =>
  typeof value === "object" && value !== null && "base" in value && "offset" in value;

const namesUsed = (step: Step): readonly string[] => {
  const expressions = Object.values(step).flatMap((value) =>
    isExpression(value) && typeof value.base === "string" ? [value.base] : [],
  );
  const named = [
    step.proc,
    "fd" in step ? step.fd : undefined,
    "pid" in step ? step.pid : undefined,
    "pool" in step ? step.pool : undefined,
  ].filter((name) => name !== undefined);
  return [...expressions, ...named];
};

/** The first use of a name that nothing before it binds. */
export const unboundName = (
  steps: readonly Step[],
): { readonly step: number; readonly name: string } | null => {
  const bound = new Set([firstThread]);
  for (const [index, step] of steps.entries()) {
    const name = namesUsed(step).find((used) => !bound.has(used));
    if (name !== undefined) return { step: index, name };
    if ("as" in step && step.as !== undefined) bound.add(step.as);
  }
  return null;
};
