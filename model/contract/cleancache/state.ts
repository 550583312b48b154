/**
 * The interface of the removed cleancache as its back end had to keep it (Linux 3.0 to 5.16,
 * Documentation/vm/cleancache.rst and mm/cleancache.c): pools by file system, entries by object and
 * index. The memory room has one pool and asks what files hold; here there are many pools, and a
 * back end that comes late. What a key may answer is the same, and so are the reasons.
 */
import type { EmptyBecause } from "../memory/state.ts";

/** The most that a hit on one key may return. */
export type Entry =
  | { readonly kind: "holds"; readonly data: string }
  | { readonly kind: "empty"; readonly because: EmptyBecause };

/** Gets of a private pool consume what they return; those of a shared one leave it. */
export type PoolForm =
  | { readonly kind: "private" }
  | { readonly kind: "shared"; readonly uuid: string };

export type Pool = {
  readonly form: PoolForm;
  /** By object and index; a key that is not here was never put. */
  readonly entries: ReadonlyMap<string, Entry>;
};

export type PoolId = number;

export type Cleancache = {
  /** Is there a back end? Without one every operation does nothing. */
  readonly registered: boolean;
  readonly pools: ReadonlyMap<PoolId, Pool>;
  readonly next: PoolId;
};

/** Objects may have any name, so the index comes first. */
export const keyOfEntry = (object: string, index: number): string => `${index}/${object}`;
export const isOfObject = (key: string, object: string): boolean =>
  key.slice(key.indexOf("/") + 1) === object;

export const freshCleancache: Cleancache = { registered: true, pools: new Map(), next: 0 };
