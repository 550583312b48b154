/**
 * Small programs over tagged memory, of the sort that memory-model catalogues are made of
 * (herdtools7, catalogue/aarch64-MTE): a few threads, registers of 64 bits, named locations of one
 * granule each. What a thread does in one step is one instruction, whole: its tag check and its
 * access are not torn apart. Barriers and orders (acquire, release) therefore change nothing here.
 */

/** `ZR` reads as zero and forgets what is written to it. */
export type Register = string;

export type Source =
  | { readonly kind: "register"; readonly name: Register }
  | { readonly kind: "constant"; readonly value: bigint };

/** Base, plus an index register if there is one, plus a constant. */
export type Place = {
  readonly base: Register;
  readonly index: Register | null;
  readonly offset: bigint;
};

const operators = ["eor", "and", "orr", "add", "sub"] as const;
export type Operator = (typeof operators)[number];

/** Conditions of the architecture (Arm ARM, C1.2.4), by their names. */
export const conditionNames = [
  "EQ",
  "NE",
  "CS",
  "HS",
  "CC",
  "LO",
  "MI",
  "PL",
  "VS",
  "VC",
  "HI",
  "LS",
  "GE",
  "LT",
  "GT",
  "LE",
  "AL",
] as const;
export type ConditionName = (typeof conditionNames)[number];

export type Instruction =
  | { readonly kind: "move"; readonly to: Register; readonly from: Source }
  | {
      readonly kind: "compute";
      readonly operator: Operator;
      readonly to: Register;
      readonly left: Register;
      readonly right: Source;
    }
  | { readonly kind: "compare"; readonly left: Register; readonly right: Source }
  | {
      readonly kind: "select";
      readonly to: Register;
      readonly when: ConditionName;
      readonly left: Register;
      readonly right: Register;
    }
  /** `register`: null branches in any case. */
  | {
      readonly kind: "branch";
      readonly register: Register | null;
      readonly ifZero: boolean;
      readonly target: number;
    }
  | { readonly kind: "branch-if"; readonly when: ConditionName; readonly target: number }
  | { readonly kind: "load"; readonly to: Register; readonly at: Place }
  | { readonly kind: "store"; readonly from: Source; readonly at: Place }
  | { readonly kind: "swap"; readonly to: Register; readonly from: Register; readonly at: Place }
  | {
      readonly kind: "compare-and-swap";
      readonly to: Register;
      readonly expected: Register;
      readonly from: Register;
      readonly at: Place;
    }
  | {
      readonly kind: "load-and-compute";
      readonly operator: Operator;
      readonly to: Register;
      readonly from: Register;
      readonly at: Place;
    }
  | { readonly kind: "load-tag"; readonly to: Register; readonly at: Place }
  | {
      readonly kind: "store-tag";
      readonly from: Register;
      readonly at: Place;
      readonly zeroing: boolean;
    }
  | { readonly kind: "barrier" };

/** Synchronous faults end their thread, asynchronous ones are only recorded. */
export type CheckMode = "none" | "sync" | "async" | "asymmetric";

export type Thread = {
  readonly name: string;
  readonly instructions: readonly Instruction[];
  /** By label, the instruction that it stands before. */
  readonly labels: ReadonlyMap<string, number>;
  readonly registers: ReadonlyMap<Register, bigint>;
};

export type Program = {
  readonly mode: CheckMode;
  readonly threads: readonly Thread[];
  /** Where each location lies; each has a granule of its own. */
  readonly locations: ReadonlyMap<string, bigint>;
  /** By address; what is not named is 0. */
  readonly memory: ReadonlyMap<bigint, bigint>;
  /** By address of the granule; what is not named is 0. */
  readonly tags: ReadonlyMap<bigint, number>;
};

const granule = 16n;
const tagShift = 56n;
const tagMask = 0xfn << tagShift;
/** Bytes of one access; locations are accessed whole. */
export const accessBytes = 8n;

/** The address without its logical tag. */
export const withoutTag = (pointer: bigint): bigint => pointer & ~tagMask;
export const logicalTag = (pointer: bigint): number => Number((pointer & tagMask) >> tagShift);
export const withTag = (pointer: bigint, tag: number): bigint =>
  withoutTag(pointer) | (BigInt(tag) << tagShift);
export const granuleOf = (pointer: bigint): bigint => {
  const address = withoutTag(pointer);
  return address - (address % granule);
};
