/** The thread that compares model and implementation in one slice for `implementation.ts`. */
import { designNamed } from "../model/index.ts";
import type { CompareOrder } from "./implementation.ts";
import { type Completed, compareInScope } from "./lockstep/complete.ts";

export default function work({ design: name, slice, maxStates }: CompareOrder): Completed {
  const design = designNamed(name);
  if (design === undefined) throw new Error(`there is no design ${name}`);
  return compareInScope(design, slice.scope, { maxStates });
}
