/**
 * "tagstore", a small model of tag storage that every peer is given, as plain objects: what the
 * other forms of it (packed, Promela, Murphi, TLA+, C) have to agree with.
 *
 * Storage page s holds the tags of the data pages s * G to s * G + G - 1. A process (one, with a
 * program counter) allocates, frees, tags, swaps; a tagged allocation and a swap-in take several
 * steps. Atomic context may come between any two of them: kernel pages, cleancache, pins.
 */

/** S storage pages, G data pages for each, T tag values, K cleancache keys, O users. */
export type Size = {
  readonly S: number;
  readonly G: number;
  readonly T: number;
  readonly K: number;
  readonly O: number;
};

/** `blinddrop`: the step that drops a storage page's content does not look again what it is now. */
type Bug = "none" | "blinddrop";

export type Instance = Size & { readonly bug: Bug };

type PageKind = "free" | "untagged" | "tagged" | "swapped" | "swapped-tagged";

/** `want` is the tag last set: nobody reads it but the invariant. */
export type Page = {
  kind: PageKind;
  owner: number;
  tag: number;
  want: number;
};

type StorageKind = "free" | "cached" | "tags" | "data";

/** Keys count from 1; `ref` counts the tagged pages and a claim under way; `pin` is of data. */
export type Storage = {
  kind: StorageKind;
  key: number;
  ref: number;
  pin: boolean;
};

/** Where the process stands: nowhere, before reserving, dropping, or setting tags. */
type Step = 0 | 1 | 2 | 3;

export type State = {
  readonly pages: Page[];
  readonly storage: Storage[];
  pc: Step;
  /** The page that the process is at work on. */
  target: number;
};

/** Something that can happen; `change` makes it happen to a copy of the state. */
export type Action = { readonly name: string; readonly change: (draft: State) => void };

const freePage: Page = { kind: "free", owner: 0, tag: 0, want: 0 };
const freeStorage: Storage = { kind: "free", key: 0, ref: 0, pin: false };

export const initialOf = ({ S, G }: Size): State => ({
  pages: Array.from({ length: S * G }, () => ({ ...freePage })),
  storage: Array.from({ length: S }, () => ({ ...freeStorage })),
  pc: 0,
  target: 0,
});

export const copyOf = ({ pages, storage, pc, target }: State): State => ({
  pages: pages.map((page) => ({ ...page })),
  storage: storage.map((each) => ({ ...each })),
  pc,
  target,
});

const range = (count: number, from = 0): readonly number[] =>
  Array.from({ length: count }, (_, index) => from + index);

/** An entry that is there by construction. */
const at = <Item>(list: readonly Item[], index: number): Item => {
  const item = list[index];
  if (item === undefined) throw new RangeError(`nothing at ${index}`);
  return item;
};

const setPage = (draft: State, page: number, to: Partial<Page>): void => {
  Object.assign(at(draft.pages, page), to);
};

const setStorage = (draft: State, storage: number, to: Partial<Storage>): void => {
  Object.assign(at(draft.storage, storage), to);
};

const release = (storage: Storage): void => {
  storage.ref--;
  if (storage.ref === 0) storage.kind = "free";
};

const grab = (storage: Storage): void => {
  const ref = storage.kind === "tags" ? storage.ref + 1 : 1;
  Object.assign(storage, { kind: "tags", key: 0, ref, pin: false });
};

const begin = (draft: State, page: number): void => {
  draft.pc = 1;
  draft.target = page;
};

const end = (draft: State): void => {
  draft.pc = 0;
  draft.target = 0;
};

/** Everything that can happen, in a fixed order. */
export const actionsOf = (state: State, instance: Instance): readonly Action[] => [
  ...range(state.pages.length).flatMap((page) => pageActions(state, page, instance)),
  ...range(state.storage.length).flatMap((storage) => storageActions(state, storage)),
  ...range(instance.K, 1).flatMap((key) => keyActions(state, key)),
  ...processActions(state, instance),
];

/** What concerns one page and its storage page: those of an idle process, and atomic ones. */
export function pageActions(state: State, page: number, instance: Instance): readonly Action[] {
  const { G, T, O } = instance;
  const { kind, owner, tag } = at(state.pages, page);
  const storage = Math.floor(page / G);
  const isUsers = kind !== "free" && owner < O;
  const on = (name: string, change: Action["change"]): Action => ({
    name: `${name} page ${page}`,
    change,
  });
  const set = (to: Partial<Page>) => (draft: State) => setPage(draft, page, to);
  const letGo = (draft: State): void => release(at(draft.storage, storage));
  const actions: Action[] = [];

  if (state.pc === 0) {
    if (kind === "free") {
      for (const user of range(O)) {
        const allocate = set({ kind: "untagged", owner: user });
        actions.push(on(`user ${user} allocates untagged`, allocate));
        actions.push(
          on(`user ${user} begins to allocate tagged`, (draft) => {
            allocate(draft);
            begin(draft, page);
          }),
        );
      }
    }
    if (isUsers) {
      actions.push(
        on("free", (draft) => {
          if (kind === "tagged") letGo(draft);
          setPage(draft, page, freePage);
        }),
      );
    }
    if (isUsers && kind === "tagged") {
      for (const other of range(T).filter((each) => each !== tag)) {
        actions.push(on(`set tag ${other} on`, set({ tag: other, want: other })));
      }
      actions.push(
        on("swap out tagged", (draft) => {
          setPage(draft, page, { kind: "swapped-tagged" });
          letGo(draft);
        }),
      );
    }
    if (kind === "untagged") actions.push(on("swap out", set({ kind: "swapped" })));
    if (kind === "swapped") actions.push(on("swap in", set({ kind: "untagged" })));
    if (kind === "swapped-tagged") {
      actions.push(on("begin to swap in tagged", (draft) => begin(draft, page)));
    }
  }
  if (kind === "free" && at(state.storage, storage).kind !== "data") {
    for (const value of range(T)) {
      actions.push(
        on(`atomic: allocate with tag ${value}`, (draft) => {
          grab(at(draft.storage, storage));
          setPage(draft, page, { kind: "tagged", owner: O, tag: value, want: value });
        }),
      );
    }
  }
  if (kind === "tagged" && !isUsers) {
    actions.push(
      on("atomic: free", (draft) => {
        letGo(draft);
        setPage(draft, page, freePage);
      }),
    );
  }
  return actions;
}

/** What concerns one storage page alone. */
export function storageActions(state: State, storage: number): readonly Action[] {
  const { kind, key, pin } = at(state.storage, storage);
  const becomes = (name: string, to: Partial<Storage>): Action => ({
    name: `${name} storage page ${storage}`,
    change: (draft) => setStorage(draft, storage, to),
  });
  const actions: Action[] = [];
  if (state.pc === 0 && kind === "free") actions.push(becomes("data into", { kind: "data" }));
  if (state.pc === 0 && kind === "data" && !pin) actions.push(becomes("free data in", freeStorage));
  if (kind === "data") actions.push(becomes(pin ? "unpin" : "pin", { pin: !pin }));
  if (kind === "cached") {
    actions.push(becomes(`get of key ${key} hits`, freeStorage));
    actions.push(becomes(`invalidate key ${key} in`, freeStorage));
  }
  return actions;
}

/** What can happen to a key that is not cached. */
function keyActions(state: State, key: number): readonly Action[] {
  if (state.storage.some((each) => each.kind === "cached" && each.key === key)) return [];
  return [
    { name: `get of key ${key} misses`, change: () => {} },
    ...range(state.storage.length)
      .filter((storage) => at(state.storage, storage).kind === "free")
      .map((storage) => ({
        name: `put key ${key} into storage page ${storage}`,
        change: (draft: State) => setStorage(draft, storage, { kind: "cached", key }),
      })),
  ];
}

/** The next step of a process that is at work. */
export function processActions(state: State, { G, T, bug }: Instance): readonly Action[] {
  if (state.pc === 0) return [];
  const page = state.target;
  const storage = Math.floor(page / G);
  const { kind, pin } = at(state.storage, storage);
  const isNew = at(state.pages, page).kind === "untagged";
  const giveUp = (draft: State): void => {
    if (isNew) setPage(draft, page, freePage);
    end(draft);
  };
  if (state.pc === 1) {
    const change = (draft: State): void => {
      if (kind === "free" || kind === "tags") {
        grab(at(draft.storage, storage));
        draft.pc = 3;
      } else if (kind === "cached" || !pin) draft.pc = 2;
      else giveUp(draft);
    };
    return [{ name: `reserve storage page ${storage}`, change }];
  }
  if (state.pc === 2) {
    const change = (draft: State): void => {
      if (kind === "data" && pin) {
        giveUp(draft);
        return;
      }
      if (bug === "blinddrop" || kind === "cached" || kind === "data") {
        setStorage(draft, storage, freeStorage);
      }
      draft.pc = 1;
    };
    return [{ name: `drop what is in storage page ${storage}`, change }];
  }
  const finish = (name: string, to: Partial<Page>): Action => ({
    name: `${name} page ${page}`,
    change: (draft) => {
      setPage(draft, page, { kind: "tagged", ...to });
      end(draft);
    },
  });
  if (!isNew) return [finish("restore the tag of", {})];
  return range(T).map((tag) => finish(`first tag ${tag} on`, { tag, want: tag }));
}

/** What must hold, by the code that the packed form gives it: index + 1. */
export const invariants = [
  "a tagged page has its tag storage",
  "tag storage is used if and only if something counts on it",
  "the count is the number of tagged pages",
  "a key is cached at most once",
  "a tag is the tag last set",
] as const;

/** Which invariants a state breaks, by their codes. */
export function brokenIn(state: State, { G }: Size): readonly number[] {
  const broken = new Set<number>();
  for (const [number, { kind, key, ref }] of state.storage.entries()) {
    const pages = state.pages.slice(number * G, (number + 1) * G);
    const tagged = pages.filter((page) => page.kind === "tagged").length;
    const claim = state.pc === 3 && Math.floor(state.target / G) === number ? 1 : 0;
    const keepsTag = (page: Page) => page.kind === "tagged" || page.kind === "swapped-tagged";
    const twice = state.storage.some((other, index) => index !== number && other.key === key);
    if (tagged > 0 && kind !== "tags") broken.add(1);
    if ((kind === "tags") !== ref > 0) broken.add(2);
    if (ref !== tagged + claim) broken.add(3);
    if (key !== 0 && (kind !== "cached" || twice)) broken.add(4);
    if (pages.some((page) => keepsTag(page) && page.tag !== page.want)) broken.add(5);
  }
  return [...broken].sort();
}
