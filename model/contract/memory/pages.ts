/** Allocation in every context and order, free, and the migration that nobody sees. */
import { match } from "ts-pattern";
import {
  type Asked,
  accept,
  type Demand,
  demand,
  illFormed,
  type Judgement,
  onNamedPage,
  sameTags,
  strangeOutcome,
} from "./judgement.ts";
import type { Choice, Operation, PageOperation, Seen } from "./operations.ts";
import type { Handle, Home, Memory, Page } from "./state.ts";
import { freeTaggablePages, noTags, zeroTags } from "./state.ts";

/** Where the implementer put the page; every page lies somewhere, taggable unless it says not. */
export const homeOf = (choice: Choice, position = 0): Home =>
  choice.kind === "placed" ? (choice.homes[position] ?? "taggable") : "taggable";

/** The demands on handing out pages: free handles, homes that exist, no tagged one in storage. */
export const placing = (
  { contract, memory }: Asked,
  handles: readonly Handle[],
  homes: readonly Home[],
  tagged: (position: number) => boolean,
): readonly Demand[] => {
  const taken = handles.filter((handle) => memory.pages[handle] !== null);
  const wanted = homes.filter((home) => home === "taggable").length;
  const free = freeTaggablePages(contract.limits, memory);
  return [
    demand("no-page-is-given-twice", taken.length === 0, () => `page ${taken[0]} is in use`),
    demand("no-more-pages-than-memory", wanted <= free, () => `${free} taggable pages are free`),
    demand(
      "storage-is-never-tagged",
      homes.every((home, position) => home === "taggable" || !tagged(position)),
      () => "the tagged page lies in memory that cannot carry tags",
    ),
  ];
};

/** The demand on a request that failed for want of memory. Larger orders may fail by fragments. */
export const shortage = (
  { contract, memory, choice }: Asked,
  rule: "an-atomic-tagged-allocation-succeeds" | "no-memory-only-when-short",
  order: number,
): Demand => {
  const free = freeTaggablePages(contract.limits, memory);
  const inFlight = choice.kind === "short" ? choice.inFlight : 0;
  return demand(
    rule,
    order > 0 || free <= inFlight,
    () => `${free} taggable pages were free and ${inFlight} operations under way could hold them`,
  );
};

/** The page with this handle from now on. Whoever was a copy of a page that is gone is one no more. */
export const put = (memory: Memory, handle: Handle, page: Page | null): Memory => ({
  ...memory,
  pages: memory.pages.map((other, at) => {
    if (at === handle) return page;
    return page === null && other?.copyOf === handle ? { ...other, copyOf: null } : other;
  }),
});

/** A page that is used after it was copied is no longer "the copy". */
export const used = (memory: Memory, handle: Handle, change: Partial<Page> = {}): Memory => {
  const page = memory.pages[handle];
  return page ? put(memory, handle, { ...page, copyOf: null, ...change }) : memory;
};

const allocate = (asked: Asked<Extract<Operation, { kind: "allocate" }>>): Judgement => {
  const { operation, contract } = asked;
  const { limits } = contract;
  return match(asked.outcome)
    .with({ kind: "pages" }, ({ handles, seen }) => {
      if (new Set(handles).size !== handles.length) return illFormed("a handle is returned twice");
      if (handles.some((handle) => asked.memory.pages[handle] === undefined))
        return illFormed(`handles are 0 to ${limits.handles - 1}`);
      const homes = handles.map((_, position) => homeOf(asked.choice, position));
      const looks = handles.map((_, position): Seen => seen[position] ?? {});
      /** A sleepable caller may get its tags later, by the fault on its first access. */
      const ready = (look: Seen) => operation.tagged && look.tagged !== false;
      return accept(
        asked,
        [
          demand(
            "an-allocation-is-whole",
            handles.length === 2 ** operation.order,
            () => `${handles.length} pages were returned for order ${operation.order}`,
          ),
          demand(
            "an-atomic-tagged-page-is-ready",
            operation.context === "sleepable" || !operation.tagged || looks.every(ready),
            () => "the page was given without a place for its tags",
          ),
          ...placing(asked, handles, homes, (position) => ready(looks[position] ?? {})),
          demand(
            "no-tags-unasked",
            operation.tagged || looks.every((look) => look.tagged !== true),
            () => "nobody asked for tags, and the page is flagged as tagged",
          ),
          ...looks.flatMap((look, position) => [
            demand(
              "fresh-tags-are-zero",
              !ready(look) || !look.tags || sameTags(look.tags, zeroTags(limits)),
              () => `page ${handles[position]} shows the tags ${look.tags?.join(" ")}`,
            ),
            demand(
              "fresh-bytes-are-zero",
              !operation.zeroed || look.bytes === undefined || look.bytes === 0,
              () => `page ${handles[position]} shows the bytes ${look.bytes}`,
            ),
          ]),
        ],
        (memory) =>
          handles.reduce((so, handle, position) => {
            const look = looks[position] ?? {};
            return put(so, handle, {
              owner: operation.owner,
              home: homes[position] ?? "taggable",
              tagged: ready(look),
              tags: ready(look) ? zeroTags(limits) : noTags,
              bytes: operation.zeroed ? 0 : (look.bytes ?? 0),
              copyOf: null,
            });
          }, memory),
      );
    })
    .with({ kind: "no-memory" }, () =>
      accept(asked, [
        operation.context === "atomic" && operation.tagged
          ? shortage(asked, "an-atomic-tagged-allocation-succeeds", operation.order)
          : shortage(asked, "no-memory-only-when-short", operation.order),
      ]),
    )
    .otherwise(() => strangeOutcome(asked));
};

const migrate = (asked: Asked<Extract<Operation, { kind: "migrate" }>>): Judgement => {
  const { memory, operation, choice } = asked;
  const page = memory.pages[operation.handle];
  if (!page) return illFormed(`page ${operation.handle} is not live`);
  const home = homeOf(choice);
  const arrives = home === "taggable" && page.home !== "taggable";
  return onNamedPage(asked, operation.handle, (seen) => {
    const { tagged = page.tagged, tags = page.tags, bytes = page.bytes } = seen;
    return accept(
      asked,
      [
        demand(
          "storage-is-never-tagged",
          !page.tagged || home === "taggable",
          () => `page ${operation.handle} is tagged and moved to memory without tags`,
        ),
        demand(
          "no-more-pages-than-memory",
          !arrives || freeTaggablePages(asked.contract.limits, memory) > 0,
          () => "no taggable page was free",
        ),
        demand(
          "migration-keeps-tags",
          tagged === page.tagged && sameTags(tags, page.tags),
          () => `tags ${page.tags.join(" ")} became ${tags.join(" ")}`,
        ),
        demand(
          "migration-keeps-bytes",
          bytes === page.bytes,
          () => `${page.bytes} became ${bytes}`,
        ),
      ],
      (before) => put(before, operation.handle, { ...page, home }),
    );
  });
};

const free = (asked: Asked<Extract<Operation, { kind: "free" }>>): Judgement => {
  const { memory, operation, outcome } = asked;
  if (!memory.pages[operation.handle]) return illFormed(`page ${operation.handle} is not live`);
  return outcome.kind === "done"
    ? accept(asked, [], (before) => put(before, operation.handle, null))
    : strangeOutcome(asked);
};

export const judgePages = (asked: Asked<PageOperation>): Judgement =>
  match(asked)
    .with({ operation: { kind: "allocate" } }, allocate)
    .with({ operation: { kind: "free" } }, free)
    .with({ operation: { kind: "migrate" } }, migrate)
    .exhaustive();
