/** What the command line asks for. */
import { parseArgs } from "node:util";
import { instanceNamed, type PeerInstance } from "./instances.ts";

export type Options = {
  readonly instances: readonly PeerInstance[];
  readonly runs: number;
  /** The path of tla2tools.jar, or null: TLC is left out. */
  readonly tlc: string | null;
};

/** @throws RangeError or TypeError with one line for the user */
export const optionsFrom = (args: readonly string[]): Options => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      instances: { type: "string", default: "A,B,C" },
      runs: { type: "string", default: "3" },
      tlc: { type: "string" },
    },
  });
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) {
    throw new RangeError(`--runs: expected a number above 0, found ${values.runs}`);
  }
  return {
    instances: values.instances.split(",").map(instanceNamed),
    runs,
    tlc: values.tlc ?? null,
  };
};
