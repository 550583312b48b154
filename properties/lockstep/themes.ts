/**
 * The suites by theme: each has the actors, the operations and the shapes of memory that make its
 * problem frequent. Memory is small and everybody shares it, so that blocks, slots, frames and file
 * identities are used again and again.
 */
import { packedDesigns } from "../../impl/index.ts";
import {
  type ActorSpec,
  type Design,
  type Geometry,
  makeGeometry,
  type Offer,
  type Scope,
} from "../../model/index.ts";
import { modelOnly, type Theme, themesOf } from "./model-only.ts";

export type { Theme } from "./model-only.ts";

const using: readonly Offer[] = ["write-tag", "read-tag", "write-bytes", "read-bytes"];
const allocating: readonly Offer[] = ["allocate-tagged", "allocate-untagged", "free"];
const swappingIn: readonly Offer[] = [
  "swap-in-fault",
  "swap-in-untagged",
  "swap-in-shmem",
  "share-slot",
  "free-slot",
];
const changingFiles: readonly Offer[] = ["read-file", "write-file", "direct-write", "truncate"];
const identities: readonly Offer[] = ["unlink", "create", "unmount", "mount"];

const actor = (spec: Partial<ActorSpec> & Pick<ActorSpec, "name" | "may">): ActorSpec => ({
  kind: "task",
  cpu: 0,
  owner: 0,
  everyones: false,
  ...spec,
});
const task = (...may: readonly Offer[]): ActorSpec => actor({ name: "task", may });
const other = (...may: readonly Offer[]): ActorSpec =>
  actor({ name: "other", cpu: 1, owner: 1, may });
const sharer = (...may: readonly Offer[]): ActorSpec =>
  actor({ name: "sharer", cpu: 2, owner: 3, everyones: true, may });
const interrupt = (...may: readonly Offer[]): ActorSpec =>
  actor({ name: "interrupt", kind: "interrupt", owner: 2, may });
const kernel = (...may: readonly Offer[]): ActorSpec =>
  actor({ name: "kernel", cpu: 1, owner: 3, everyones: true, may });

type Shape = {
  readonly blockPages: number;
  readonly pages: number;
  readonly granules: number;
  readonly regions: readonly number[];
};

const geometryOf = ({ blockPages, pages, granules, regions }: Shape): Geometry =>
  makeGeometry({ blockPages, pagesPerStoragePage: pages, granulesPerPage: granules }, regions);

const one: Shape = { blockPages: 1, pages: 3, granules: 1, regions: [2] };
const fine: Shape = { blockPages: 1, pages: 2, granules: 3, regions: [3] };
const pairs: Shape = { blockPages: 2, pages: 2, granules: 2, regions: [1, 1] };
const triples: Shape = { blockPages: 3, pages: 1, granules: 2, regions: [2] };

const basic: Omit<Scope, "geometry" | "actors"> = {
  otherCmaPages: 0,
  tagValues: 3,
  byteValues: 3,
  slots: 0,
  files: 0,
  pagesPerFile: 0,
  getForm: "consuming",
  folioOrder: 0,
  pins: 0,
  dirtyLines: false,
  mayFail: false,
};

const scopesOf = (
  shapes: readonly Shape[],
  actors: readonly ActorSpec[],
  more: Partial<Scope> = {},
): readonly Scope[] =>
  shapes.map((shape, position) => ({
    ...basic,
    geometry: geometryOf(shape),
    actors,
    /** Every second shape has memory that no design may tag by claiming it. */
    otherCmaPages: position % 2,
    ...more,
  }));

const filesOf = ({ folioOrder }: Design, more: Partial<Scope> = {}): Partial<Scope> => ({
  files: 2,
  pagesPerFile: 2,
  folioOrder,
  ...more,
});

/** Designs with a cache of clean pages. */
const caching = packedDesigns.filter(({ stash, claiming }) => claiming.size > 0 && !stash);

const theme = (
  name: string,
  sentence: string,
  of: readonly Design[],
  scopes: Theme["scopes"],
): Theme => ({ name, sentence, designs: of, scopes });

/** So little storage that whoever claims takes it from under whoever reads. */
const tight = ({ folioOrder }: Design): Shape => ({
  blockPages: 1,
  pages: 2,
  granules: 1,
  regions: [1 + folioOrder],
});

/** Two give tags to the same pages: each meets the other in the middle of it. */
const initialisers: readonly ActorSpec[] = [
  task("allocate-untagged", "free", "enable-tags"),
  sharer("enable-tags"),
];

/** Only claims take copies away: what was put is mostly there when it is looked for. */
const readers: readonly ActorSpec[] = [
  task("read-file", "write-file", "write-back"),
  kernel("evict", "read-file"),
  interrupt("allocate-tagged", "free"),
];

const claimants: readonly ActorSpec[] = [
  task("read-file", "write-file", "write-back", "truncate"),
  kernel("evict", "allocate-tagged", "free", "drop"),
  interrupt("allocate-tagged", "free", "write-tag"),
];

/** The themes of designs that have an implementation. */
const shared: readonly Theme[] = [
  theme(
    "allocation",
    "pages come and go, tagged and not, until there are none",
    packedDesigns,
    () =>
      scopesOf(
        [one, fine, pairs],
        [
          task(...allocating, "write-bytes", "read-bytes"),
          other(...allocating),
          interrupt("allocate-tagged", "free"),
        ],
      ),
  ),
  theme(
    "tagging",
    "tags are enabled, written and read, also on pages that are shared",
    packedDesigns,
    () => [
      ...scopesOf(
        [one, fine, triples],
        [
          task(...allocating, "enable-tags", ...using),
          sharer("enable-tags", "write-tag", "read-tag"),
          interrupt("allocate-tagged", "free", "write-tag"),
        ],
      ),
      ...scopesOf([one], initialisers),
    ],
  ),
  theme("swap-restore", "tagged pages go to swap and come back on every path", packedDesigns, () =>
    scopesOf(
      [one, fine, pairs],
      [
        task("allocate-tagged", "allocate-untagged", "free", ...using, ...swappingIn),
        kernel("swap-out", "swap-in-swapoff"),
        interrupt("allocate-tagged", "free"),
      ],
      { slots: 3, mayFail: true },
    ),
  ),
  theme(
    "cleancache",
    "file pages are read, changed, put and got; files go and come",
    packedDesigns,
    (design) =>
      (["consuming", "keeping"] as const).flatMap((getForm) => [
        ...scopesOf(
          [one, pairs],
          [
            task(...changingFiles, ...identities),
            kernel("evict", "write-back", "drop", "read-file"),
            interrupt("allocate-tagged", "free"),
          ],
          filesOf(design, { mayFail: true, getForm }),
        ),
        ...scopesOf([one, pairs], readers, filesOf(design, { getForm })),
      ]),
  ),
  theme(
    "drop-under-claim",
    "claims take the storage of copies that are in use",
    caching,
    (design) => [
      ...scopesOf([tight(design)], claimants, filesOf(design, { files: 1 })),
      ...scopesOf([one, fine, pairs], claimants, filesOf(design, { getForm: "keeping" })),
    ],
  ),
  theme(
    "atomic-context",
    "interrupts allocate in the middle of everything",
    packedDesigns,
    (design) =>
      scopesOf(
        [one, fine, pairs],
        [
          task("allocate-untagged", "enable-tags", "free", "copy", "read-file", "swap-in-fault"),
          interrupt("allocate-tagged", "allocate-untagged", "free", "write-tag", "read-tag"),
          kernel("evict", "swap-out", "migrate"),
        ],
        filesOf(design, { slots: 2 }),
      ),
  ),
  theme("pinning", "an adversary pins pages that a claim wants to move", packedDesigns, () =>
    [1, 2].flatMap((pins) =>
      scopesOf(
        [one, pairs],
        [
          task("allocate-tagged", "free", "enable-tags", "allocate-untagged", "write-tag"),
          other("allocate-untagged", "free", "write-bytes", "read-bytes"),
          kernel("migrate", "swap-out"),
        ],
        { pins, slots: 1, otherCmaPages: 1 },
      ),
    ),
  ),
  theme(
    "large-folios",
    "folios are read, put, got and dropped whole; blocks have pages",
    packedDesigns,
    (design) =>
      scopesOf(
        [tight(design), pairs, triples],
        [
          task("read-file", "write-file", "write-back", "direct-write", "truncate"),
          kernel("evict", "drop", "allocate-tagged", "free"),
          interrupt("allocate-tagged", "free"),
        ],
        filesOf(design, { byteValues: 4 }),
      ),
  ),
  theme(
    "maintenance",
    "dirty lines of tags and data are written back at any moment",
    packedDesigns,
    (design) =>
      scopesOf(
        [one, pairs],
        [
          task("allocate-tagged", "allocate-untagged", "free", ...using),
          kernel("read-file", "evict", "migrate"),
        ],
        filesOf(design, { dirtyLines: true, files: 1 }),
      ),
  ),
  theme("accounting", "blocks are joined, left and given back on every way", packedDesigns, () =>
    scopesOf(
      [pairs, triples, fine],
      [
        task("allocate-tagged", "allocate-untagged", "free", "enable-tags", "copy", "write-tag"),
        kernel("migrate", "swap-out", "swap-in-swapoff"),
        interrupt("allocate-tagged", "free"),
      ],
      { slots: 2, mayFail: true },
    ),
  ),
  theme("everything", "all operations, all actors", packedDesigns, (design) =>
    [0, 1].flatMap((pins) =>
      scopesOf(
        [one, fine, pairs, triples],
        [
          task(...allocating, "enable-tags", ...using, "copy", ...swappingIn, ...changingFiles),
          other(...allocating, "copy", ...using, "read-file", "write-file", ...identities),
          kernel("evict", "write-back", "drop", "swap-out", "swap-in-swapoff", "migrate"),
          interrupt("allocate-tagged", "allocate-untagged", "free", "write-tag", "read-tag"),
        ],
        filesOf(design, {
          pins,
          slots: 2,
          mayFail: true,
          dirtyLines: pins === 0,
          getForm: pins === 0 ? "keeping" : "consuming",
        }),
      ),
    ),
  ),
];

/** Those, then a suite for each design that has none. */
export const themes: readonly Theme[] = [...shared, ...themesOf(modelOnly, shared)];

export const themeNamed = (name: string): Theme | undefined =>
  themes.find((each) => each.name === name);
