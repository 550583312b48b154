/** The part of `deep` that explores blocks of one, two, three and four storage pages. */
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import type { Design, Machine } from "../model/index.ts";
import {
  type BlockSize,
  blockSizes,
  blocksExpectedFile,
  type Column,
  compareBlocks,
  type Difference,
  expectedHere,
  expectedOfBlocks,
  hasBlocks,
  type RunOptions,
  runTable,
  unlikeTable,
  writeExpectedOfBlocks,
} from "../properties/index.ts";
import { checkout } from "./expectations.ts";
import { writeIfChanged } from "./files.ts";
import { stateLines } from "./table.ts";

/** All slices with blocks of one size. */
export type BlockStorey = {
  readonly blockPages: BlockSize;
  readonly columns: readonly Column[];
  readonly differences: readonly Difference[];
  readonly unlike: ReturnType<typeof unlikeTable>;
};

type BlockOptions = {
  readonly machine: Machine;
  readonly designs: readonly Design[];
  readonly workers: number;
  readonly maxStates: number;
  readonly updateExpected: boolean;
  readonly onProgress: NonNullable<RunOptions["onProgress"]>;
};

const inPackage = fileURLToPath(new URL(`../properties/${blocksExpectedFile}`, import.meta.url));

const update = (size: BlockSize, columns: readonly Column[]): void => {
  const text = writeExpectedOfBlocks(expectedOfBlocks(), size, columns);
  const file = path.join(checkout("--update-expected"), "properties", blocksExpectedFile);
  for (const each of new Set([file, inPackage])) writeIfChanged(each, text);
};

const statesExpected = (size: BlockSize, design: string, slice: string): number =>
  Number.parseInt(expectedOfBlocks().blocks[size]?.[design]?.slices[slice] ?? "0", 10);

export const exploreBlocks = async (options: BlockOptions): Promise<readonly BlockStorey[]> => {
  const { machine, workers, maxStates, onProgress } = options;
  const designs = options.designs.filter(hasBlocks);
  const storeys: BlockStorey[] = [];
  for (const blockPages of designs.length > 0 ? blockSizes : []) {
    const columns = await runTable({
      ...{ machine, designs, workers, onProgress, blocks: blockPages, bounds: { maxStates } },
      sizeOf: (design, slice) => statesExpected(blockPages, design, slice),
    });
    if (options.updateExpected) update(blockPages, columns);
    const differences = compareBlocks(blockPages, columns);
    storeys.push({
      blockPages,
      columns,
      differences,
      unlike: unlikeTable(columns, expectedHere()),
    });
  }
  return storeys;
};

const pages = (count: number): string => `${count} page${count === 1 ? "" : "s"}`;

export const blockLines = (storeys: readonly BlockStorey[]): readonly string[] =>
  storeys.flatMap(({ blockPages, columns, differences, unlike }) => [
    `BLOCKS OF ${pages(blockPages).toUpperCase()}`,
    ...stateLines(columns),
    ...differences.map(
      ({ design, what, expected, found }) =>
        `NOT AS EXPECTED  ${design}, ${what}: expected ${expected}, found ${found}`,
    ),
    ...unlike.map(({ design, row, breaks }) => `  ${design}, ${row}: breaks ${breaks} alone`),
    "",
  ]);
