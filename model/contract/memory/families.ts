/** The kinds of operation by what they concern, each in one family, in reading order. */
import type { Operation } from "./operations.ts";

export const operationFamilies = {
  pages: ["allocate", "free", "migrate"],
  access: ["enable-tags", "write-tag", "read-tag", "write-bytes", "read-bytes"],
  copies: ["copy", "copy-again"],
  swap: ["swap-out", "swap-in", "restore-again", "share-slot", "free-slot", "swapoff"],
  files: [
    "read-file",
    "write-file",
    "write-back",
    "direct-write",
    "truncate",
    "evict",
    "unlink",
    "create",
    "unmount",
    "mount",
  ],
  cleancache: ["put", "get", "invalidate-page", "invalidate-object", "invalidate-pool", "drop"],
} as const satisfies Readonly<Record<string, readonly Operation["kind"][]>>;

export type OperationFamily = keyof typeof operationFamilies;
