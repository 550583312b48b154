/**
 * What a caller may ask for: the checks at the door. A request that fails one is refused and changes
 * nothing; what passes is what the model's actors may start.
 */
import type { Design } from "../model/index.ts";
import { heldState, residence } from "./codes.ts";
import { byte, word } from "./columns.ts";
import type { Kit } from "./kit.ts";
import { kindOf, operationKinds, wish } from "./operations.ts";
import type { Registers } from "./registers.ts";
import type { Units } from "./scripts/units.ts";

/** The actor's registers hold what is asked already; nothing else has changed. */
export type Guard = (actor: Registers) => boolean;

/** Bits of page states. */
const states = (...names: readonly (keyof typeof heldState)[]): number =>
  names.reduce((bits, name) => bits | (1 << heldState[name]), 0);

const kernelTagged = wish.tagged | wish.atomic;

const isTag = (value: number): boolean => value >= 0 && value <= 15;

/** No owner has this number, nor has a page that nobody owns. */
const anybodys = -2;

const mapped = states("mapped");
const readable = states("mapped", "read-only");
const waiting = states("mapped", "deferred");

/** The guards by the code of the operation's kind. */
export const guardsOf = (kit: Kit, units: Units, design: Design): readonly Guard[] => {
  const { state, copies } = kit;
  const { held, slots, cached } = state;
  const { actors: specs, files, pagesPerFile } = kit.scope;
  const alone = specs.length === 1;
  /** By actor: whose pages it may touch; everybody's is below every owner. */
  const touches = Int32Array.from(specs, ({ everyones, owner }) => (everyones ? anybodys : owner));

  /**
   * Is it his page, or anybody's for one who may touch everybody's, and in one of these states? A
   * handle that there is not is in the state of one that is free.
   */
  const isHis = ({ me, first: handle }: Registers, wanted: number): boolean => {
    const whose = word(touches, me);
    if (whose !== anybodys && word(held.owner, handle) !== whose) return false;
    return ((wanted >> byte(held.state, handle)) & 1) === 1;
  };
  const isFaultedOn = ({ me, first: handle }: Registers): boolean =>
    kit.actors.some(
      (other) => other.me !== me && other.kind === kindOf["enable-tags"] && other.first === handle,
    );
  const isMovable = (actor: Registers, wanted: number): boolean =>
    isHis(actor, wanted) &&
    word(held.uses, actor.first) === 0 &&
    byte(held.pinned, actor.first) === 0 &&
    (alone || !isFaultedOn(actor));
  /** A slot that there is not has no sharers. */
  const isHisSlot = ({ me, first: slot }: Registers): boolean => {
    const whose = word(touches, me);
    if (whose !== anybodys && word(slots.owner, slot) !== whose) return false;
    return word(slots.sharers, slot) > 0 && byte(slots.busy, slot) === 0;
  };
  const isTagged = ({ first: handle }: Registers): boolean => byte(held.tagged, handle) === 1;
  /** One beyond the page would be another page's. */
  const isGranule = ({ second: granule }: Registers): boolean =>
    granule >= 0 && granule < kit.arena.granules;
  const isFile = ({ first: file }: Registers): boolean => file >= 0 && file < files;
  /** A file that there cannot be does not exist. */
  const exists = ({ first: file }: Registers): boolean =>
    byte(state.mounted, 0) === 1 && byte(state.exists, file) === 1;
  const isPage = ({ second: index }: Registers): boolean => index >= 0 && index < pagesPerFile;
  /** While a file or file system is going away, nobody else starts on it. */
  const isStaying = (): boolean =>
    alone || !kit.actors.some(({ kind }) => kind === kindOf.unlink || kind === kindOf.unmount);
  const isAlone = ({ me }: Registers): boolean =>
    !kit.actors.some(({ me: other, kind }) => other !== me && kind >= kindOf["read-file"]);
  const onFile: Guard = (actor) => exists(actor) && isPage(actor) && isStaying();

  const guards: { readonly [kind in keyof typeof kindOf]?: Guard } = {
    /** A configuration without kernel tags refuses them. */
    allocate: ({ second: wishes }) => design.kernelTags || (wishes & kernelTagged) !== kernelTagged,
    free: (actor) => isMovable(actor, waiting),
    migrate: (actor) => isMovable(actor, mapped),
    "enable-tags": (actor) => isHis(actor, waiting) && word(held.uses, actor.first) < 2,
    "write-tag": (actor) =>
      isHis(actor, mapped) && isTagged(actor) && isGranule(actor) && isTag(actor.third),
    "read-tag": (actor) => isHis(actor, readable) && isTagged(actor) && isGranule(actor),
    "write-bytes": (actor) => isHis(actor, mapped),
    "read-bytes": (actor) => isHis(actor, readable),
    copy: (actor) => isMovable(actor, mapped),
    "swap-out": (actor) => state.freeSlots.smallest() >= 0 && isMovable(actor, mapped),
    "share-slot": (actor) => isHisSlot(actor) && word(slots.sharers, actor.first) === 1,
    "swap-in": isHisSlot,
    "free-slot": isHisSlot,
    "read-file": onFile,
    "write-file": onFile,
    "direct-write": onFile,
    truncate: onFile,
    "write-back": (actor) => onFile(actor) && byte(cached.resident, actor.key) === residence.dirty,
    evict: (actor) => {
      const head = units.folioOf(actor.key);
      return (
        onFile(actor) &&
        byte(cached.resident, actor.key) === residence.clean &&
        (head === actor.key || byte(cached.resident, head) !== residence.clean)
      );
    },
    unlink: (actor) => exists(actor) && isAlone(actor),
    create: (actor) =>
      byte(state.mounted, 0) === 1 &&
      isFile(actor) &&
      byte(state.exists, actor.first) === 0 &&
      isStaying(),
    unmount: (actor) =>
      byte(state.mounted, 0) === 1 && !cached.resident.includes(residence.dirty) && isAlone(actor),
    mount: () => byte(state.mounted, 0) === 0,
    drop: (actor) => isFile(actor) && isPage(actor) && copies.find(actor.key) >= 0,
  };
  return operationKinds.map((kind) => guards[kind] ?? (() => false));
};
