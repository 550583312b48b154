/** Rows that a design is expected to keep: what breaks them is a bug's doing, or a finding. */
import { type ExpectedMachine, expectedHere, isBad } from "./expected.ts";
import { rows } from "./rows/index.ts";

/**
 * Rows over single states and steps that the design does not break. A row of which nothing is known
 * yet, in a design that is new, is one to keep.
 */
export const keptRows = (design: string, expected: ExpectedMachine = expectedHere()) => {
  const cells = expected[design]?.rows ?? {};
  return rows
    .filter(({ id, kind }) => {
      const cell = cells[id];
      return (kind === "always" || kind === "step") && (cell === undefined || !isBad(cell));
    })
    .map(({ id }) => id);
};
