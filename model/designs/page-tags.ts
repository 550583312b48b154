/**
 * The page tag of HW KASAN. The allocator colours a kernel page: it stores a tag in every granule,
 * then writes that tag into page->flags (page_kasan_tag_set()). Whoever has a struct page, and there
 * may be others than its owner, makes a pointer of it with the tag in the flags (page_to_virt()) and
 * loads through that pointer later. A flag that names no colour makes a pointer that fits any tag.
 * So what the flags say has to be in memory before they say it, and nobody may change either under a
 * pointer that is out:
 *
 * - the tags are stored first, the flags are written then (Linux ed0a6d1d973e);
 * - a page for a process is never coloured, for its tags will be others (70c248aca9e7);
 * - who colours object by object takes the page tag away before (__kasan_poison_slab()).
 *
 * The colour is 0, one of those that KASAN draws from: which it is makes no difference to the order.
 * Nobody has a pointer to a free page.
 *
 * `cleancache-coloured` is `cleancache-page` with page tags; kernel pages are those of interrupts
 * and kernel threads. Every design allocates with the same script, so that this one speaks for all.
 */
import { loadTags } from "../hardware/arena.ts";
import { totalPages } from "../machine/geometry.ts";
import { ExtraField } from "../world/extra.ts";
import type { ActorSpec, Offer, Scope } from "../world/scope.ts";
import { at } from "../world/site.ts";
import type { World } from "../world/world.ts";
import { cleancachePage } from "./cleancache.ts";
import type { Design } from "./design.ts";
import type { OwnMove } from "./own.ts";
import { type Action, type Turn, the } from "./script.ts";
import {
  adding,
  afterwards,
  beforehand,
  type Change,
  changes,
  replacing,
} from "./shared/rescripting.ts";
import { withFewerPages, withoutOffers } from "./shared/scopes.ts";

const colour = 0;

/** By frame: do the flags of its page name the colour? If not, they fit any tag. */
export const pageTags = new ExtraField("pageTags", {
  length: ({ geometry }) => totalPages(geometry),
  least: 0,
  most: 1,
  initially: 0,
  about: { by: ["frame"] },
});

/** One frame, plus one, or 0 for none. */
const aFrame = (name: string): ExtraField =>
  new ExtraField(name, {
    length: () => 1,
    least: 0,
    most: ({ geometry }) => totalPages(geometry),
    initially: 0,
    about: { by: [], names: "frame" },
  });

/** The frame of the coloured pointer that somebody has made. One is enough. */
export const colouredPointer = aFrame("colouredPointer");

/** The frame at which a load through such a pointer found another tag. */
export const mistaggedLoad = aFrame("mistaggedLoad");

const pointedAt = (world: World): number => at(colouredPointer.of(world), 0) - 1;

export const nameColour = ({ world, actor }: Turn): void => {
  pageTags.of(world)[actor.frame] = 1;
};

export const nameNoColour = ({ world, actor }: Turn): void => {
  pageTags.of(world)[actor.frame] = 0;
};

/** The page has no page tag any more, and nobody has a pointer to it. */
const forget = (world: World, frame: number): void => {
  pageTags.of(world)[frame] = 0;
  if (pointedAt(world) === frame) colouredPointer.of(world)[0] = 0;
};

/** Who has a struct page, and uses it a little later. */
const pointing: readonly OwnMove[] = [
  {
    name: "makes-a-pointer-to-frame",
    objects: (world) =>
      pointedAt(world) >= 0
        ? []
        : pageTags
            .of(world)
            .flatMap((tag, frame) =>
              tag === 1 && at(world.frames, frame).use !== "free" ? [frame] : [],
            ),
    do: (world, _site, frame) => {
      colouredPointer.of(world)[0] = frame + 1;
      return { marks: ["a-page-tag-is-used"] };
    },
  },
  {
    name: "loads-through-its-pointer-to-frame",
    objects: (world) => (pointedAt(world) >= 0 ? [pointedAt(world)] : []),
    do: (world, site, frame) => {
      colouredPointer.of(world)[0] = 0;
      if (loadTags(world, site, frame).some((tag) => tag !== colour))
        mistaggedLoad.of(world)[0] = frame + 1;
      return undefined;
    },
  },
];

/** Interrupts and kernel threads. */
export const isKernel = ({ kind, everyones }: ActorSpec): boolean =>
  kind === "interrupt" || everyones;

/** Is the page that this allocation takes one for the kernel itself, with tags? */
export const isForKernel = (turn: Turn): boolean =>
  the(turn, "allocate").tagged && isKernel(at(turn.site.scope.actors, turn.me));

/** `whose`: pages that are coloured; the page tag is set after the tags are stored. */
const colouring = (whose: (turn: Turn) => boolean): Change =>
  changes(
    replacing(["allocate"], "clear-page", (action) =>
      action.next === undefined
        ? action
        : {
            standsFor: action.standsFor,
            do: (turn, choice) => ({
              to: whose(turn) ? "set-page-tag" : "publish-page",
              ...action.do(turn, choice),
            }),
          },
    ),
    adding(["allocate"], "set-page-tag", {
      standsFor: "page_kasan_tag_set()",
      next: "publish-page",
      do: (turn) => {
        nameColour(turn);
        return undefined;
      },
    }),
  );

const forgetting = (action: Action): Action =>
  afterwards(({ world, actor }) => forget(world, actor.frame))(action);

/** However a frame is let go: nobody has a pointer to it from then on. */
const lettingGo: Change = changes(
  replacing(["free"], "unmap-page", forgetting),
  replacing(["migrate"], "move-mapping", forgetting),
  replacing(["swap-out"], "write-out", forgetting),
);

/** Objects get tags of their own: only who hands them out knows of the page by then. */
const colouringObjects: Change = replacing(
  ["write-tag"],
  "access",
  beforehand((turn) => {
    const { handle } = the(turn, "write-tag");
    if (isKernel(at(turn.site.scope.actors, turn.me)))
      forget(turn.world, at(turn.world.held, handle).at);
  }),
);

/** What page tags add to any design. */
const withPageTags: Change = (design) => ({
  ...changes(colouring(isForKernel), lettingGo, colouringObjects)(design),
  extra: [...(design.extra ?? []), pageTags, colouredPointer, mistaggedLoad],
  environment: [...(design.environment ?? []), ...pointing],
  marks: [...design.marks, "a-page-tag-is-used"],
});

/** What is asked in these slices and says nothing about page tags. */
const unasked: Readonly<Record<string, readonly Offer[]>> = {
  cache: ["drop", "write-file", "write-back"],
  lines: ["allocate-untagged"],
  reuse: ["allocate-untagged", "write-tag"],
};

/** Files matter only where claims take their copies away. */
const scopeFor = (slice: string, scope: Scope): Scope | null => {
  if (slice === "suite") return scope.files === 0 ? scope : null;
  if (slice === "files" || slice === "identity") return null;
  if (slice === "threads") return scope;
  return scope.files === 0 ? withFewerPages(scope) : withoutOffers(scope, unasked[slice] ?? []);
};

const coloured = withPageTags(cleancachePage);

export const cleancacheColoured: Design = {
  ...coloured,
  name: "cleancache-coloured",
  title: "HW KASAN: each page of the kernel has a tag in page->flags",
  variantOf: cleancachePage.name,
  /** Nothing is written back where nobody changes a file. */
  marks: coloured.marks.filter((mark) => mark !== "write-back-fails"),
  scopeFor,
};
