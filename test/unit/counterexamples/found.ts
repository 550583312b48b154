/** Counterexamples that small explorations find, for the tests beside this file. */
import { type Counterexample, makeCounterexample } from "../../../counterexamples/index.ts";
import { designNamed } from "../../../model/index.ts";
import { exploreSlice, slicesOf } from "../../../properties/index.ts";
import { shippedMachine } from "../machine/shipped.ts";

const machine = shippedMachine("phone-16g");

/** Explores one slice, for one row or for all, and makes what it can of the findings. */
export function counterexamplesIn(
  designName: string,
  sliceName: string,
  row?: string,
): readonly Counterexample[] {
  const design = designNamed(designName);
  const slice = design && slicesOf(machine, design).find(({ name }) => name === sliceName);
  if (!design || !slice) throw new Error(`there is no ${designName} with ${sliceName}`);
  const report = exploreSlice(design, slice.name, slice.scope, {
    ...(row !== undefined && { only: [row] }),
  });
  return report.findings.flatMap((finding) => makeCounterexample(report, finding) ?? []);
}

/** One that a short exploration finds, of a few steps and with a choice in it. */
export function aCounterexample(): Counterexample {
  const found = counterexamplesIn("cma-hw-kasan", "tags", "atomic-tagged-allocation");
  const [first] = found;
  if (!first || first.steps.length < 3) throw new Error("cma-hw-kasan no longer breaks there");
  return first;
}
