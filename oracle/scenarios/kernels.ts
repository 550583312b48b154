/** Which kernels a row speaks of. */
import {
  compareKernels,
  type KernelVersion,
  parseKernelVersion,
} from "../../model/contract/process/configuration.ts";

/** The kernels that rows are run for, oldest first. */
export const kernels = ["6.1", "6.12", "7.3"] as const;
export type Kernel = (typeof kernels)[number];

const versions: Readonly<Record<Kernel, KernelVersion>> = {
  "6.1": { major: 6, minor: 1 },
  "6.12": { major: 6, minor: 12 },
  "7.3": { major: 7, minor: 3 },
};

export const versionOf = (kernel: Kernel): KernelVersion => versions[kernel];

type Condition = { readonly holds: (difference: number) => boolean; readonly than: KernelVersion };

const comparisons: Readonly<Record<string, (difference: number) => boolean>> = {
  "": (difference) => difference === 0,
  "=": (difference) => difference === 0,
  "==": (difference) => difference === 0,
  "!=": (difference) => difference !== 0,
  ">=": (difference) => difference >= 0,
  "<=": (difference) => difference <= 0,
  ">": (difference) => difference > 0,
  "<": (difference) => difference < 0,
};

const conditionIn = (text: string): Condition | undefined => {
  const [, sign = "", version = ""] = /^([<>=!]*)\s*(.+)$/.exec(text.trim()) ?? [];
  const than = parseKernelVersion(version);
  const holds = comparisons[sign];
  return than && holds ? { holds, than } : undefined;
};

/** A test of versions, from `>=6.13` or several conditions that all hold; undefined for others. */
export const coverage = (text: string): ((kernel: Kernel) => boolean) | undefined => {
  const conditions = text
    .replace(/([<>=!]+)\s+/g, "$1")
    .split(/[\s,]+/)
    .filter((part) => part !== "")
    .map(conditionIn);
  if (conditions.length === 0) return undefined;
  return conditions.every((condition) => condition !== undefined)
    ? (kernel) =>
        conditions.every(({ holds, than }) => holds(compareKernels(versions[kernel], than)))
    : undefined;
};
