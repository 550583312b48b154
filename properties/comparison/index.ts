/** The designs in numbers: one seeded workload, what it costs, and where the kernel has to be changed. */
export { type Compared, comparedSizes, compareOne } from "./compare.ts";
export type { Costs } from "./costs.ts";
export { measures } from "./measures.ts";
