/** What a design is: its scripts, its locks, and what tells it from the others. */
import type { Operation } from "../contract/memory/index.ts";
import type { ExtraField } from "../world/extra.ts";
import type { Label } from "../world/labels.ts";
import type { Scope } from "../world/scope.ts";
import type { World } from "../world/world.ts";
import type { OwnParts } from "./own.ts";
import type { LockKind, LockName, Mark, Script } from "./script.ts";

export type Design = OwnParts & {
  readonly name: string;
  readonly title: string;
  /** The design that this one differs from in a few points, by name: it has no column of its own. */
  readonly variantOf?: string;
  /** State that no other design has. */
  readonly extra?: readonly ExtraField[];
  readonly locks: { readonly [name in LockName]?: LockKind };
  readonly scripts: { readonly [kind in Operation["kind"]]?: Script };
  /** Labels at which an actor is claiming tag storage. */
  readonly claiming: ReadonlySet<Label>;
  /** Own actions that a claim may take; `null`: the design promises no bound. */
  readonly claimBound: ((scope: Scope) => number) | null;
  /** Are pages cached, and dropped, as folios of 2^order pages? */
  readonly folioOrder: 0 | 1;
  /** Is tag storage on the free lists of untagged memory? */
  readonly dataInStorage: boolean;
  /**
   * Storage pages are no tag storage but memory of a device beside RAM, and its host resizes it, or
   * discards what lies there. The tags of RAM have their storage for ever.
   */
  readonly hostMemory?: "resized" | "discarded";
  /** Would whoever reads the copy in this storage page find out that a host took its bytes? */
  readonly findsOut?: (world: World, storage: number) => boolean;
  /** Is storage for a copy or a swapped page claimed when its page is allocated, or when used? */
  readonly claimsAt: "allocation" | "use";
  /** CMA memory is never tagged, tag storage or not. */
  readonly barsCma: boolean;
  /** Keeps tags aside by page number while a page has no storage. */
  readonly stash: boolean;
  /** May kernel memory be tagged (HW KASAN)? A configuration that says no refuses it. */
  readonly kernelTags: boolean;
  /** Storage pages hold swapped pages: their `key` is a slot, not a file page. */
  readonly storageHoldsSlots?: true;
  /** Register `moved` names what lies in a storage page, as its `key` does; elsewhere a place. */
  readonly movedNamesContent?: true;
  /** An operation that takes pages in this design alone. "No memory" may be due to it then. */
  readonly takesPagesIn?: Operation["kind"];
  readonly marks: readonly Mark[];
};
