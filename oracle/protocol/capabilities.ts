/**
 * What an adapter says it can do. Nothing beyond it is ever asked, so that an implementation of a
 * cache alone, or of swap without files, can be driven too.
 */
import { z } from "zod";
import {
  highestTag,
  type Limits,
  type Operation,
  operationFamilies,
  operationSchema,
} from "../../model/index.ts";

export type OperationKind = Operation["kind"];

/** The kinds of operation that there are, in the order of the contract. */
const operationKinds: readonly OperationKind[] = operationSchema.options.map(
  (option) => option.unwrap().shape.kind.value,
);

/** The kinds that concern files with the cache behind them, and the cache without files. */
const fileKinds: ReadonlySet<OperationKind> = new Set(operationFamilies.files);
const cacheKinds: ReadonlySet<OperationKind> = new Set(
  operationFamilies.cleancache.filter((kind) => kind !== "drop"),
);
const swapKinds: ReadonlySet<OperationKind> = new Set(operationFamilies.swap);
/** Operations by which a first page can come to be. */
const pageKinds: ReadonlySet<OperationKind> = new Set([
  ...operationFamilies.pages.filter((kind) => kind !== "allocate"),
  ...operationFamilies.access,
  ...operationFamilies.copies,
  "swap-out",
]);
/** More pages, slots or granules than this are never asked for: small memory finds more. */
const largestSize = 4096;
const mostNumber = 2 ** 32 - 1;

const range = (least: number) =>
  z
    .strictObject({
      least: z.int().min(least).max(largestSize),
      most: z.int().min(least).max(largestSize),
    })
    .readonly();

const one = { least: 1, most: 1 } as const;
const none = { least: 0, most: 0 } as const;

const sizesSchema = z
  .strictObject({
    granulesPerPage: range(1).default(one),
    /** Pages that callers may hold at once, in memory of either kind. */
    handles: range(1).default(one),
    /** How many of them lie in memory that can carry tags. */
    taggablePages: range(1).default(one),
    slots: range(0).default(none),
    files: range(0).default(none),
    pagesPerFile: range(0).default(none),
  })
  .readonly();

export const capabilitiesSchema = z
  .strictObject({
    operations: z.array(z.enum(operationKinds)).min(1).max(operationKinds.length).readonly(),
    sizes: sizesSchema,
    /** What a get does to the entry that it hits. */
    getForm: z.enum(["consuming", "keeping"]).default("keeping"),
    contexts: z
      .array(z.enum(["sleepable", "atomic"]))
      .min(1)
      .max(2)
      .readonly()
      .default(["sleepable"]),
    /** Allocations of up to 2^order pages. */
    largestOrder: z.int().min(0).max(10).default(0),
    /** Pages in one swap-out. */
    largestFolio: z.int().min(1).max(512).default(1),
    swapInPaths: z
      .array(z.enum(["fault", "swapoff", "shmem"]))
      .min(1)
      .max(3)
      .readonly()
      .default(["fault", "swapoff", "shmem"]),
    largestTag: z.int().min(1).max(highestTag).default(highestTag),
    /** Contents of a page are told as numbers; equal numbers are equal bytes, 0 is all zeroes. */
    largestContents: z.int().min(1).max(mostNumber).default(mostNumber),
    /** Owners of pages: 0 and up. */
    owners: z.int().min(1).max(64).default(1),
    /** Users of one swap slot at most. */
    mostSharers: z.int().min(1).max(64).default(1),
    /** Answers "refused" to what nobody may ask, so that it may be asked. */
    refuses: z.boolean().default(false),
  })
  .readonly();

export type Capabilities = z.infer<typeof capabilitiesSchema>;
type Sizes = z.infer<typeof sizesSchema>;
export type SizeName = keyof Sizes;

export const sizeNames: readonly SizeName[] = [
  "granulesPerPage",
  "handles",
  "taggablePages",
  "slots",
  "files",
  "pagesPerFile",
];

export const limitsSchema = z
  .strictObject({
    granulesPerPage: z.int().min(1).max(largestSize),
    handles: z.int().min(1).max(largestSize),
    taggablePages: z.int().min(1).max(largestSize),
    slots: z.int().min(0).max(largestSize),
    files: z.int().min(0).max(largestSize),
    pagesPerFile: z.int().min(0).max(largestSize),
    getForm: z.enum(["consuming", "keeping"]),
  })
  .readonly() satisfies z.ZodType<Limits>;

/** Does the adapter stand for the page cache too, or for the cache behind it alone? */
export const isCacheAlone = ({ operations }: Pick<Capabilities, "operations">): boolean =>
  operations.some((kind) => cacheKinds.has(kind));

export type CapabilityProblem = { readonly field: string; readonly message: string };

/** What is wrong with capabilities beyond their form: nobody could ask anything sensible. */
export const capabilityProblem = (capabilities: Capabilities): CapabilityProblem | null => {
  const { operations, sizes } = capabilities;
  const named = (kinds: ReadonlySet<OperationKind>) => operations.find((kind) => kinds.has(kind));
  const problem = (field: string, expected: string, found: string): CapabilityProblem => ({
    field: `capabilities.${field}`,
    message: `expected ${expected}, found ${found}`,
  });
  for (const name of sizeNames) {
    const { least, most } = sizes[name];
    if (least > most) return problem(`sizes.${name}`, "least up to most", `${least} and ${most}`);
  }
  const { handles, taggablePages, slots, files, pagesPerFile } = sizes;
  if (handles.most < taggablePages.least) {
    const expected = `at least ${taggablePages.least} handles, one for each taggable page`;
    return problem("sizes.handles", expected, `${handles.most}`);
  }
  const [file, cache, swap, page] = [fileKinds, cacheKinds, swapKinds, pageKinds].map(named);
  if (file && cache) {
    const expected = "file operations or cache operations: the cache is inside, or it is asked";
    return problem("operations", expected, `"${file}" and "${cache}"`);
  }
  if (swap && slots.most === 0) return problem("sizes.slots", `a slot for "${swap}"`, "none");
  const needsFile = file ?? cache;
  if (needsFile && files.most * pagesPerFile.most === 0)
    return problem("sizes.files", `a file with a page for "${needsFile}"`, "none");
  if (page && !operations.includes("allocate"))
    return problem("operations", `"allocate" beside "${page}"`, "none");
  return null;
};
