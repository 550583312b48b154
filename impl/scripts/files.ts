/** Files and the page cache, with the hooks of cleancache where the kernel had them. */
import { junk, type Label } from "../../model/index.ts";
import { end, mark, residence, to } from "../codes.ts";
import { byte, word } from "../columns.ts";
import type { Kit } from "../kit.ts";
import { kindOf } from "../operations.ts";
import type { Registers } from "../registers.ts";
import { outcomeOf } from "../report.ts";
import { type PackedActions, type PackedBackEnd, type PackedScript, together } from "../script.ts";
import type { Units } from "./units.ts";

const leave = ({ state: { cached } }: Kit, key: number): void => {
  cached.resident[key] = residence.none;
  cached.bytes[key] = junk;
};

const readScript = (kit: Kit, units: Units, backEnd: PackedBackEnd): PackedScript => {
  const { cached } = kit.state;
  const get = backEnd.get("fill-page", "read-disk");
  const ask = to[get.entry];
  return {
    entry: "find-page",
    actions: together(get.actions, {
      "find-page": {
        do: (actor) => {
          if (byte(cached.resident, actor.key) === residence.none) return ask;
          actor.value = word(cached.bytes, actor.key);
          return to["fill-page"];
        },
      },
      "read-disk": {
        do: (actor) => {
          const first = units.missingFirst(actor);
          actor.value = word(cached.disk, first);
          if (units.missingLength(actor) === 2) actor.secondValue = word(cached.disk, first + 1);
          return to["fill-page"];
        },
      },
      "fill-page": {
        do: (actor) => {
          const resident = byte(cached.resident, actor.key) !== residence.none;
          const first = resident ? actor.key : units.missingFirst(actor);
          const length = resident ? 1 : units.missingLength(actor);
          for (let position = 0; position < length; position++)
            fill(actor, first + position, position === 0 ? actor.value : actor.secondValue);
          return end;
        },
      },
    }),
  };

  function fill(actor: Registers, key: number, bytes: number): void {
    if (byte(cached.resident, key) === residence.none) cached.resident[key] = residence.clean;
    cached.bytes[key] = bytes;
    if (key === actor.key) kit.report.own(outcomeOf.bytes, bytes);
    else units.report(kindOf["read-file"], key, outcomeOf.bytes, bytes);
  }
};

const evictScript = (kit: Kit, units: Units, backEnd: PackedBackEnd): PackedScript => {
  const put = backEnd.put("remove-page");
  const offer = to[put.entry];
  return {
    entry: "find-page",
    actions: together(put.actions, {
      "find-page": { do: () => offer },
      "remove-page": {
        do: (actor) => {
          const first = units.cleanFirst(actor);
          const length = units.cleanLength(actor);
          for (let key = first; key < first + length; key++) {
            leave(kit, key);
            if (key === actor.key) kit.report.own(outcomeOf.done, 0);
            else units.report(kindOf.evict, key, outcomeOf.done);
          }
          return end;
        },
      },
    }),
  };
};

/** One action under the page lock. */
const onePage = (change: (actor: Registers, choice: number) => void): PackedScript => ({
  entry: "change-file",
  actions: {
    "change-file": {
      do: (actor, choice) => {
        change(actor, choice);
        return end;
      },
    },
  },
});

/** Keys one after the other, each in its own critical section: find the copy, forget it. */
type KeysOf = {
  readonly first: (actor: Registers) => number;
  readonly length: number;
};

/** Empties keys; `means` tells what the going of each is to the contract. */
const emptying = (
  backEnd: PackedBackEnd,
  keys: KeysOf,
  means: (actor: Registers, key: number) => void,
  then: number,
): PackedActions => ({
  "empty-keys": {
    do: (actor) => {
      backEnd.find(actor, keys.first(actor) + actor.count);
      return to["forget-keys"];
    },
  },
  "forget-keys": {
    do: (actor) => {
      means(actor, keys.first(actor) + actor.count);
      backEnd.forget(actor.storage, actor.target);
      actor.storage = -1;
      actor.target = -1;
      actor.count++;
      return actor.count < keys.length ? to["empty-keys"] : then;
    },
  },
});

/** The disk changes beneath the page cache: the resident copy and the key go first. */
const beneath = (
  kit: Kit,
  units: Units,
  backEnd: PackedBackEnd,
  bytes: (actor: Registers) => number,
): PackedScript => ({
  entry: "find-page",
  actions: {
    "find-page": {
      do: ({ key }) => {
        leave(kit, key);
        return to["empty-keys"];
      },
    },
    ...emptying(
      backEnd,
      { first: ({ key }) => key, length: 1 },
      (_actor, key) => units.report(kindOf["invalidate-page"], key, outcomeOf.done),
      to["finish-change"],
    ),
    "finish-change": {
      do: (actor) => {
        kit.state.cached.disk[actor.key] = bytes(actor);
        kit.report.own(outcomeOf.done, 0);
        return end;
      },
    },
  },
});

/** Many keys go, one short critical section each, and then what they were kept for. */
const manyKeys = (
  kit: Kit,
  units: Units,
  backEnd: PackedBackEnd,
  keys: KeysOf,
  finish: (actor: Registers) => void,
): PackedScript => ({
  entry: "empty-keys",
  actions: {
    ...emptying(
      backEnd,
      keys,
      (_actor, key) => units.report(kindOf["invalidate-page"], key, outcomeOf.done),
      to["finish-change"],
    ),
    "finish-change": {
      do: (actor) => {
        const first = keys.first(actor);
        for (let key = first; key < first + keys.length; key++) leave(kit, key);
        finish(actor);
        kit.report.own(outcomeOf.done, 0);
        return end;
      },
    },
  },
});

const atOnce = (kit: Kit, change: (actor: Registers) => void): PackedScript => ({
  entry: "finish-change",
  actions: {
    "finish-change": {
      do: (actor) => {
        change(actor);
        kit.report.own(outcomeOf.done, 0);
        return end;
      },
    },
  },
});

export const fileScripts = (kit: Kit, units: Units, backEnd: PackedBackEnd) => {
  const { state, report } = kit;
  const { cached } = state;
  const { pagesPerFile, files } = kit.scope;
  const keysOfFile: KeysOf = { first: ({ key }) => key, length: pagesPerFile };
  const allKeys: KeysOf = { first: () => 0, length: files * pagesPerFile };
  const truncated: Label = "empty-keys";
  return {
    "read-file": readScript(kit, units, backEnd),
    evict: evictScript(kit, units, backEnd),
    "write-file": onePage(({ key, third: bytes }) => {
      cached.resident[key] = residence.dirty;
      cached.bytes[key] = bytes;
      report.own(outcomeOf.done, 0);
    }),
    "write-back": onePage(({ key }, fails) => {
      cached.resident[key] = residence.clean;
      if (fails === 1) {
        report.own(outcomeOf.failed, 0);
        report.mark(mark["write-back-fails"]);
        return;
      }
      cached.disk[key] = word(cached.bytes, key);
      report.own(outcomeOf.done, 0);
    }),
    "direct-write": beneath(kit, units, backEnd, ({ third: bytes }) => bytes),
    truncate: beneath(kit, units, backEnd, () => 0),
    unlink: manyKeys(kit, units, backEnd, keysOfFile, (actor) => {
      cached.disk.fill(0, actor.key, actor.key + pagesPerFile);
      state.exists[actor.first] = 0;
    }),
    create: atOnce(kit, ({ first: file }) => {
      state.exists[file] = 1;
    }),
    unmount: manyKeys(kit, units, backEnd, allKeys, () => {
      state.mounted[0] = 0;
    }),
    mount: atOnce(kit, () => {
      state.mounted[0] = 1;
    }),
    drop: {
      entry: truncated,
      actions: emptying(
        backEnd,
        { first: ({ key }) => key, length: 1 },
        () => report.own(outcomeOf.done, 0),
        end,
      ),
    } satisfies PackedScript,
  };
};

/** The back end that keeps nothing. */
export const noBackEnd = (units: Units): PackedBackEnd => ({
  get: (_hit, miss) => ({
    entry: "get-missed",
    actions: {
      "get-missed": {
        do: (actor) => {
          units.reportMissed(actor);
          return to[miss];
        },
      },
    },
  }),
  put: (then) => ({
    entry: "put-dropped",
    actions: {
      "put-dropped": {
        do: (actor) => {
          units.reportDroppedPut(actor);
          return to[then];
        },
      },
    },
  }),
  find: () => undefined,
  forget: () => undefined,
});
