/** What a model answers to one step, by the names that expectations use. */

/** Addresses without their top byte, both ends included: where the architecture leaves a choice. */
type Addresses = { readonly low: bigint; readonly high: bigint };

export type ObservedFault = {
  readonly code: string;
  readonly address: Addresses;
  /** The top byte of si_addr. */
  readonly top: number;
};

/** Each observable has one sort of value; a flag is 0 or 1. `bits`: a set that any non-empty part of may be seen. */
export const observables = {
  ret: "number",
  val: "number",
  count: "number",
  copied: "number",
  n: "number",
  tag: "number",
  top: "number",
  seed: "number",
  seen: "bits",
  inside: "number",
  after: "number",
  bad: "number",
  nzcv: "hex",
  tags: "text",
  data: "text",
  bytes: "text",
  filesz: "number",
  memsz: "number",
  flags: "number",
  paddr: "number",
  align: "number",
  killed: "number",
  exited: "number",
  refs: "number",
  refPerBlock: "number",
  reserved: "flag",
  hit: "flag",
  swapped: "flag",
  present: "flag",
  moved: "flag",
  merged: "flag",
  same: "flag",
  thp: "flag",
  mt: "flag",
  unencodable: "flag",
} as const satisfies Record<string, "number" | "hex" | "bits" | "text" | "flag">;

export type Observable = keyof typeof observables;

/** What a handler sees and what is there afterwards is called by several names. */
const otherNames: Readonly<Record<string, Observable>> = {
  handler: "inside",
  during: "inside",
  restored: "after",
};

const known: ReadonlySet<string> = new Set(Object.keys(observables));
const isOwnName = (text: string): text is Observable => known.has(text);

/** The observable of this name, if there is one. */
export const observableOf = (text: string): Observable | undefined =>
  isOwnName(text) ? text : otherNames[text];

/** A range stands for every value in it: the model leaves open which one is seen. */
export type Range = { readonly least: bigint; readonly most: bigint };
export type Value = bigint | string | Range;

export type Observation = {
  readonly errno: string | null;
  readonly fault: ObservedFault | null;
  /** An asynchronous report was delivered at the end of the operation. */
  readonly report: boolean;
  /** The pointer that the operation gave back. */
  readonly pointer: bigint | null;
  /** The operation waits for somebody else, for ever as far as the row goes. */
  readonly blocked: boolean;
  readonly values: Readonly<Partial<Record<Observable, Value>>>;
};

export const nothingSeen: Observation = {
  errno: null,
  fault: null,
  report: false,
  pointer: null,
  blocked: false,
  values: {},
};

export const seen = (values: Observation["values"]): Observation => ({ ...nothingSeen, values });
export const failedWith = (errno: string): Observation => ({ ...nothingSeen, errno });

export const isRange = (value: Value): value is Range => typeof value === "object";
