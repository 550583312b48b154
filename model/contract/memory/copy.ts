/** Copies: for copy-on-write and fork, and the same copy made again. */
import { match } from "ts-pattern";
import {
  type Asked,
  accept,
  demand,
  illFormed,
  type Judgement,
  onNamedPage,
  onNewPage,
  sameTags,
} from "./judgement.ts";
import type { CopyOperation } from "./operations.ts";
import { homeOf, placing, put, shortage } from "./pages.ts";
import type { Bytes, Tag } from "./state.ts";

const copy = (asked: Asked<Extract<CopyOperation, { kind: "copy" }>>): Judgement => {
  const { memory, operation, outcome, choice } = asked;
  const source = memory.pages[operation.from];
  if (!source) return illFormed(`page ${operation.from} is not live`);
  if (outcome.kind === "no-memory")
    return accept(asked, [shortage(asked, "no-memory-only-when-short", 0)]);
  const home = homeOf(choice);
  return onNewPage(asked, (handle, seen) => {
    const { tagged = source.tagged, tags = source.tags, bytes = source.bytes } = seen;
    return accept(
      asked,
      [
        ...placing(asked, [handle], [home], () => source.tagged),
        demand(
          "a-copy-carries-the-tags",
          !source.tagged || (tagged && sameTags(tags, source.tags)),
          () =>
            tagged
              ? `the source has the tags ${source.tags.join(" ")}, the copy ${tags.join(" ")}`
              : "the source is tagged and the copy is not",
        ),
        demand(
          "an-untagged-source-gives-no-tags",
          source.tagged || !tagged,
          () => "the source is not tagged and the copy is",
        ),
        demand(
          "a-copy-carries-the-bytes",
          bytes === source.bytes,
          () => `the source has the bytes ${source.bytes}, the copy ${bytes}`,
        ),
      ],
      (before) =>
        put(before, handle, { ...source, owner: operation.owner, home, copyOf: operation.from }),
    );
  });
};

const look = (tagged: boolean, tags: readonly Tag[], bytes: Bytes): string =>
  `${tagged ? `the tags ${tags.join(" ")}` : "no tags"} and the bytes ${bytes}`;

const copyAgain = (asked: Asked<Extract<CopyOperation, { kind: "copy-again" }>>): Judgement => {
  const { memory, operation } = asked;
  const source = memory.pages[operation.from];
  const target = memory.pages[operation.to];
  if (!source || !target || operation.from === operation.to)
    return illFormed("a copy is made again from one live page to another");
  const unused = target.copyOf === operation.from;
  const expected = unused ? source : target;
  return onNamedPage(asked, operation.to, (seen) => {
    const { tagged = expected.tagged, tags = expected.tags, bytes = expected.bytes } = seen;
    const right =
      tagged === expected.tagged && sameTags(tags, expected.tags) && bytes === expected.bytes;
    const cause = () =>
      `page ${operation.to} shows ${look(tagged, tags, bytes)}` +
      ` instead of ${look(expected.tagged, expected.tags, expected.bytes)}`;
    return accept(
      asked,
      [
        demand(
          "storage-is-never-tagged",
          !expected.tagged || target.home === "taggable",
          () => `page ${operation.to} lies in memory that cannot carry tags`,
        ),
        demand("a-repeated-copy-takes-the-source-again", !unused || right, cause),
        demand("a-copy-never-overwrites-newer-tags", unused || right, cause),
      ],
      (before) => {
        const { tagged: flag, tags: now, bytes: held } = expected;
        return put(before, operation.to, { ...target, tagged: flag, tags: now, bytes: held });
      },
    );
  });
};

export const judgeCopy = (asked: Asked<CopyOperation>): Judgement =>
  match(asked)
    .with({ operation: { kind: "copy" } }, copy)
    .with({ operation: { kind: "copy-again" } }, copyAgain)
    .exhaustive();
