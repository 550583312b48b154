/**
 * What an action does to which page, as a clause that completes "task ...". One
 * entry for each label of the scripts; the types see that none is left out.
 */
import {
  type Actor,
  at,
  describeOutcome,
  type Event,
  type Job,
  type Label,
  type Machinery,
  type Mark,
  type World,
} from "../../model/index.ts";
import { filePageWord, placeWord } from "../portrait.ts";

/** An action as it happened. `actor`: the registers before it; `now`: after it. */
export type Done = {
  readonly machinery: Machinery;
  readonly before: World;
  readonly after: World;
  readonly operation: Job;
  readonly me: number;
  readonly actor: Actor;
  readonly now: Actor;
  /** Where the actor stands afterwards; null where its operation is over. */
  readonly next: Label | null;
  readonly choice: number;
  readonly events: readonly Event[];
};

type Clause = (done: Done) => string;

const always =
  (text: string): Clause =>
  () =>
    text;

const place = ({ machinery }: Done, number: number): string => placeWord(machinery, number);
const frame = (done: Done): string => place(done, done.actor.frame);
const page = (handle: number): string => `page ${handle}`;
const slot = ({ actor }: Done): string => `slot ${actor.slot}`;

const isFlagged = ({ after }: Done, number: number): boolean =>
  after.frames[number]?.flagged === true;

const isMarked = ({ events }: Done, mark: Mark): boolean =>
  events.some((event) => event.kind === "marked" && event.mark === mark);

const isTagged = ({ operation }: Done): boolean =>
  operation.kind === "allocate" && operation.tagged;

/** What the caller learns with this action; the operations within others are told as events. */
const told = ({ events, operation }: Done): string => {
  for (const event of events)
    if (event.kind === "committed" && event.operation.kind === operation.kind)
      return `${describeOutcome(event.commit.outcome)}`;
  return "goes on";
};

/** The page that an outcome names. */
const givenPage = ({ events, actor }: Done): number => {
  for (const event of events) {
    if (event.kind !== "committed") continue;
    const { outcome } = event.commit;
    if (outcome.kind === "pages") return outcome.handles[0] ?? actor.handle;
    if (outcome.kind === "page") return outcome.handle;
  }
  return actor.handle;
};

const fileWhere = ({ machinery, operation }: Done): string => {
  if (!("file" in operation)) return "every file";
  const { pagesPerFile } = machinery.site.scope;
  return "index" in operation
    ? filePageWord(machinery, operation.file * pagesPerFile + operation.index)
    : `file ${operation.file}`;
};

const block = ({ machinery, actor, operation }: Done): string => {
  if (operation.kind === "work") return `block ${operation.object}`;
  const number = machinery.site.blockOf[actor.frame];
  return number === undefined ? "the block" : `block ${number}`;
};

const storagePage = (number: number): string => `storage page ${number}`;

const takePage: Clause = (done) =>
  done.choice < 0
    ? "finds no free page"
    : `takes ${place(done, done.choice)} off the list of free pages`;

const clearPage: Clause = (done) => {
  const { operation } = done;
  const zeroed = operation.kind === "allocate" && operation.zeroed;
  if (!isTagged(done)) return zeroed ? `zeroes ${frame(done)}` : `leaves ${frame(done)} as it is`;
  if (isFlagged(done, done.actor.frame))
    return `clears the tags${zeroed ? " and the bytes" : ""} of ${frame(done)}`;
  return `leaves the tags of ${frame(done)} for a later fault, for they have no place yet`;
};

const publishPage: Clause = (done) => {
  const handle = givenPage(done);
  const access = at(done.after.held, handle).state === "deferred" ? ", without access" : "";
  return `maps ${frame(done)} as ${page(handle)}${access}`;
};

const checkBlock: Clause = (done) => {
  if (done.next === "isolate-storage" || done.next === "check-signal")
    return `finds somebody's data in ${storagePage(done.now.storage)}, which has to go first`;
  if (done.next === "invalidate-data-lines") return `takes ${block(done)}, which is free`;
  return `finds ${block(done)} full of tags already and counts one more user`;
};

const isolateStorage: Clause = (done) => {
  const lies = storagePage(done.actor.storage);
  if (done.next === "move-storage")
    return `takes the page in ${lies} off its list, to move it to ${place(done, done.choice)}`;
  if (done.now.count > done.actor.count) {
    const site = done.machinery.site.frames + done.actor.storage;
    const holder = done.before.held.find(({ state, at: lie }) => state !== "none" && lie === site);
    const why = holder?.pinned ? "pinned" : "busy";
    const gives = done.next === "unlock-failed" ? ", the last" : "";
    return `finds the page in ${lies} ${why}: try ${done.now.count}${gives}`;
  }
  return `cannot move the page in ${lies} away`;
};

const lookAtPage: Clause = (done) => {
  const lies = place(done, done.now.frame);
  const flagged = isFlagged(done, done.now.frame);
  return `finds ${page(done.now.handle)} in ${lies}, ${flagged ? "tagged already" : "not tagged yet"}`;
};

const saveTags: Clause = (done) => {
  if (done.next === "undo-swap-out") return "fails to save the tags";
  if (!isFlagged(done, done.actor.frame)) return `finds no tags to save in ${frame(done)}`;
  return `saves the tags of ${frame(done)} beside ${slot(done)}`;
};

const getLookUp: Clause = (done) =>
  done.next === "get-missed" || done.next === "get-let-go"
    ? `finds no copy of ${fileWhere(done)}`
    : `finds the copy of ${fileWhere(done)} in ${storagePage(done.now.storage)}`;

const putClaim: Clause = (done) =>
  done.choice < 0
    ? `gets no storage for ${fileWhere(done)}`
    : done.now.storage < 0
      ? `finds no copy of ${fileWhere(done)}`
      : `takes ${storagePage(done.now.storage)} for a copy of ${fileWhere(done)}`;

const findPage: Clause = (done) => {
  if (done.operation.kind !== "read-file") return `takes the lock of ${fileWhere(done)}`;
  const inMemory = done.next === "fill-page";
  return `finds ${fileWhere(done)} ${inMemory ? "in" : "not in"} the page cache`;
};

const copyStorage: Clause = (done) =>
  `copies from ${storagePage(done.actor.count > 0 ? done.actor.target : done.actor.storage)}`;

/** What the device said can be told from where the worker stands afterwards, and from the marks. */
const request =
  (what: string, done: (done: Done) => string): Clause =>
  (step) => {
    const marked = (mark: string): boolean =>
      step.events.some((event) => event.kind === "marked" && event.mark === mark);
    if (marked("the-device-is-busy")) return `${what}: the device is busy, try again later`;
    if (marked("the-device-refuses")) return `${what}: refused, the host asks for less by now`;
    if (step.next === "ask-state") return `${what}: an error, it is so already or out of bounds`;
    return done(step);
  };

const clauses: { readonly [label in Label]: Clause } = {
  "take-page": takePage,
  "clear-page": clearPage,
  "publish-page": publishPage,
  "set-page-tag": (done) => `writes the colour of ${frame(done)} into page->flags`,
  "unmap-page": (done) => `unmaps the page in ${place(done, done.now.frame)}`,
  "give-back": (done) => `puts ${frame(done)} back on the list of free pages`,
  access: (done) => told(done),
  "look-at-page": lookAtPage,
  "lock-tags": (done) =>
    done.next === "await-tags"
      ? `finds PG_mte_lock of ${frame(done)} set by somebody else`
      : `sets PG_mte_lock of ${frame(done)}`,
  "await-tags": (done) => `sees PG_mte_tagged of ${frame(done)} set`,
  "clear-tags": (done) =>
    isMarked(done, "stash-is-replayed")
      ? `gives ${frame(done)} the tags that were kept aside`
      : `clears the tags of ${frame(done)}`,
  "flag-tags": (done) => `sets PG_mte_tagged of ${frame(done)}`,
  "map-tagged": (done) => `maps ${page(done.actor.handle)} for tags`,
  "copy-bytes": (done) => `copies the bytes of ${place(done, done.actor.target)} to ${frame(done)}`,
  "copy-tags": (done) => `copies the tags of ${place(done, done.actor.target)} to ${frame(done)}`,
  "publish-copy": (done) => `maps the copy in ${frame(done)} as ${page(givenPage(done))}`,
  "isolate-page": (done) =>
    done.next === "undo-replace"
      ? `cannot move ${page(done.now.handle)}: somebody else holds a reference to it`
      : `takes ${page(done.now.handle)} off its list and unmaps it`,
  "take-target": (done) =>
    done.choice < 0
      ? "finds no free page to move to"
      : `takes ${place(done, done.choice)} to move to`,
  "move-bytes": (done) => `copies the bytes of ${place(done, done.actor.target)} to ${frame(done)}`,
  "move-tags": (done) =>
    isFlagged(done, done.actor.target)
      ? `copies the tags of ${place(done, done.actor.target)} to ${frame(done)}`
      : "finds no tags to copy",
  "move-mapping": (done) => `maps ${page(done.actor.handle)} in ${frame(done)} instead`,
  "undo-move": (done) => `gives up and maps ${page(done.actor.handle)} where it was`,
  "unmap-for-swap": (done) =>
    `takes ${slot({ ...done, actor: done.now })} and unmaps ${page(done.now.handle)}`,
  "save-tags": saveTags,
  "undo-swap-out": (done) => `gives up: ${page(done.actor.handle)} stays, ${slot(done)} is emptied`,
  "write-out": (done) => `writes ${page(done.actor.handle)} to ${slot(done)} and lets it go`,
  "lock-slot": (done) =>
    done.choice < 0
      ? "finds no free page"
      : `locks slot ${done.now.slot} and takes ${place(done, done.choice)}`,
  "read-in": (done) => `reads ${slot(done)} into ${frame(done)}`,
  "lock-page-table": always("takes the page-table lock"),
  "restore-tags": (done) => `gives ${frame(done)} the tags that were saved beside ${slot(done)}`,
  "swap-free": (done) => `drops one use of ${slot(done)}`,
  "map-swapped": (done) => `maps ${page(done.actor.handle)} in ${frame(done)}`,
  "change-slot": (done) => told(done),
  recall: (done) => {
    const whole = block(done);
    if (done.next === "count-user") return `finds ${whole} full of tags already`;
    if (done.next === "leave-index") return `finds the sole copy of a page in ${whole}`;
    const drops = done.events.some(
      (event) => event.kind === "marked" && event.mark === "claim-drops-a-copy",
    );
    return `takes ${whole}${drops ? " and drops the copy that lies there" : ""}`;
  },
  "invalidate-data-lines": (done) => `drops the cache lines of the data in ${block(done)}`,
  "count-user": (done) => `counts ${frame(done)} as a user of ${block(done)}`,
  "invalidate-tag-lines": (done) => `drops the cache lines of the tags of ${frame(done)}`,
  uncount: (done) => `counts ${frame(done)} as a user of ${block(done)} no more`,
  "lock-blocks": always("takes the mutex of the blocks"),
  "check-block": checkBlock,
  "isolate-storage": isolateStorage,
  "move-storage": (done) =>
    `copies the bytes of ${storagePage(done.actor.storage)} to ${place(done, done.actor.moved)}`,
  "remap-storage": (done) =>
    `maps the page of ${storagePage(done.actor.storage)} in ${place(done, done.actor.moved)} instead`,
  "replay-stash": (done) => `gives ${frame(done)} the tags that were kept aside`,
  "unlock-claimed": always("lets the mutex of the blocks go"),
  "unlock-failed": always("gives up and lets the mutex of the blocks go"),
  "check-signal": (done) =>
    done.choice === 1 ? "finds that its task is being killed" : "finds no fatal signal pending",
  "unlock-killed": always("calls that a success and lets the mutex of the blocks go"),
  "return-page": (done) => {
    const next = done.choice < 0 ? "has tried every page" : `takes ${place(done, done.choice)}`;
    return `puts ${frame(done)} back, at the tail of its list, and ${next}`;
  },
  "prepare-restore": (done) =>
    done.next === "stash-tags"
      ? `finds no place for the tags of ${slot(done)}`
      : `finds a place for the tags of ${slot(done)}`,
  "change-protection": (done) => `makes ${page(done.now.handle)} fault on its next access`,
  "undo-replace": (done) => `does without ${frame(done)}`,
  "out-of-memory": always("ends the fault for want of memory"),
  "stash-tags": (done) => `keeps the tags for ${frame(done)} aside`,
  "retry-fault": (done) =>
    done.next === "replay-fault" ? "has the fault tried again" : "has tried once already",
  "replace-page": (done) =>
    done.choice >= 0 && done.next !== "replay-fault"
      ? `takes ${place(done, done.choice)} to move ${page(done.actor.handle)} to`
      : `cannot move ${page(done.actor.handle)}`,
  "replay-fault": (done) => `lets go of ${page(done.actor.handle)}`,
  "read-sizes": always("reads how much of the region is plugged, and how much the host asks for"),
  "send-plug": (done) =>
    request(`asks for ${block(done)}`, (step) => `is given ${block(step)}`)(done),
  "ask-state": (done) => `asks for the state of block ${done.actor.count}`,
  "use-block": (done) => `gives ${block(done)} out for use`,
  "empty-block": (done) => `takes ${block(done)} out of use and drops the copies in it`,
  "isolate-block": (done) => `keeps ${block(done)} from new allocations`,
  "next-page": (done) =>
    done.next === "isolate-storage"
      ? `finds ${storagePage(done.now.storage)} in use`
      : `finds ${block(done)} empty`,
  "undo-isolation": (done) => `gives up, and lets ${block(done)} be used again`,
  "await-users": (done) => `sees that nobody is at a page of ${block(done)}`,
  "send-unplug": (done) =>
    request(`hands ${block(done)} back`, (step) => `hands ${block(step)} back to the host`)(done),
  "unplug-all": (done) =>
    request("hands everything back", () => "hands everything back to the host")(done),
  "take-back": (done) =>
    done.next === "lock-index"
      ? "finds the next page of the block in the hands of the cache"
      : "takes the next page of the block off the list of free ones",
  "lock-index": (done) =>
    done.next === "take-back" ? "finds it moved meanwhile" : "drops the copy that lies there",
  "leave-index": always("leaves it alone for now"),
  "may-sleep": (done) =>
    done.next === "lock-blocks" ? "may sleep" : "may not sleep, and so cannot write it back",
  "pick-entry": (done) =>
    done.next === "recall"
      ? `finds ${block(done)} empty`
      : `picks the entry of slot ${done.now.moved} in ${storagePage(done.now.storage)}`,
  "lock-entry": (done) =>
    done.next === "write-entry"
      ? `locks slot ${done.actor.moved}`
      : `finds the entry of slot ${done.actor.moved} gone`,
  "write-entry": (done) =>
    done.next === "erase-entry"
      ? `writes the entry of slot ${done.actor.moved} to the device`
      : `fails to write the entry of slot ${done.actor.moved} to the device`,
  "erase-entry": (done) => `erases the entry in ${storagePage(done.actor.storage)}`,
  "fail-allocation": (done) => `puts ${frame(done)} back and ${told(done)}`,
  "undo-copy": (done) => `puts ${frame(done)} back and ${told(done)}`,
  "fail-fault": (done) => told(done),
  "undo-swap-in": (done) => `puts ${frame(done)} back, ${slot(done)} stays, and ${told(done)}`,
  "store-entry": (done) =>
    done.choice < 0
      ? `gets no storage for ${slot(done)}`
      : `takes ${storagePage(done.now.storage)} for ${slot(done)}`,
  "fill-entry": (done) => `copies ${frame(done)} into ${storagePage(done.actor.storage)}`,
  "publish-entry": (done) => `lets the entry of ${slot(done)} be found`,
  "refuse-entry": (done) => `does without an entry of ${slot(done)}`,
  "look-up-entry": (done) =>
    done.now.storage < 0
      ? `finds no entry of ${slot(done)}`
      : `finds the entry of ${slot(done)} in ${storagePage(done.now.storage)}`,
  "load-first-half": (done) => `copies from ${storagePage(done.actor.storage)} the first half`,
  "load-second-half": (done) => `copies from ${storagePage(done.actor.storage)} the second half`,
  "recheck-entry": (done) =>
    done.next === "read-in" ? "finds the entry gone" : `fills ${frame(done)} from the entry`,
  "find-page": findPage,
  "read-disk": (done) => `reads ${fileWhere(done)} from the disk`,
  "fill-page": (done) => `gives out ${fileWhere(done)}, and the reader ${told(done)}`,
  "put-claim": putClaim,
  "put-copy-rest": always("copies the second half of the page"),
  "put-copy": (done) => `copies ${fileWhere(done)} into tag storage`,
  "put-publish": (done) => `lets the copy of ${fileWhere(done)} be found`,
  "put-dropped": (done) => `does without a copy of ${fileWhere(done)}`,
  "put-pick": putClaim,
  "take-node": (done) =>
    done.now.frame < 0
      ? "needs no new node of the index, or gets none"
      : `takes ${place(done, done.now.frame)} for a node of the index`,
  "make-node": (done) => `makes ${frame(done)} a node of the index`,
  "unmap-node": (done) =>
    done.next === null
      ? "finds the node in use"
      : `takes the node in ${frame({ ...done, actor: done.now })} away`,
  "put-forget": (done) => `forgets the older copy of ${fileWhere(done)}`,
  "get-look-up": getLookUp,
  "get-copy-first": (done) => `${copyStorage(done)} the first half`,
  "get-copy-second": (done) => `${copyStorage(done)} the second half`,
  "get-recheck": (done) =>
    done.next === "get-take" ? "finds the copy still there" : "finds the copy gone",
  "get-take": (done) => `hands out the copy of ${fileWhere(done)}`,
  "get-let-go": always("lets the copy go"),
  "get-missed": (done) => `misses ${fileWhere(done)}`,
  "remove-page": (done) => `takes ${fileWhere(done)} out of the page cache`,
  "change-file": (done) => `changes ${fileWhere(done)}`,
  "empty-keys": (done) => `looks for the copies of ${fileWhere(done)}`,
  "forget-keys": (done) => `forgets the copies of ${fileWhere(done)}`,
  "finish-change": (done) => `finishes with ${fileWhere(done)}`,
};

/** Completes "task ...": "takes frame 0 off the list of free pages". */
export const clauseOf = (label: Label, done: Done): string => clauses[label](done);
