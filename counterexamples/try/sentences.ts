/**
 * The sentences of a story: what an actor can be told to do, in the words in which a replay tells
 * it, and the operation that each stands for. `{page}` and `{slot}` take a number or a name that an
 * earlier line gave with "as"; the other places take numbers.
 */
import type { ActorSpec, Environment, Offer, Operation } from "../../model/index.ts";

/** A place in a sentence. Files, their pages and granules count from 0. */
const operandNames = ["page", "slot", "tag", "granule", "bytes", "index", "file"] as const;
export type OperandName = (typeof operandNames)[number];

/** The number that stands at a place of the sentence. */
type Operands = (name: OperandName) => number;

type Asks = {
  readonly kind: "operation";
  /** What an actor of the scope has to be offered for it. */
  readonly offer: Offer;
  /** What its outcome gives a name to. */
  readonly gives?: "page" | "slot";
  readonly makes: (operand: Operands, actor: ActorSpec) => Operation;
};

/** Done by the world around, in the name of a process whose pages it concerns. */
type Pins = {
  readonly kind: "environment";
  readonly makes: (operand: Operands) => Environment;
};

export type Sentence = { readonly words: string } & (Asks | Pins);

const asks = (
  words: string,
  offer: Offer,
  makes: Asks["makes"],
  gives?: "page" | "slot",
): Sentence => ({ words, kind: "operation", offer, makes, ...(gives && { gives }) });

const allocates =
  (tagged: boolean): Asks["makes"] =>
  (_operand, { kind, owner }) => {
    const context = kind === "interrupt" ? "atomic" : "sleepable";
    return {
      kind: "allocate",
      owner,
      tagged,
      zeroed: context === "sleepable",
      context,
      order: 0,
    };
  };

const swapsIn =
  (path: "fault" | "swapoff" | "shmem", mapping: "tagged" | "untagged"): Asks["makes"] =>
  (operand) => ({ kind: "swap-in", slot: operand("slot"), path, mapping });

const page = (operand: Operands) => ({ file: operand("file"), index: operand("index") });

export const sentences: readonly Sentence[] = [
  asks("allocates a tagged page", "allocate-tagged", allocates(true), "page"),
  asks("allocates an untagged page", "allocate-untagged", allocates(false), "page"),
  asks("frees page {page}", "free", (of) => ({ kind: "free", handle: of("page") })),
  asks("migrates page {page}", "migrate", (of) => ({ kind: "migrate", handle: of("page") })),
  asks("enables tags on page {page}", "enable-tags", (of) => ({
    kind: "enable-tags",
    handle: of("page"),
  })),
  asks("writes tag {tag} to granule {granule} of page {page}", "write-tag", (of) => ({
    kind: "write-tag",
    handle: of("page"),
    granule: of("granule"),
    tag: of("tag"),
  })),
  asks("reads the tag of granule {granule} of page {page}", "read-tag", (of) => ({
    kind: "read-tag",
    handle: of("page"),
    granule: of("granule"),
  })),
  asks("writes bytes {bytes} to page {page}", "write-bytes", (of) => ({
    kind: "write-bytes",
    handle: of("page"),
    bytes: of("bytes"),
  })),
  asks("reads the bytes of page {page}", "read-bytes", (of) => ({
    kind: "read-bytes",
    handle: of("page"),
  })),
  asks(
    "copies page {page}",
    "copy",
    (of, { owner }) => ({ kind: "copy", from: of("page"), owner }),
    "page",
  ),
  asks(
    "swaps page {page} out",
    "swap-out",
    (of) => ({ kind: "swap-out", handles: [of("page")] }),
    "slot",
  ),
  asks("swaps slot {slot} in by a fault", "swap-in-fault", swapsIn("fault", "tagged"), "page"),
  asks(
    "swaps slot {slot} in by a fault, for an untagged mapping",
    "swap-in-untagged",
    swapsIn("fault", "untagged"),
    "page",
  ),
  asks("swaps slot {slot} in by swapoff", "swap-in-swapoff", swapsIn("swapoff", "tagged"), "page"),
  asks("swaps slot {slot} in by shmem", "swap-in-shmem", swapsIn("shmem", "tagged"), "page"),
  asks("shares slot {slot} with one more user", "share-slot", (of) => ({
    kind: "share-slot",
    slot: of("slot"),
  })),
  asks("drops one use of slot {slot}", "free-slot", (of) => ({
    kind: "free-slot",
    slot: of("slot"),
  })),
  asks("reads page {index} of file {file}", "read-file", (of) => ({
    kind: "read-file",
    ...page(of),
  })),
  asks("writes bytes {bytes} to page {index} of file {file}", "write-file", (of) => ({
    kind: "write-file",
    ...page(of),
    bytes: of("bytes"),
  })),
  asks("writes page {index} of file {file} back to the disk", "write-back", (of) => ({
    kind: "write-back",
    ...page(of),
  })),
  asks(
    "writes bytes {bytes} straight to the disk under page {index} of file {file}",
    "direct-write",
    (of) => ({ kind: "direct-write", ...page(of), bytes: of("bytes") }),
  ),
  asks("cuts off page {index} of file {file}", "truncate", (of) => ({
    kind: "truncate",
    ...page(of),
  })),
  asks("evicts page {index} of file {file} from the page cache", "evict", (of) => ({
    kind: "evict",
    ...page(of),
  })),
  asks("unlinks file {file}", "unlink", (of) => ({ kind: "unlink", file: of("file") })),
  asks("creates a new file {file}", "create", (of) => ({ kind: "create", file: of("file") })),
  asks("unmounts the file system", "unmount", () => ({ kind: "unmount" })),
  asks("mounts the file system", "mount", () => ({ kind: "mount" })),
  asks("drops the cached copy of page {index} of file {file}", "drop", (of) => ({
    kind: "drop",
    ...page(of),
  })),
  {
    words: "pins page {page}",
    kind: "environment",
    makes: (of) => ({ kind: "pin", handle: of("page") }),
  },
  {
    words: "lets page {page} go",
    kind: "environment",
    makes: (of) => ({ kind: "unpin", handle: of("page") }),
  },
];

/** The names of a sentence's places, in their order. */
export const operandsOf = ({ words }: Sentence): readonly OperandName[] =>
  operandNames
    .filter((name) => words.includes(`{${name}}`))
    .toSorted((a, b) => words.indexOf(`{${a}}`) - words.indexOf(`{${b}}`));
