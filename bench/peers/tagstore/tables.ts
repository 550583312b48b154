/**
 * The model compiled into tables. An action of the model touches at most one page, its storage page
 * and the process. So all that can happen follows from a state of one page and one storage page,
 * and the readable model itself is asked what happens there. A successor is then its parent with
 * some bits flipped, and the tables hold which.
 */
import {
  type Action,
  copyOf,
  pageActions,
  processActions,
  type State,
  storageActions,
} from "./model.ts";
import type { Layout } from "./values.ts";

/** A row of flips for each local state: row r begins at `offsets[r]` and ends at the next. */
type Table = { readonly offsets: Uint16Array; readonly flips: Int32Array };

export type Tables = {
  /** Row: idle << (pageBits + storageBits) | storage << pageBits | page. */
  readonly page: Table;
  /** Row: idle << storageBits | storage. */
  readonly storage: Table;
  /** Row: pc << (pageBits + storageBits) | storage << pageBits | page. */
  readonly process: Table;
};

/** In a flip of `page`: the action makes the process begin with this page. */
export const BEGINS = 16;
/** In a flip of `process`: the bits of `pc`, and that the process ends. */
export const STEP = 16;
export const ENDS = 20;

type Flip = (before: State, after: State) => number;

export const tablesOf = (layout: Layout): Tables => {
  const { pages, storage, pageBits, storageBits } = layout;
  const alone = { ...layout.instance, S: 1, G: 1 };

  /** The state of one page and one storage page, or null: no values have these numbers. */
  const local = (page: number, store: number, pc: State["pc"]): State | null => {
    const value = pages.all[page];
    const under = storage.all[store];
    if (!value || !under) return null;
    return { pages: [{ ...value }], storage: [{ ...under }], pc, target: 0 };
  };

  /**
   * The bits to flip in the page and in its storage page, or null: what comes after has no number.
   * Then the state before breaks an invariant, and such a state is not expanded.
   */
  const common = (before: State, after: State): number | null => {
    const numbers = [before, after].map((state) => ({
      page: pages.numberOf(state.pages[0] ?? noPage()),
      storage: storage.numberOf(state.storage[0] ?? noPage()),
    }));
    const [from, to] = numbers;
    if (!from || !to || to.page < 0 || to.storage < 0) return null;
    return (from.page ^ to.page) | ((from.storage ^ to.storage) << 8);
  };

  const row = (state: State | null, actions: readonly Action[], more: Flip): readonly number[] =>
    actions.flatMap(({ change }) => {
      if (state === null) return [];
      const after = copyOf(state);
      change(after);
      const flip = common(state, after);
      return flip === null ? [] : [flip | more(state, after)];
    });

  const rowsOf = (
    steps: readonly State["pc"][],
    actionsOf: (state: State) => readonly Action[],
    more: Flip,
  ): Table => {
    const rows = steps.flatMap((pc) =>
      numbersBelow(2 ** storageBits).flatMap((store) =>
        numbersBelow(2 ** pageBits).map((page) => {
          const state = local(page, store, pc);
          return row(state, state === null ? [] : actionsOf(state), more);
        }),
      ),
    );
    return flat(rows);
  };

  const busy = 1;
  const begins: Flip = (before, after) => (before.pc === after.pc ? 0 : 1 << BEGINS);
  const moves: Flip = (before, after) =>
    ((before.pc ^ after.pc) << STEP) | (after.pc === 0 ? 1 << ENDS : 0);
  const storageRows = ([busy, 0] as const).flatMap((pc) =>
    numbersBelow(2 ** storageBits).map((store) => {
      const state = local(0, store, pc);
      const actions = state === null ? [] : storageActions(state, 0);
      return row(state, actions, () => 0).map((flip) => flip >> 8);
    }),
  );
  return {
    page: rowsOf([busy, 0], (state) => pageActions(state, 0, alone), begins),
    storage: flat(storageRows),
    process: rowsOf([0, 1, 2, 3], (state) => processActions(state, alone), moves),
  };
};

const noPage = (): never => {
  throw new RangeError("a local state has one page and one storage page");
};

const numbersBelow = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, number) => number);

const flat = (rows: readonly (readonly number[])[]): Table => {
  let sum = 0;
  const offsets = Uint16Array.from([0, ...rows.map(({ length }) => (sum += length))]);
  return { offsets, flips: Int32Array.from(rows.flat()) };
};
