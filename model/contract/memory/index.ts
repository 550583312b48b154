/** The memory room of the contract: pages, swap, the page cache, and what may be relied on. */
export { allowedOutcomes, choicesThatExplain, type Explained } from "./allowed.ts";
export { alwaysMisses } from "./cache.ts";
export { describeChoice, describeOperation, describeOutcome } from "./describe.ts";
export { operationFamilies } from "./families.ts";
export type { Contract, Judgement } from "./judgement.ts";
export {
  type AllocationContext,
  type Choice,
  done,
  noChoice,
  noMemory,
  type Operation,
  type Outcome,
  type Seen,
  type SwapInPath,
} from "./operations.ts";
export { isRuleId, type Rule, type RuleId, rulebook, ruleIds } from "./rulebook.ts";
export { rulebookAsMarkdown } from "./rulebook-page.ts";
export { choiceSchema, operationSchema, outcomeSchema } from "./schema.ts";
export {
  type Bytes,
  boot,
  type CacheEntry,
  type EmptyBecause,
  emptyBecause,
  type File,
  type FilePage,
  forgetCauses,
  freeTaggablePages,
  freshFilePage,
  type Handle,
  type Home,
  highestTag,
  type Limits,
  type Memory,
  newestBytes,
  type Owner,
  type Page,
  type Slot,
  type SlotIndex,
  type Tag,
} from "./state.ts";
export { step } from "./step.ts";
