/** The page tag of HW KASAN: what page->flags say, and what memory has, in the wrong order. */

import { ExtraField } from "../../world/extra.ts";
import { at } from "../../world/site.ts";
import { isForKernel, isKernel, nameColour, nameNoColour, pageTags } from "../page-tags.ts";
import { type Turn, the } from "../script.ts";
import { afterwards, changes, type DesignBug, replacing } from "./bug.ts";

const designs = ["cleancache-coloured"];

/** A tagged page, and not for the kernel. */
const isForProcess = (turn: Turn): boolean => the(turn, "allocate").tagged && !isForKernel(turn);

/** Flags that were never written read as 0, and that is a colour. */
const colouredAtBoot = new ExtraField(pageTags.name, { ...pageTags.shape, initially: 1 });

export const pageTagBugs: readonly DesignBug[] = [
  {
    id: "page-tag-before-its-tags",
    sentence: "The flags of a page name its colour before the colour is in memory.",
    source: "Linux ed0a6d1d973e",
    story: ["allocate in an interrupt"],
    designs,
    design: replacing(
      ["allocate"],
      "take-page",
      afterwards((turn) => {
        if (turn.actor.frame >= 0 && isForKernel(turn)) nameColour(turn);
      }),
    ),
  },
  {
    id: "process-page-is-coloured",
    sentence: "Pages of processes are coloured too, and lose their page tag when they are mapped.",
    source: "Linux 20794545c146 and 70c248aca9e7: a pointer may have been made before",
    story: ["allocate", "write-tag"],
    designs,
    design: changes(
      replacing(["allocate"], "clear-page", (action) =>
        action.next === undefined
          ? {
              ...action,
              do: (turn, choice) => {
                const next = action.do(turn, choice);
                return isForProcess(turn) ? { ...next, to: "set-page-tag" } : next;
              },
            }
          : action,
      ),
      replacing(
        ["allocate"],
        "publish-page",
        afterwards((turn) => {
          if (!isForKernel(turn)) nameNoColour(turn);
        }),
      ),
    ),
  },
  {
    id: "copy-leaves-the-page-tag",
    sentence: "A copy puts other tags into a coloured page, and its flags go on naming the colour.",
    source: "Linux e74a68468062",
    story: ["allocate", "write-tag", "migrate"],
    designs,
    design: changes(
      replacing(["copy"], "copy-tags", afterwards(nameColour)),
      replacing(["migrate"], "move-tags", afterwards(nameColour)),
    ),
  },
  {
    id: "page-tag-that-nobody-set",
    sentence: "The flags of a page that was never coloured name a colour.",
    source: "Linux cf10bd4c4aff: 0 is a tag, and the one that fits all is another",
    story: ["allocate"],
    designs,
    design: (design) => ({
      ...design,
      extra: (design.extra ?? []).map((field) => (field === pageTags ? colouredAtBoot : field)),
    }),
  },
  {
    id: "objects-under-a-page-tag",
    sentence: "Objects of a page get tags of their own, and its flags go on naming the colour.",
    source: "mm/kasan/common.c, __kasan_poison_slab(): the page tag is taken away first",
    story: ["allocate in an interrupt", "write-tag in an interrupt"],
    designs,
    design: replacing(
      ["write-tag"],
      "access",
      afterwards((turn) => {
        const { world, site, me } = turn;
        const { handle } = the(turn, "write-tag");
        if (isKernel(at(site.scope.actors, me))) pageTags.of(world)[at(world.held, handle).at] = 1;
      }),
    ),
  },
];
