/** The contract in one function: is this outcome allowed, and what is true afterwards? */
import { match } from "ts-pattern";
import { judgeAccess } from "./access.ts";
import { judgeCache } from "./cache.ts";
import { judgeCopy } from "./copy.ts";
import { judgeFiles } from "./files.ts";
import type { Asked, Contract, Judgement } from "./judgement.ts";
import type { Choice, Operation, Outcome } from "./operations.ts";
import { judgePages } from "./pages.ts";
import type { Memory } from "./state.ts";
import { judgeSwap } from "./swap.ts";

const judge = (asked: Asked): Judgement =>
  match(asked)
    .with({ operation: { kind: "allocate" } }, judgePages)
    .with({ operation: { kind: "free" } }, judgePages)
    .with({ operation: { kind: "migrate" } }, judgePages)
    .with({ operation: { kind: "enable-tags" } }, judgeAccess)
    .with({ operation: { kind: "write-tag" } }, judgeAccess)
    .with({ operation: { kind: "read-tag" } }, judgeAccess)
    .with({ operation: { kind: "write-bytes" } }, judgeAccess)
    .with({ operation: { kind: "read-bytes" } }, judgeAccess)
    .with({ operation: { kind: "copy" } }, judgeCopy)
    .with({ operation: { kind: "copy-again" } }, judgeCopy)
    .with({ operation: { kind: "swap-out" } }, judgeSwap)
    .with({ operation: { kind: "swap-in" } }, judgeSwap)
    .with({ operation: { kind: "restore-again" } }, judgeSwap)
    .with({ operation: { kind: "share-slot" } }, judgeSwap)
    .with({ operation: { kind: "free-slot" } }, judgeSwap)
    .with({ operation: { kind: "swapoff" } }, judgeSwap)
    .with({ operation: { kind: "read-file" } }, judgeFiles)
    .with({ operation: { kind: "write-file" } }, judgeFiles)
    .with({ operation: { kind: "write-back" } }, judgeFiles)
    .with({ operation: { kind: "direct-write" } }, judgeFiles)
    .with({ operation: { kind: "truncate" } }, judgeFiles)
    .with({ operation: { kind: "evict" } }, judgeFiles)
    .with({ operation: { kind: "unlink" } }, judgeFiles)
    .with({ operation: { kind: "create" } }, judgeFiles)
    .with({ operation: { kind: "unmount" } }, judgeFiles)
    .with({ operation: { kind: "mount" } }, judgeFiles)
    .with({ operation: { kind: "put" } }, judgeCache)
    .with({ operation: { kind: "get" } }, judgeCache)
    .with({ operation: { kind: "invalidate-page" } }, judgeCache)
    .with({ operation: { kind: "invalidate-object" } }, judgeCache)
    .with({ operation: { kind: "invalidate-pool" } }, judgeCache)
    .with({ operation: { kind: "drop" } }, judgeCache)
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
