/**
 * A history taken apart into histories about different things. A history is linearizable exactly if
 * it is so for each thing by itself, as long as no operation is about two of them: calls that name
 * the same page, slot or file page are in one part, and so are those that an operation on a whole
 * file or on everything ties together. One thing is shared by all pages: how many there can be. It
 * ties them together only where it can matter.
 */
import type { Limits, Operation } from "../../model/index.ts";
import { type Part, partsOf, strayPage, straySlot } from "../judge/part.ts";
import { joinNames, type Names, noNames } from "../judge/piece.ts";
import { isWhole } from "../judge/whole.ts";
import type { Call } from "./history.ts";

export type Portion = {
  readonly names: Names;
  readonly calls: readonly Call[];
  /** For each call what it is about; calls that share nothing can change places. `null`: everything. */
  readonly about: ReadonlyMap<Call, ReadonlySet<string> | null>;
};

const textsOf = ({ pages, slots, keys }: Names, shared: boolean): readonly string[] => [
  ...pages.map((handle) => (shared ? "pages" : `page ${handle}`)),
  ...slots.map((slot) => `slot ${slot}`),
  ...keys.map(({ file, index }) => `file ${file} ${index}`),
];

/** Who else's things an operation on many is about. */
const reachOf = (operation: Operation): RegExp | null => {
  switch (operation.kind) {
    case "swapoff":
      return /^slot /;
    case "unmount":
    case "mount":
    case "invalidate-pool":
      return /^file /;
    case "unlink":
    case "create":
    case "invalidate-object":
      return new RegExp(`^file ${operation.file} `);
    default:
      return null;
  }
};

/** The names of a call; of an operation on many things, of the ones it says itself. */
const namesOf = ({ event }: Call): Names =>
  isWhole(event.operation)
    ? noNames
    : partsOf(event)
        .map((part: Part) => part.names)
        .reduce(joinNames, noNames);

/** Did somebody get something without anybody seeing which? Then it may be any of them. */
const isStray = ({ pages, slots }: Names): boolean =>
  pages.includes(strayPage) || slots.includes(straySlot);

/** The names of the things that a call can read or change; `null`: of everything. */
export const footprintOf = (call: Call): Names | null =>
  isWhole(call.event.operation) ? null : namesOf(call);

/** Was a call given something without anybody seeing what? */
export const isStrayCall = (call: Call): boolean => isStray(namesOf(call));

/** Can the number of taggable pages matter: was memory short, or can it have been? */
const countMatters = (calls: readonly Call[], limits: Limits, pages: number): boolean =>
  pages > limits.taggablePages ||
  calls.some(({ event: { outcome, operation } }) =>
    typeof outcome === "object"
      ? outcome.kind === "no-memory"
      : /^(allocate|copy|swap-in|enable-tags)$/.test(operation.kind),
  );

class Unions {
  private readonly parents = new Map<string, string>();

  rootOf(name: string): string {
    let root = name;
    for (let up = this.parents.get(root); up !== undefined; up = this.parents.get(root)) root = up;
    if (root !== name) this.parents.set(name, root);
    return root;
  }

  join(names: readonly string[]): void {
    const [first, ...others] = names.map((name) => this.rootOf(name));
    for (const other of others)
      if (first !== undefined && other !== this.rootOf(first))
        this.parents.set(other, this.rootOf(first));
  }
}

/** All that some calls name, each once. */
const onceEach = (all: readonly Names[]): Names => {
  const keys = new Map(
    all.flatMap((names) => names.keys).map((key) => [`${key.file} ${key.index}`, key]),
  );
  return {
    pages: [...new Set(all.flatMap(({ pages }) => pages))].filter((page) => page !== strayPage),
    slots: [...new Set(all.flatMap(({ slots }) => slots))].filter((slot) => slot !== straySlot),
    keys: [...keys.values()],
    files: [...new Set(all.flatMap(({ files }) => files))],
    mount: all.flatMap(({ mount }) => mount).slice(0, 1),
  };
};

/** In the order of their first calls. */
export const portionsOf = (calls: readonly Call[], limits: Limits): readonly Portion[] => {
  const named = calls.map((call) => ({ call, names: namesOf(call) }));
  const handles = new Set(named.flatMap(({ names }) => names.pages));
  const stray = named.some(({ names }) => isStray(names));
  const shared = stray || countMatters(calls, limits, handles.size);
  const all = new Set(named.flatMap(({ names }) => textsOf(names, shared)));
  const unions = new Unions();
  const tied = named.map(({ call, names }) => {
    const reach = reachOf(call.event.operation);
    const reached = reach ? [...all].filter((text) => reach.test(text)) : [];
    const texts = [
      ...textsOf(names, shared),
      ...reached,
      ...(stray ? [...all].filter((text) => !text.startsWith("file ")) : []),
    ];
    const own = texts.length > 0 ? texts : [reach ? String(reach) : "pages"];
    unions.join(own);
    const about = reach || stray || own.length === 0 ? null : new Set(own);
    return { call, names, first: own[0] ?? "", about };
  });
  const portions = new Map<string, (typeof tied)[number][]>();
  for (const one of tied) {
    const root = unions.rootOf(one.first);
    const portion = portions.get(root);
    if (portion) portion.push(one);
    else portions.set(root, [one]);
  }
  return [...portions.values()].map((those) => ({
    names: onceEach(those.map(({ names }) => names)),
    calls: those.map(({ call }) => call),
    about: new Map(those.map(({ call, about }) => [call, about])),
  }));
};
