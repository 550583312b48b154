/** Steps about tag storage, asked of the block arithmetic of the posted series. */
import { match, P } from "ts-pattern";
import {
  blockBytesForInterleave,
  coverOfFolio,
  findBlock,
  mostRegions,
  pagesOfBlock,
  probed,
  referencesOf,
  release,
  reserve,
  storagePagesFor,
  withRegion,
} from "../../model/index.ts";
import { failedWith, type Observation, seen } from "./observation.ts";
import { OutsideModel } from "./operands.ts";
import type { StorageStep } from "./row.ts";
import type { Branch, World } from "./world.ts";

/** Larger folios are far beyond what a page allocator hands out. */
const highestOrder = 18;
const dataPagesPerStoragePage = 32;

const invalid = failedWith("EINVAL");
const done = seen({ ret: 0n });

const numberOr = (value: number | null): Observation =>
  value === null ? invalid : seen({ val: BigInt(value), ret: 0n });

const demandOrder = (order: number): void => {
  if (order > highestOrder)
    throw new OutsideModel(`order ${order}: folios of more than 2^${highestOrder} pages`);
};

type ProbeStep = Extract<StorageStep, { op: "tsProbe" }>;

const probe = (world: World, step: ProbeStep): Branch => {
  const { tagPages, pageSize, blockSize = 0, memPages } = step;
  const fits = memPages === undefined || memPages === tagPages * dataPagesPerStoragePage;
  const pages = fits && world.probed < mostRegions ? probed(tagPages, pageSize, blockSize) : null;
  return {
    world: { ...world, probed: pages === null ? 0 : world.probed + 1 },
    observation: numberOr(pages),
    rules: [],
  };
};

const blockSeen = (references: number | null): Observation =>
  references === null
    ? seen({ reserved: 0n, refs: 0n })
    : seen({ reserved: 1n, refs: BigInt(references) });

/** Every step about storage has one answer. */
export const storageStep = (world: World, step: StorageStep): readonly Branch[] => {
  const { reservations } = world;
  const same = (observation: Observation): readonly Branch[] => [{ world, observation, rules: [] }];
  const next = (changed: World["reservations"] | null): readonly Branch[] =>
    changed === null
      ? same(invalid)
      : [{ world: { ...world, reservations: changed }, observation: done, rules: [] }];
  return match(step)
    .returnType<readonly Branch[]>()
    .with({ op: "tsBlockPages" }, ({ pageSize, blockSize }) =>
      same(numberOr(pagesOfBlock(pageSize, blockSize))),
    )
    .with({ op: "tsStoragePages" }, ({ memBytes, pageSize }) =>
      same(numberOr(pageSize === 0 ? null : storagePagesFor(memBytes, pageSize))),
    )
    .with({ op: "tsBlockSizeForInterleave" }, ({ contiguousData, storageSpan }) =>
      same(numberOr(blockBytesForInterleave(contiguousData, storageSpan))),
    )
    .with({ op: "tsProbe" }, (asked) => [probe(world, asked)])
    .with({ op: "tsRegion" }, ({ memPfn, memPages, tagPfn, tagPages, blockPages }) =>
      next(
        blockPages === 0
          ? null
          : withRegion(reservations, {
              memoryFrame: memPfn,
              memoryPages: memPages,
              storageFrame: tagPfn,
              storagePages: tagPages,
              blockPages,
            }),
      ),
    )
    .with({ op: "tsFindBlock" }, ({ pfn }) => same(numberOr(findBlock(reservations, pfn))))
    .with({ op: "tsNumBlocks" }, ({ order, blockPages }) => {
      demandOrder(order);
      if (blockPages === 0) return same(invalid);
      const { blocks, references } = coverOfFolio(order, blockPages);
      return same(seen({ val: BigInt(blocks), refPerBlock: BigInt(references), ret: 0n }));
    })
    .with({ op: P.union("tsReserve", "tsFree") }, ({ op, pfn, order }) => {
      demandOrder(order);
      return next((op === "tsReserve" ? reserve : release)(reservations, pfn, order));
    })
    .with({ op: "tsBlock" }, ({ block }) => same(blockSeen(referencesOf(reservations, block))))
    .exhaustive();
};
