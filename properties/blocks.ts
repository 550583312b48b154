/**
 * Blocks of every size. On the machine of the table a block is one storage page, on others as many as
 * memory controllers interleave, and nobody says that this is a power of two. These slices ask what
 * depends on the size: a claim takes all of a block and nothing else, a release gives all of it back,
 * copies of one folio lie in one block or in two, on one side of the seam between two regions or on
 * both. Everything else is as little as can be, so that each can be exhausted.
 */
import {
  type ActorSpec,
  type Design,
  makeGeometry,
  type Offer,
  type Scope,
} from "../model/index.ts";
import { nothingElse, type Slice } from "./slices.ts";

/** Storage pages of a block. */
export const blockSizes = [1, 2, 3, 4] as const;

export type BlockSize = (typeof blockSizes)[number];

/** Does the design ever do anything to a block as a whole? */
export const hasBlocks = ({ claiming, hostMemory }: Design): boolean =>
  claiming.size > 0 || hostMemory === "resized";

const task = (name: string, cpu: number, ...may: readonly Offer[]): ActorSpec => ({
  name,
  kind: "task",
  cpu,
  owner: cpu,
  everyones: false,
  may,
});

/** On CPU 0, and it uses kernel memory. */
const interrupt = (...may: readonly Offer[]): ActorSpec => ({
  ...task("interrupt", 0, ...may),
  kind: "interrupt",
  owner: 3,
});

/** Reclaim, and whoever else works for the kernel: any page of anybody. */
const kernelThread = (name: string, ...may: readonly Offer[]): ActorSpec => ({
  ...task(name, 1, ...may),
  owner: 3,
  everyones: true,
});

const asLittle: Omit<Scope, "geometry" | "actors"> = {
  ...nothingElse,
  tagValues: 1,
  getForm: "keeping",
};

/** Where a slice lies: in one block, or in two that are neighbours in number and not in memory. */
type Place = {
  readonly name: "block" | "seam";
  readonly sentence: string;
  readonly blocksOfRegions: readonly number[];
};

const places: readonly Place[] = [
  { name: "block", sentence: "in one block", blocksOfRegions: [1] },
  { name: "seam", sentence: "in two regions of one block each", blocksOfRegions: [1, 1] },
];

const slicesAt = (design: Design, blockPages: BlockSize, place: Place): readonly Slice[] => {
  const { folioOrder, claiming, dataInStorage, hostMemory, marks, variantOf } = design;
  const geometry = makeGeometry(
    { granulesPerPage: 1, pagesPerStoragePage: 1, blockPages },
    place.blocksOfRegions,
  );
  const slice = (
    theme: string,
    sentence: string,
    mostHeld: number,
    actors: readonly ActorSpec[],
    more: Partial<Scope> = {},
  ): Slice => ({
    name: `${place.name}-${theme}`,
    sentence: `${sentence}, ${place.sentence}`,
    scope: { ...asLittle, geometry, actors, ...more },
    mostHeld,
  });
  /** In two blocks there are places enough without pages that come back. */
  const claimsFor: readonly Offer[] =
    place.name === "block" ? ["allocate-tagged", "free"] : ["allocate-tagged"];
  const claims = claiming.size > 0;
  /** One block is for two copies of single pages, where a variant does not do more with each. */
  const pagesPerFile = place.name === "block" && variantOf === undefined ? 2 : folioOrder + 1;
  const files = { files: 1, pagesPerFile, folioOrder } as const;
  const reader = task("reader", 0, "read-file", "evict");
  const slices: Slice[] = [];
  if (claims)
    slices.push(
      slice("tags", "a process and an interrupt claim tag storage and give it back", 2, [
        task("task", 0, "allocate-tagged", "free"),
        interrupt(...claimsFor),
      ]),
    );
  if (claims && dataInStorage)
    slices.push(
      slice("data", "tags are needed where another one's data lie", 2, [
        task("task", 0, ...claimsFor),
        task("other", 1, "allocate-untagged"),
        ...(design.kernelTags ? [interrupt("allocate-tagged")] : []),
      ]),
    );
  if (claims && marks.includes("put-dropped"))
    slices.push(
      slice(
        "cache",
        "pages of a file are cached where a process needs tags",
        1,
        [reader, task("claimer", 1, ...claimsFor)],
        files,
      ),
    );
  if (marks.includes("pool-stores"))
    slices.push(
      slice(
        "pool",
        "a page is swapped out to where a process and an interrupt need tags",
        1,
        [
          task("user", 0, "allocate-untagged", "swap-in-fault"),
          kernelThread("kswapd", "swap-out", "allocate-tagged"),
          interrupt(...claimsFor),
        ],
        { slots: 1 },
      ),
    );
  if (hostMemory === "resized")
    slices.push(
      slice(
        "resize",
        "the host plugs blocks and asks for them back while a file is cached there",
        1,
        [reader, { ...kernelThread("worker", "background"), cpu: 2 }],
        files,
      ),
    );
  return slices;
};

/** The slices of a design that has blocks, with blocks of so many storage pages. */
export const blockSlicesOf = (design: Design, blockPages: BlockSize): readonly Slice[] =>
  hasBlocks(design) ? places.flatMap((place) => slicesAt(design, blockPages, place)) : [];
