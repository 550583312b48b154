/** The contract in one function: is this outcome allowed, and what is true afterwards? */
import { judgeAccess } from "./access.ts";
import { judgeCache } from "./cache.ts";
import { judgeCopy } from "./copy.ts";
import { judgeFiles } from "./files.ts";
import type { Contract, Judgement } from "./judgement.ts";
import type { Choice, Operation, Outcome } from "./operations.ts";
import { judgePages } from "./pages.ts";
import type { Memory } from "./state.ts";
import { judgeSwap } from "./swap.ts";

/**
 * One step. Pure: the same arguments give the same judgement, and `memory` is never changed.
 * `choice` is what somebody decided, `outcome` what the caller saw. Whoever judges millions of steps
 * comes through here, so the family is found by a plain switch.
 */
export const step = (
  contract: Contract,
  memory: Memory,
  operation: Operation,
  choice: Choice,
  outcome: Outcome,
): Judgement => {
  switch (operation.kind) {
    case "allocate":
    case "free":
    case "migrate":
      return judgePages({ contract, memory, operation, choice, outcome });
    case "enable-tags":
    case "write-tag":
    case "read-tag":
    case "write-bytes":
    case "read-bytes":
      return judgeAccess({ contract, memory, operation, choice, outcome });
    case "copy":
    case "copy-again":
      return judgeCopy({ contract, memory, operation, choice, outcome });
    case "swap-out":
    case "swap-in":
    case "restore-again":
    case "share-slot":
    case "free-slot":
    case "swapoff":
      return judgeSwap({ contract, memory, operation, choice, outcome });
    case "read-file":
    case "write-file":
    case "write-back":
    case "direct-write":
    case "truncate":
    case "evict":
    case "unlink":
    case "create":
    case "unmount":
    case "mount":
      return judgeFiles({ contract, memory, operation, choice, outcome });
    case "put":
    case "get":
    case "invalidate-page":
    case "invalidate-object":
    case "invalidate-pool":
    case "drop":
      return judgeCache({ contract, memory, operation, choice, outcome });
  }
};
