/** Traces of Linux kernels as partly observed logs. */
export { rulesInSight, sightAsText, traceHead, traceReader } from "./entries.ts";
