/** The contract in one function: is this outcome allowed, and what is true afterwards? */
import { match, P } from "ts-pattern";
import { judgeAccess } from "./access.ts";
import { judgeCache } from "./cache.ts";
import { judgeCopy } from "./copy.ts";
import { judgeFiles } from "./files.ts";
import type { Asked, Contract, Judgement } from "./judgement.ts";
import type { Choice, Operation, Outcome } from "./operations.ts";
import { judgePages } from "./pages.ts";
import type { Memory } from "./state.ts";
import { judgeSwap } from "./swap.ts";

const pages = P.union("allocate", "free", "migrate");
const access = P.union("enable-tags", "write-tag", "read-tag", "write-bytes", "read-bytes");
const copies = P.union("copy", "copy-again");
const swap = P.union("swap-out", "swap-in", "restore-again", "share-slot", "free-slot", "swapoff");
const files = P.union(
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
);
const cache = P.union(
  "put",
  "get",
  "invalidate-page",
  "invalidate-object",
  "invalidate-pool",
  "drop",
);

const judge = (asked: Asked): Judgement =>
  match(asked)
    .with({ operation: { kind: pages } }, judgePages)
    .with({ operation: { kind: access } }, judgeAccess)
    .with({ operation: { kind: copies } }, judgeCopy)
    .with({ operation: { kind: swap } }, judgeSwap)
    .with({ operation: { kind: files } }, judgeFiles)
    .with({ operation: { kind: cache } }, judgeCache)
    .exhaustive();

/**
 * One step. Pure: the same arguments give the same judgement, and `memory` is never changed.
 * `choice` is what somebody decided, `outcome` what the caller saw.
 */
export const step = (
  contract: Contract,
  memory: Memory,
  operation: Operation,
  choice: Choice,
  outcome: Outcome,
): Judgement => judge({ contract, memory, operation, choice, outcome });
