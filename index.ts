/**
 * The public surface of mte-oracle in one place.
 *
 * Each room is also an entry point of its own (`mte-oracle/model`, `mte-oracle/checker`, ...), so
 * that a user who wants one of them needs nothing of the others.
 */
export {};
