/** Everything that a thing may be of which nothing is known. */
import type { FilePage, Limits } from "../../model/index.ts";
import { anyPage, anySharers, type FlatPage, type FlatSlot, strangeTags } from "./values.ts";

export const unknownPages = ({ granulesPerPage }: Limits): readonly (FlatPage | null)[] => {
  const page = { bytes: -1, copyOf: anyPage };
  return [
    null,
    { ...page, home: "taggable", tags: strangeTags(granulesPerPage, 0) },
    { ...page, home: "taggable", tags: null },
    { ...page, home: "untaggable", tags: null },
  ];
};

export const unknownSlots = ({ granulesPerPage }: Limits): readonly (FlatSlot | null)[] => [
  null,
  { sharers: anySharers, tags: strangeTags(granulesPerPage, 0), bytes: -1 },
  { sharers: anySharers, tags: null, bytes: -1 },
];

/** Why a key is empty is unknown too, which `forgotten` stands for. */
export const unknownFilePages: readonly FilePage[] = [
  null,
  { bytes: -2, dirty: false },
  { bytes: -2, dirty: true },
].flatMap((resident) =>
  [{ kind: "empty", because: "forgotten" } as const, { kind: "holds", bytes: -3 } as const].flatMap(
    (cached) => [null, -4].map((unsaved) => ({ disk: -1, resident, cached, unsaved })),
  ),
);
