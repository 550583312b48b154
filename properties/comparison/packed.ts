/** An implementation as the one who does the work: real lists, and decisions of its own. */
import {
  commitsInside,
  kindOf,
  Manager,
  outcomeKinds,
  own,
  packOperation,
  reply,
} from "../../impl/index.ts";
import {
  type Design,
  type Operation,
  type Outcome,
  type Scope,
  storageUses,
} from "../../model/index.ts";
import { type Costs, Tally } from "./costs.ts";
import { mostPatience, type Subject } from "./subject.ts";

export class Packed implements Subject {
  readonly scope: Scope;
  private readonly manager: Manager;
  private readonly tally: Tally;

  constructor(design: Design, scope: Scope) {
    this.scope = scope;
    this.manager = new Manager(design, scope, { lists: true, poison: false });
    this.tally = new Tally(design.claiming);
  }

  get costs(): Costs {
    return this.tally.all;
  }

  ask(by: number, operation: Operation, relief = (): boolean => false): Outcome | "refused" | null {
    const packed = packOperation(operation);
    const asked = packed ? this.manager.request(by, 1, packed) : reply.refused;
    if (asked !== reply.ran) return "refused";
    const key =
      "file" in operation && "index" in operation
        ? operation.file * this.scope.pagesPerFile + operation.index
        : -1;
    this.tally.begin(operation.kind === "enable-tags", key);
    const outcome = this.finish(by, relief);
    this.tally.end(outcome?.kind ?? null);
    return outcome;
  }

  /** An implementation does nothing of its own accord. */
  pause(): void {}

  sample(): void {
    const { storage } = this.manager.state;
    const cached = storageUses.indexOf("cached");
    const data = storageUses.indexOf("data");
    let serving = 0;
    for (const use of storage.use) if (use === cached || use === data) serving++;
    this.tally.sample(serving / storage.use.length);
  }

  private finish(by: number, relief: () => boolean): Outcome | null {
    const { manager, tally } = this;
    const { report } = manager;
    let outcome: Outcome | null = null;
    for (let actions = 1; ; actions++) {
      const label = manager.labelOf(by);
      if (manager.act(by, own) !== reply.ran) return null;
      tally.action(label, commitsInside(manager, kindOf.drop));
      if (report.outcome >= 0) outcome = toldBy(report);
      if (report.ended) return outcome;
      if (actions % mostPatience === 0 && !relief()) return null;
    }
  }
}

/** What the caller has to know to go on; nobody looks at a page. */
const toldBy = ({ outcome, value }: Manager["report"]): Outcome => {
  const kind = outcomeKinds[outcome] ?? "failed";
  switch (kind) {
    case "pages":
      return { kind, handles: [value], seen: [] };
    case "page":
      return { kind, handle: value, seen: {} };
    case "swapped":
      return { kind, slots: [value] };
    case "no-memory":
      return { kind };
    default:
      return { kind: "done" };
  }
};
