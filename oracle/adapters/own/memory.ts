/** The implementation as somebody's memory: one caller at a time, everything at his disposal. */
import {
  type Bug,
  commitsOfReport,
  Manager,
  operationKinds,
  packOperation,
  reply,
} from "../../../impl/index.ts";
import {
  type ActorSpec,
  type Design,
  describeOperation,
  describeOutcome,
  type Limits,
  limitsOf,
  makeGeometry,
  type Offer,
  type Operation,
  offers,
  type Scope,
} from "../../../model/index.ts";
import { underWith } from "../../../properties/bugs/planted.ts";
import type { Answer, Capabilities } from "../../protocol/index.ts";

/** Two blocks of one storage page, each with the tags of three pages. */
const blocks = 2;
const pagesPerStoragePage = 3;
const pages = blocks * pagesPerStoragePage;

/** Higher ones do not fit into its nibbles. */
const largestTag = 7;
const largestContents = 5;

const allocating: readonly Offer[] = ["allocate-tagged", "allocate-untagged", "free"];

/** A process that may do everything, and an interrupt that allocates in atomic context. */
const actors: readonly ActorSpec[] = [
  { name: "task", kind: "task", cpu: 0, owner: 0, everyones: true, may: offers },
  { name: "interrupt", kind: "interrupt", cpu: 0, owner: 0, everyones: true, may: allocating },
];

const scopeOf = ({ folioOrder }: Design, limits: Limits): Scope => ({
  geometry: makeGeometry(
    { granulesPerPage: limits.granulesPerPage, pagesPerStoragePage, blockPages: 1 },
    [blocks],
  ),
  otherCmaPages: 0,
  tagValues: largestTag + 1,
  byteValues: largestContents + 1,
  slots: limits.slots,
  files: limits.files,
  pagesPerFile: limits.pagesPerFile,
  getForm: limits.getForm,
  folioOrder,
  actors,
  pins: 0,
  dirtyLines: false,
  mayFail: false,
});

/** Designs that put data of their callers into storage have more pages than can be tagged. */
const holdsData = ({ stash }: Design): boolean => stash;

/** Puts and gets happen inside, when file pages come and go. */
const askable: Capabilities["operations"] = operationKinds.flatMap((kind) =>
  kind === "none" || kind === "put" || kind === "get" || kind === "invalidate-page" ? [] : [kind],
);

export const capabilitiesOf = (design: Design): Capabilities => {
  const handles = pages + (holdsData(design) ? blocks : 0);
  const fixed = (size: number) => ({ least: size, most: size });
  return {
    operations: askable,
    sizes: {
      granulesPerPage: { least: 1, most: 4 },
      handles: fixed(handles),
      taggablePages: fixed(pages),
      slots: { least: 0, most: 4 },
      files: { least: 1, most: 2 },
      pagesPerFile: { least: 2, most: 2 },
    },
    getForm: "keeping",
    contexts: ["sleepable", "atomic"],
    largestOrder: 0,
    largestFolio: 1,
    swapInPaths: ["fault", "swapoff", "shmem"],
    largestTag,
    largestContents,
    owners: 1,
    mostSharers: 2,
    refuses: !mayPutOff(design),
  };
};

/** Designs that may have to say "not now" where the contract knows no such thing. */
const mayPutOff = (design: Design): boolean => holdsData(design) || design.folioOrder > 0;

export class OwnMemory {
  private readonly design: Design;
  private readonly under: ReturnType<typeof underWith>;
  private manager: Manager | null = null;
  private fresh: Uint8Array = new Uint8Array();

  constructor(design: Design, planted: readonly Bug[]) {
    this.design = design;
    this.under = underWith(planted);
  }

  configure(limits: Limits): void {
    const { design, under } = this;
    const scope = scopeOf(design, limits);
    const made = limitsOf(scope, design.stash);
    if (made.taggablePages !== limits.taggablePages) throw new RangeError("pages cannot be chosen");
    const { patch } = under;
    this.manager = new Manager(under.design?.(design) ?? design, scope, {
      lists: true,
      ...(patch && { patch }),
    });
    this.fresh = this.manager.snapshot();
  }

  reset(): void {
    this.manager?.restore(this.fresh);
  }

  answer(id: number, operation: Operation): Answer {
    const { manager } = this;
    const packed = packOperation(operation);
    if (!manager || !packed) return { type: "error", id, error: "refused", message: "unknown" };
    const atomic = operation.kind === "allocate" && operation.context === "atomic";
    const ran = manager.run(atomic ? 1 : 0, ...packed);
    if (ran !== reply.ran) {
      /** To forget what is not there is no mistake. */
      if (operation.kind === "drop") return { type: "outcome", id, outcome: { kind: "done" } };
      const error = mayPutOff(this.design) ? "not-done" : "refused";
      return { type: "error", id, error, message: "the guard of the operation says no" };
    }
    const commits = commitsOfReport(manager);
    const own = commits.find((commit) => commit.operation === "own");
    if (!own) return { type: "error", id, error: "unknown", message: "it never took effect" };
    const notes = commits.flatMap(({ operation: inside, outcome }) =>
      inside === "own" ? [] : [`inside: ${describeOperation(inside)}; ${describeOutcome(outcome)}`],
    );
    return { type: "outcome", id, outcome: own.outcome, ...(notes.length > 0 && { notes }) };
  }
}
