/** What driving has to know of a vocabulary: how it speaks, what it asks, and how it is told. */
import type { Hosting } from "./host.ts";
import type { Dialect, Talk } from "./session.ts";
import type { Minimized, Redo } from "./shorten.ts";
import type { Run, RunOptions, Told, Words } from "./words.ts";

export type Vocabulary<W extends Words> = {
  readonly name: string;
  readonly dialect: Dialect<W>;
  /** Makes up a run: the same seed and number give the same one if the answers are the same. */
  readonly generate: (session: Talk<W>, options: RunOptions) => Promise<Run<W>>;
  readonly redo: Redo<W>;
  readonly minimize: (
    host: Hosting<W>,
    capabilities: W["capabilities"],
    run: Run<W>,
  ) => Promise<Minimized<W>>;
  /** What a run began with. */
  readonly setupOf: (run: Run<W>) => W["setup"];
  /** Beginnings that the adapter has to manage: the smallest, the largest, the smallest. */
  readonly beginnings: (capabilities: W["capabilities"]) => readonly W["setup"][];
  readonly kindOf: (operation: W["operation"]) => string;
  /** Kinds that it says it knows and that are sure to come about. */
  readonly expected: (capabilities: W["capabilities"]) => readonly string[];
  readonly tell: {
    /** "with 3 taggable pages ...". */
    readonly opening: (run: Run<W>) => string;
    /** What was asked and, completing a clause of its own, what came of it. */
    readonly asked: (told: Told<W>) => string;
    readonly answered: (answer: Extract<W["answer"], { readonly type: "outcome" }>) => string;
    /** One of the ends that would have been allowed. */
    readonly allowed: (words: string) => string;
    readonly sentence: (rule: W["rule"]) => string;
  };
};
