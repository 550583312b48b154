/** Tags and bytes of live pages, and PROT_MTE on a page that exists. */
import { match } from "ts-pattern";
import {
  type Asked,
  accept,
  demand,
  illFormed,
  type Judgement,
  onNamedPage,
  sameTags,
  strangeOutcome,
} from "./judgement.ts";
import type { AccessOperation } from "./operations.ts";
import { shortage, used } from "./pages.ts";
import { highestTag, type Page, type Tag, zeroTags } from "./state.ts";

type AccessOf<Kind extends AccessOperation["kind"]> = Asked<
  Extract<AccessOperation, { kind: Kind }>
>;

const enableTags = (asked: AccessOf<"enable-tags">): Judgement => {
  const { contract, memory, operation, outcome } = asked;
  const page = memory.pages[operation.handle];
  if (!page) return illFormed(`page ${operation.handle} is not live`);
  if (outcome.kind === "no-memory")
    return accept(asked, [shortage(asked, "no-memory-only-when-short", 0)]);
  const tags = page.tagged ? page.tags : zeroTags(contract.limits);
  return onNamedPage(asked, operation.handle, (seen) => {
    const right = seen.tagged !== false && (!seen.tags || sameTags(seen.tags, tags));
    const shown = () =>
      seen.tagged === false
        ? `page ${operation.handle} is not flagged as tagged`
        : `page ${operation.handle} shows the tags ${seen.tags?.join(" ")}`;
    return accept(
      asked,
      [
        demand("storage-is-never-tagged", page.home === "taggable", () => "it lies in tag storage"),
        demand("enabled-tags-are-zero", page.tagged || right, shown),
        demand("enabling-again-keeps-tags", !page.tagged || right, shown),
        demand(
          "enabling-keeps-bytes",
          seen.bytes === undefined || seen.bytes === page.bytes,
          () => `bytes ${page.bytes} became ${seen.bytes}`,
        ),
      ],
      (before) => (page.tagged ? before : used(before, operation.handle, { tagged: true, tags })),
    );
  });
};

/** A granule of a page that has tags: nobody may ask for the tag of any other. */
const onGranule = (
  asked: AccessOf<"write-tag"> | AccessOf<"read-tag">,
  judge: (page: Page, written: Tag) => Judgement,
): Judgement => {
  const { handle, granule } = asked.operation;
  const page = asked.memory.pages[handle];
  if (!page?.tagged) return illFormed(`page ${handle} is not tagged`);
  const written = page.tags[granule];
  return written === undefined
    ? illFormed(`granules are 0 to ${page.tags.length - 1}`)
    : judge(page, written);
};

const writeTag = (asked: AccessOf<"write-tag">): Judgement =>
  onGranule(asked, (page) => {
    const { handle, granule, tag } = asked.operation;
    if (tag < 0 || tag > highestTag) return illFormed(`tags are 0 to ${highestTag}`);
    if (asked.outcome.kind !== "done") return strangeOutcome(asked);
    const tags = page.tags.map((before, at) => (at === granule ? tag : before));
    return accept(asked, [], (before) => used(before, handle, { tags }));
  });

const readTag = (asked: AccessOf<"read-tag">): Judgement =>
  onGranule(asked, (_, written) => {
    const { operation, outcome } = asked;
    if (outcome.kind !== "tag") return strangeOutcome(asked);
    return accept(asked, [
      demand(
        "a-tag-read-returns-the-last-write",
        outcome.tag === written,
        () => `page ${operation.handle} granule ${operation.granule}: ${written} was written last`,
      ),
    ]);
  });

const writeBytes = (asked: AccessOf<"write-bytes">): Judgement => {
  const { memory, operation, outcome } = asked;
  if (!memory.pages[operation.handle]) return illFormed(`page ${operation.handle} is not live`);
  return outcome.kind === "done"
    ? accept(asked, [], (now) => used(now, operation.handle, { bytes: operation.bytes }))
    : strangeOutcome(asked);
};

const readBytes = (asked: AccessOf<"read-bytes">): Judgement => {
  const { memory, operation, outcome } = asked;
  const page = memory.pages[operation.handle];
  if (!page) return illFormed(`page ${operation.handle} is not live`);
  if (outcome.kind !== "bytes") return strangeOutcome(asked);
  return accept(asked, [
    demand(
      "a-byte-read-returns-the-last-write",
      outcome.bytes === page.bytes,
      () => `page ${operation.handle}: ${page.bytes} was written last, ${outcome.bytes} read`,
    ),
  ]);
};

export const judgeAccess = (asked: Asked<AccessOperation>): Judgement =>
  match(asked)
    .with({ operation: { kind: "enable-tags" } }, enableTags)
    .with({ operation: { kind: "write-tag" } }, writeTag)
    .with({ operation: { kind: "read-tag" } }, readTag)
    .with({ operation: { kind: "write-bytes" } }, writeBytes)
    .with({ operation: { kind: "read-bytes" } }, readBytes)
    .exhaustive();
