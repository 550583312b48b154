/** The thread that measures one bug for `run.ts`. */
import { bugNamed } from "../../impl/index.ts";
import type { Known } from "./hunt.ts";
import { type Measured, measure } from "./measure.ts";

export default function work({
  id,
  known,
}: {
  readonly id: string;
  readonly known: Known;
}): Measured {
  const bug = bugNamed(id);
  if (!bug) throw new Error(`there is no bug ${id}`);
  return measure(bug, known);
}
