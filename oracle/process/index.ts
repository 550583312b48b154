/** The second vocabulary: programs on a kernel, their logs and their adapters. */

export type { Processes } from "./drive-words.ts";
export {
  doProcessAgain,
  judgeProcessAgain,
  type ProcessRun,
  parseProcessRun,
  processRunOf,
  writeProcessRun,
} from "./driven-run.ts";
export { processProtocolAsJsonSchema } from "./messages.ts";
export { processes as processVocabulary } from "./vocabulary.ts";
