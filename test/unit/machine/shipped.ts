/** The machines this repository ships, for the tests beside this file. */
import { readFileSync } from "node:fs";
import { type Machine, type PageSizeBytes, readMachine } from "../../../model/machine/index.ts";

export const shippedNames = ["phone-16g", "fvp", "two-regions"] as const;

export function shippedSource(name: string): string {
  return readFileSync(new URL(`../../../model/machines/${name}.dts`, import.meta.url), "utf8");
}

export function shippedMachine(name: string, pageSizeBytes: PageSizeBytes = 4096): Machine {
  const result = readMachine(shippedSource(name), `${name}.dts`, { pageSizeBytes });
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.machine;
}
