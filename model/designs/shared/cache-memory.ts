/**
 * The memory that copies of a cleancache lie in, as far as its back end has to look out for it: a
 * host may take pages away (a claim of tag storage may too, but under the lock of the index). In
 * memory of one's own there is nothing to look out for.
 */
import type { World } from "../../world/world.ts";

/** Every question but the first is about one storage page. */
export type CacheMemory = {
  /** Reads what the host has said since somebody last did so: pages whose bytes are gone. */
  readonly hear: (world: World) => readonly number[];
  /** May a put fill it now? */
  readonly isUsable: (world: World, storage: number) => boolean;
  readonly beginFilling: (world: World, storage: number) => void;
  /** A reader has found a copy there. `false`: it is known by now that its bytes are gone. */
  readonly beginReading: (world: World, storage: number) => boolean;
  /** Whoever began, and was not told `false`, is done with it. */
  readonly endUse: (world: World, storage: number) => void;
  /** Does an access to it fault? */
  readonly faults: (world: World, storage: number) => boolean;
  /** Can it be known, without an access, that its bytes are gone? */
  readonly isKnownLost: (world: World, storage: number) => boolean;
  /** Can somebody outside come between the two halves of a copy into it? */
  readonly isOutOfOurHands: boolean;
};

export const ownMemory: CacheMemory = {
  hear: () => [],
  isUsable: () => true,
  beginFilling: () => {},
  beginReading: () => true,
  endUse: () => {},
  faults: () => false,
  isKnownLost: () => false,
  isOutOfOurHands: false,
};
