/** The interface of the removed cleancache, call by call. */
export { type Cleancache, freshCleancache, type PoolForm } from "./state.ts";
export {
  type CleancacheAllowed,
  type CleancacheKey,
  type CleancacheOperation,
  type CleancacheOutcome,
  cleancacheStep,
} from "./step.ts";
