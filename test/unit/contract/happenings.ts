/** Short ways to write down what happens, and to play it to the contract. */
import {
  boot,
  type Choice,
  type Contract,
  done,
  type Handle,
  type Home,
  type Judgement,
  type Limits,
  type Memory,
  noChoice,
  type Operation,
  type Outcome,
  type RuleId,
  type Seen,
  step,
} from "../../../model/contract/index.ts";

export type Happening = {
  readonly operation: Operation;
  readonly choice: Choice;
  readonly outcome: Outcome;
};

export const happens = (
  operation: Operation,
  outcome: Outcome = done,
  choice: Choice = noChoice,
): Happening => ({ operation, choice, outcome });

export const smallLimits: Limits = {
  granulesPerPage: 2,
  handles: 4,
  taggablePages: 4,
  slots: 2,
  files: 2,
  pagesPerFile: 2,
  getForm: "keeping",
};

export const contractOf = (limits: Partial<Limits> = {}, ...off: readonly RuleId[]): Contract => ({
  limits: { ...smallLimits, ...limits },
  off: new Set(off),
});

export const judge = (
  contract: Contract,
  memory: Memory,
  { operation, choice, outcome }: Happening,
): Judgement => step(contract, memory, operation, choice, outcome);

/** The state after a history that the contract must accept throughout. */
export const replay = (
  contract: Contract,
  history: readonly Happening[],
  from: Memory = boot(contract.limits),
): Memory =>
  history.reduce((memory, happening) => {
    const judgement = judge(contract, memory, happening);
    if (judgement.kind === "accepted") return judgement.memory;
    throw new Error(`${JSON.stringify(happening)}: ${JSON.stringify(judgement)}`);
  }, from);

type Wish = Omit<Extract<Operation, { kind: "allocate" }>, "kind">;

export const allocate = (wish: Partial<Wish> = {}): Operation => ({
  kind: "allocate",
  owner: 1,
  tagged: true,
  zeroed: true,
  context: "sleepable",
  order: 0,
  ...wish,
});

export const placed = (...homes: readonly Home[]): Choice => ({ kind: "placed", homes });
export const short = (inFlight: number): Choice => ({ kind: "short", inFlight });

export const gets = (handle: Handle, seen: Seen = {}): Outcome => ({
  kind: "page",
  handle,
  seen,
});
export const getsPages = (handles: readonly Handle[], ...seen: readonly Seen[]): Outcome => ({
  kind: "pages",
  handles,
  seen,
});

/** A page with a handle of our choosing, tagged or not. */
export const tagged = (handle: Handle): Happening => happens(allocate(), getsPages([handle]));
export const untagged = (handle: Handle, home: Home = "taggable"): Happening =>
  happens(allocate({ tagged: false }), getsPages([handle]), placed(home));

export const tag = (handle: Handle, value: number, granule = 0): Happening =>
  happens({ kind: "write-tag", handle, granule, tag: value });
export const store = (handle: Handle, bytes: number): Happening =>
  happens({ kind: "write-bytes", handle, bytes });

export const swapOut = (handle: Handle, slot: number): Happening =>
  happens({ kind: "swap-out", handles: [handle] }, { kind: "swapped", slots: [slot] });

export const swapIn = (
  slot: number,
  path: "fault" | "swapoff" | "shmem" = "fault",
  mapping: "tagged" | "untagged" = "tagged",
): Operation => ({ kind: "swap-in", slot, path, mapping });

const key = { file: 0, index: 0 };

export const readFile = (bytes: number): Happening =>
  happens({ kind: "read-file", ...key }, { kind: "bytes", bytes });
export const writeFile = (bytes: number): Happening =>
  happens({ kind: "write-file", ...key, bytes });
export const writeBack = (outcome: Outcome = done): Happening =>
  happens({ kind: "write-back", ...key }, outcome);
export const directWrite = (bytes: number): Happening =>
  happens({ kind: "direct-write", ...key, bytes });
export const truncate = happens({ kind: "truncate", ...key });
export const evict = happens({ kind: "evict", ...key });
export const unlink = happens({ kind: "unlink", file: 0 });
export const create = happens({ kind: "create", file: 0 });
export const unmount = happens({ kind: "unmount" });
export const mount = happens({ kind: "mount" });
export const put = (bytes: number, kind: "stored" | "dropped" = "stored"): Happening =>
  happens({ kind: "put", ...key, bytes }, done, { kind });
export const hit = (bytes: number): Happening =>
  happens({ kind: "get", ...key }, { kind: "hit", bytes });
export const miss = happens({ kind: "get", ...key }, { kind: "miss", touched: false });
export const drop = happens({ kind: "drop", ...key });
