/** What a run costs, counted action by action: the same labels in the model and in `impl`. */
import type { Label } from "../../model/index.ts";

export type Costs = {
  readonly operations: number;
  readonly actions: number;
  /** Pages of data moved so that tags could have a place: by a claim, or by a fault. */
  readonly moves: number;
  /** Copies of file pages that were let go for somebody else's sake. */
  readonly drops: number;
  /** Those that claims dropped, and the most that one claim did. */
  readonly dropsByClaims: number;
  readonly mostDroppedAtOnce: number;
  /** File pages read from the disk, and those of them that had been read before. */
  readonly diskReads: number;
  readonly refetches: number;
  /** Cache maintenance by block or page. */
  readonly maintenance: number;
  /** Claims of tag storage, and the most actions that one took. */
  readonly claims: number;
  readonly worstClaim: number;
  /** The most actions of a fault that gives a page its tags. */
  readonly worstFault: number;
  /** Pages that were asked for and not given. */
  readonly noMemory: number;
  /** Tagged pages whose first access had to fault. */
  readonly faults: number;
  /** Operations that were still trying when the workload lost its patience. */
  readonly givenUp: number;
  /** Of 1: how much of the tag storage held data, on the average over the samples. */
  readonly storageServing: number;
};

/** What an action is, as a cost. An action that is none of these is only counted as one. */
const kinds: { readonly [label in Label]?: "move" | "disk" | "maintenance" } = {
  "move-storage": "move",
  "replace-page": "move",
  "read-disk": "disk",
  "invalidate-data-lines": "maintenance",
  "invalidate-tag-lines": "maintenance",
};

type UnderWay = {
  length: number;
  /** Actions of the claim that it is in; 0: in none. */
  claim: number;
  dropped: number;
  readonly isFault: boolean;
  readonly key: number;
};

export class Tally {
  private readonly claiming: ReadonlySet<Label>;
  private readonly costs = {
    operations: 0,
    actions: 0,
    moves: 0,
    drops: 0,
    dropsByClaims: 0,
    mostDroppedAtOnce: 0,
    diskReads: 0,
    refetches: 0,
    maintenance: 0,
    claims: 0,
    worstClaim: 0,
    worstFault: 0,
    noMemory: 0,
    faults: 0,
    givenUp: 0,
  };
  private readonly fetched = new Set<number>();
  private served = 0;
  private samples = 0;
  /** The operations under way: what one waits for may be done inside it by another. */
  private readonly underWay: UnderWay[] = [];

  constructor(claiming: ReadonlySet<Label>) {
    this.claiming = claiming;
  }

  /** @param key the file page that it is about, or -1 */
  begin(isFault: boolean, key: number): void {
    this.costs.operations++;
    this.underWay.push({ length: 0, claim: 0, dropped: 0, isFault, key });
    if (isFault) this.costs.faults++;
  }

  /** @param drops copies that were let go in it */
  action(label: Label, drops: number): void {
    const { costs } = this;
    const now = this.underWay.at(-1);
    costs.actions++;
    costs.drops += drops;
    const kind = kinds[label];
    if (kind === "move") costs.moves++;
    if (kind === "maintenance") costs.maintenance++;
    if (now === undefined) return;
    now.length++;
    if (kind === "disk") this.fetch(now.key);
    if (!this.claiming.has(label)) {
      now.claim = 0;
      return;
    }
    if (now.claim === 0) costs.claims++;
    now.claim++;
    now.dropped += drops;
    costs.dropsByClaims += drops;
    costs.worstClaim = Math.max(costs.worstClaim, now.claim);
    costs.mostDroppedAtOnce = Math.max(costs.mostDroppedAtOnce, now.dropped);
  }

  end(outcome: string | null): void {
    const { costs } = this;
    const now = this.underWay.pop();
    if (now?.isFault) costs.worstFault = Math.max(costs.worstFault, now.length);
    if (outcome === "no-memory") costs.noMemory++;
    if (outcome === null) costs.givenUp++;
  }

  /** @param share of the tag storage that holds data now */
  sample(share: number): void {
    this.served += share;
    this.samples++;
  }

  get all(): Costs {
    return { ...this.costs, storageServing: this.samples === 0 ? 0 : this.served / this.samples };
  }

  private fetch(key: number): void {
    this.costs.diskReads++;
    if (this.fetched.has(key)) this.costs.refetches++;
    this.fetched.add(key);
  }
}
