/** Operations, choices and outcomes in the words of somebody who reads kernels: one clause each. */
import { match, P } from "ts-pattern";
import type { Choice, Operation, Outcome, Seen } from "./operations.ts";
import type { Home } from "./state.ts";

const most = 6;
const few = 2;

/** A list that stays short: the first few, and how many there are. */
const listed = (items: readonly (number | string)[]): string =>
  items.length <= most
    ? items.join(" ")
    : `${items.slice(0, few).join(" ")} ... (${items.length} in all)`;

const named = (thing: string, numbers: readonly number[]): string =>
  numbers.length === 1 ? `${thing} ${numbers[0]}` : `${thing}s ${listed(numbers)}`;

const at = ({ file, index }: { readonly file: number; readonly index: number }): string =>
  `page ${index} of file ${file}`;

const size = (order: number, tagged: boolean): string => {
  const flag = tagged ? "tagged" : "untagged";
  return order === 0 ? `${tagged ? "a" : "an"} ${flag} page` : `2^${order} ${flag} pages`;
};

/** Completes "somebody ...". */
export const describeOperation = (operation: Operation): string =>
  match(operation)
    .with({ kind: "allocate" }, ({ owner, tagged, zeroed, context, order }) => {
      const filled = zeroed ? "zeroed, " : "";
      return `allocates ${size(order, tagged)}, ${filled}for owner ${owner} in ${context} context`;
    })
    .with({ kind: "free" }, ({ handle }) => `frees page ${handle}`)
    .with({ kind: "migrate" }, ({ handle }) => `migrates page ${handle}`)
    .with({ kind: "enable-tags" }, ({ handle }) => `enables tags on page ${handle}`)
    .with(
      { kind: "write-tag" },
      ({ handle, granule, tag }) => `writes tag ${tag} to granule ${granule} of page ${handle}`,
    )
    .with(
      { kind: "read-tag" },
      ({ handle, granule }) => `reads the tag of granule ${granule} of page ${handle}`,
    )
    .with({ kind: "write-bytes" }, ({ handle, bytes }) => `writes bytes ${bytes} to page ${handle}`)
    .with({ kind: "read-bytes" }, ({ handle }) => `reads the bytes of page ${handle}`)
    .with({ kind: "copy" }, ({ from, owner }) => `copies page ${from} for owner ${owner}`)
    .with({ kind: "copy-again" }, ({ from, to }) => `copies page ${from} onto page ${to} again`)
    .with({ kind: "swap-out" }, ({ handles }) => `swaps ${named("page", handles)} out`)
    .with({ kind: "swap-in" }, ({ slot, path, mapping }) => {
      const by = path === "fault" ? "a fault" : path;
      const asking = mapping === "tagged" ? "a tagged mapping" : "an untagged mapping";
      return `swaps slot ${slot} in by ${by}, for ${asking}`;
    })
    .with(
      { kind: "restore-again" },
      ({ slot, handle }) => `restores the tags of slot ${slot} onto page ${handle} again`,
    )
    .with({ kind: "share-slot" }, ({ slot }) => `shares slot ${slot} with one more user`)
    .with({ kind: "free-slot" }, ({ slot }) => `drops one use of slot ${slot}`)
    .with({ kind: "swapoff" }, () => "takes the swap device away")
    .with({ kind: "read-file" }, (where) => `reads ${at(where)}`)
    .with({ kind: "write-file" }, (where) => `writes bytes ${where.bytes} to ${at(where)}`)
    .with({ kind: "write-back" }, (where) => `writes ${at(where)} back to the disk`)
    .with(
      { kind: "direct-write" },
      (where) => `writes bytes ${where.bytes} straight to the disk under ${at(where)}`,
    )
    .with({ kind: "truncate" }, (where) => `cuts off ${at(where)}`)
    .with({ kind: "evict" }, (where) => `evicts ${at(where)} from the page cache`)
    .with({ kind: "unlink" }, ({ file }) => `unlinks file ${file}`)
    .with({ kind: "create" }, ({ file }) => `creates a new file ${file}`)
    .with({ kind: "unmount" }, () => "unmounts the file system")
    .with({ kind: "mount" }, () => "mounts the file system")
    .with({ kind: "put" }, (where) => `puts ${at(where)}, holding bytes ${where.bytes}`)
    .with({ kind: "get" }, (where) => `gets ${at(where)}`)
    .with({ kind: "invalidate-page" }, (where) => `invalidates ${at(where)}`)
    .with({ kind: "invalidate-object" }, ({ file }) => `invalidates every page of file ${file}`)
    .with({ kind: "invalidate-pool" }, () => "invalidates the whole pool")
    .with({ kind: "drop" }, (where) => `drops the cached copy of ${at(where)}`)
    .exhaustive();

const homeWords = (home: Home): string =>
  home === "taggable" ? "taggable memory" : "memory without tags";

/** Completes "somebody decides: ...". */
export const describeChoice = (choice: Choice): string =>
  match(choice)
    .with({ kind: "none" }, () => "nothing is left to decide")
    .with({ kind: "placed", homes: P.array("taggable") }, () => "placed in taggable memory")
    .with({ kind: "placed", homes: P.array("untaggable") }, () => "placed in memory without tags")
    .with({ kind: "placed" }, ({ homes }) => {
      const hidden = homes.filter((home) => home === "untaggable").length;
      return homes.length <= few
        ? `placed in ${homes.map(homeWords).join(" and ")}`
        : `${hidden} of ${homes.length} pages placed in ${homeWords("untaggable")}`;
    })
    .with({ kind: "short" }, ({ inFlight }) =>
      inFlight === 1
        ? "1 operation under way could hold a page"
        : `${inFlight} operations under way could hold pages`,
    )
    .with({ kind: "stored" }, () => "the cache stores it")
    .with({ kind: "dropped" }, () => "the cache does not store it")
    .exhaustive();

const allEqual = (items: readonly unknown[]): boolean => items.every((item) => item === items[0]);

const tagWords = (tags: readonly number[]): string =>
  tags.length > few && allEqual(tags) ? `tag ${tags[0]} throughout` : named("tag", tags);

/** What was looked at, as ": a, b"; empty when nothing was. */
const seenWords = ({ tagged, tags, bytes }: Seen): string => {
  const untagged = tagged === false ? ["untagged"] : [];
  const flagged = tagged === true && !tags?.length ? ["tagged"] : [];
  const shown = tags?.length ? [tagWords(tags)] : [];
  const held = bytes === undefined ? [] : [`bytes ${bytes}`];
  const words = [...untagged, ...flagged, ...shown, ...held];
  return words.length === 0 ? "" : `: ${words.join(", ")}`;
};

/** Completes "the caller ...". */
export const describeOutcome = (outcome: Outcome): string =>
  match(outcome)
    .with({ kind: "done" }, () => "sees it done")
    .with({ kind: "pages" }, ({ handles, seen }) => {
      const looks = new Set(seen.map(seenWords));
      const [first = "", ...others] = looks;
      return `gets ${named("page", handles)}${others.length === 0 ? first : ", not all alike"}`;
    })
    .with({ kind: "page" }, ({ handle, seen }) => `gets page ${handle}${seenWords(seen)}`)
    .with({ kind: "no-memory" }, () => "is told there is no memory")
    .with({ kind: "tag" }, ({ tag }) => `reads tag ${tag}`)
    .with({ kind: "bytes" }, ({ bytes }) => `reads bytes ${bytes}`)
    .with({ kind: "swapped" }, ({ slots }) => `gets ${named("slot", slots)}`)
    .with({ kind: "save-failed" }, ({ entriesLeft }) =>
      entriesLeft === 0
        ? "is told that saving the tags failed"
        : `is told that saving failed, and ${entriesLeft} saved tags can still be found`,
    )
    .with({ kind: "hit" }, ({ bytes }) => `hits and gets bytes ${bytes}`)
    .with({ kind: "miss", touched: false }, () => "misses")
    .with({ kind: "miss" }, () => "misses, and its page was written to")
    .with({ kind: "slot" }, ({ freed }) => (freed ? "frees the slot" : "leaves the slot in use"))
    .with({ kind: "failed" }, () => "sees it fail")
    .exhaustive();
