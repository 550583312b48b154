/** The fast one: a tag-storage manager in typed arrays, held equal to its design action by action. */
export { abstractionOf } from "./abstraction.ts";
export { type Bug, bugGroups, bugNamed, bugs } from "./bugs/index.ts";
export { own } from "./codes.ts";
export { Manager, type ManagerOptions, type Parts, type Patch } from "./manager.ts";
export {
  kindOf,
  operationKinds,
  type PackedOperation,
  packOperation,
  unpackOperation,
  wish,
} from "./operations.ts";
export { doEnvironment, PackedMachinery } from "./packed-machinery.ts";
export { reply } from "./reply.ts";
export { outcomeKinds, outcomeOf } from "./report.ts";
export type { PackedAction, PackedActions, PackedScript, PackedScripts } from "./script.ts";
export { isPacked, packedDesigns } from "./scripts/index.ts";
export { commitsInside, commitsOfReport, marksOfReport } from "./told.ts";
