/** The shipped machines, for tests. */
import { readFileSync } from "node:fs";
import { type Machine, readMachine } from "../model/index.ts";

export const shippedMachine = (name: string): Machine => {
  const file = new URL(`../model/machines/${name}.dts`, import.meta.url);
  const read = readMachine(readFileSync(file, "utf8"), `${name}.dts`, { pageSizeBytes: 4096 });
  if (!read.ok) throw new Error(`${name}.dts: ${read.error.message}`);
  return read.machine;
};

export const phone = (): Machine => shippedMachine("phone-16g");
