/** Saves the counterexamples of a run: one file for each broken cell, never removing any. */
import * as path from "node:path";
import { counterexampleOf, fileNameOf, writeCounterexample } from "../counterexamples/index.ts";
import { type Column, rows } from "../properties/index.ts";
import { writeIfChanged } from "./files.ts";

export type Saved = {
  readonly design: string;
  readonly row: string;
  readonly reason: string;
  /** Relative where the folder that was asked for is. */
  readonly file: string;
};

/** Every broken or never cell, in the order of the table; the files that say the same stay. */
export const saveCounterexamples = (folder: string, columns: readonly Column[]): readonly Saved[] =>
  columns.flatMap((column) =>
    rows.flatMap((row): readonly Saved[] => {
      const counterexample = counterexampleOf(column, row.id);
      if (counterexample === null) return [];
      const file = path.join(folder, fileNameOf(counterexample));
      writeIfChanged(file, writeCounterexample(counterexample));
      return [{ design: column.design, row: row.id, reason: counterexample.reason, file }];
    }),
  );
