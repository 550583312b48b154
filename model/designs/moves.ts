/** What can happen to a design, and what is told of it: two unions of plain data. */
import type { Job } from "./job.ts";
import type { Committed } from "./judge.ts";
import type { Mark } from "./script.ts";

/** What the world around the actors may do at any moment. */
export type Environment =
  | { readonly kind: "pin"; readonly handle: number }
  | { readonly kind: "unpin"; readonly handle: number }
  | { readonly kind: "write-back-data"; readonly storage: number }
  | { readonly kind: "write-back-tags"; readonly frame: number }
  /** A move that the design declares, by its name and what it is done to. */
  | { readonly kind: "own"; readonly name: string; readonly object: number };

export type Move =
  | {
      readonly kind: "act";
      readonly actor: number;
      /** Index into {@link Machinery.operations}; set when the actor starts it with this move. */
      readonly starts: number | null;
      readonly choice: number;
    }
  | { readonly kind: "environment"; readonly does: Environment };

/** What step properties look at. */
export type Event =
  | Committed
  | { readonly kind: "slept-in-atomic"; readonly what: string }
  | { readonly kind: "claimed"; readonly by: Job["kind"]; readonly atomic: boolean }
  | { readonly kind: "ended"; readonly operation: Job; readonly commits: number }
  | { readonly kind: "marked"; readonly mark: Mark };
