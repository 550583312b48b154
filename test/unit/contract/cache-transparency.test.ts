/** Application reads are the same whatever the back end keeps, or nothing at all. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  alwaysMisses,
  type Bytes,
  boot,
  type Choice,
  done,
  type Limits,
  type Memory,
  noChoice,
  type Operation,
  type Outcome,
  step,
} from "../../../model/contract/index.ts";
import { contractOf } from "./happenings.ts";
import { runs } from "./walks.ts";

type Key = { readonly file: number; readonly index: number };
type Question = Parameters<typeof alwaysMisses>[0];
type BackEnd = (asked: Question) => ReturnType<typeof alwaysMisses>;

/** A back end that loses nothing that it may keep. */
const keepsEverything = (limits: Limits): BackEnd => {
  const kept = new Map<string, Bytes>();
  const name = ({ file, index }: Key) => `${file}/${index}`;
  return (asked) => {
    if (asked.kind === "put") {
      kept.set(name(asked), asked.bytes);
      return { choice: { kind: "stored" }, outcome: done };
    }
    if (asked.kind === "get") {
      const bytes = kept.get(name(asked));
      if (bytes === undefined) return alwaysMisses(asked);
      if (limits.getForm === "consuming") kept.delete(name(asked));
      return { choice: noChoice, outcome: { kind: "hit", bytes } };
    }
    for (const key of [...kept.keys()]) {
      const page = asked.kind === "invalidate-page" || asked.kind === "drop";
      if (page ? key === name(asked) : asked.kind === "invalidate-pool") kept.delete(key);
      if (asked.kind === "invalidate-object" && key.startsWith(`${asked.file}/`)) kept.delete(key);
    }
    return alwaysMisses(asked);
  };
};

type Action =
  | ({ readonly kind: "read" | "evict" | "truncate" | "drop" } & Key)
  | ({ readonly kind: "write" | "direct"; readonly bytes: Bytes } & Key)
  | { readonly kind: "replace"; readonly file: number }
  | { readonly kind: "remount" };

/** A kernel's front end over one back end; every step goes to the contract, which must accept. */
const serve = (limits: Limits, actions: readonly Action[], backEnd: BackEnd) => {
  const contract = contractOf(limits);
  const reads: Bytes[] = [];
  const hits: Bytes[] = [];
  let memory: Memory = boot(limits);

  const take = (operation: Operation, outcome: Outcome, choice: Choice = noChoice) => {
    const judgement = step(contract, memory, operation, choice, outcome);
    if (judgement.kind !== "accepted") throw new Error(JSON.stringify({ operation, judgement }));
    memory = judgement.memory;
  };
  const ask = (operation: Question): Outcome => {
    const { choice, outcome } = backEnd(operation);
    take(operation, outcome, choice);
    return outcome;
  };
  const pageAt = ({ file, index }: Key) => memory.files[file]?.pages[index];
  const clean = (at: Key) => {
    if (pageAt(at)?.resident?.dirty) take({ kind: "write-back", ...at }, done);
  };
  const fetch = (at: Key): Bytes => {
    const page = pageAt(at);
    if (page?.resident) return page.resident.bytes;
    const answer = ask({ kind: "get", ...at });
    if (answer.kind !== "hit") return page?.disk ?? 0;
    hits.push(answer.bytes);
    return answer.bytes;
  };

  for (const action of actions) {
    if (action.kind === "remount") {
      for (const at of keys(limits)) clean(at);
      ask({ kind: "invalidate-pool" });
      take({ kind: "unmount" }, done);
      take({ kind: "mount" }, done);
    } else if (action.kind === "replace") {
      const { file } = action;
      ask({ kind: "invalidate-object", file });
      take({ kind: "unlink", file }, done);
      take({ kind: "create", file }, done);
    } else {
      const at = { file: action.file, index: action.index };
      if (action.kind === "read") {
        const bytes = fetch(at);
        take({ kind: "read-file", ...at }, { kind: "bytes", bytes });
        reads.push(bytes);
      } else if (action.kind === "write") {
        take({ kind: "write-file", ...at, bytes: action.bytes }, done);
      } else if (action.kind === "direct") {
        take({ kind: "direct-write", ...at, bytes: action.bytes }, done);
        ask({ kind: "invalidate-object", file: action.file });
      } else if (action.kind === "truncate") {
        take({ kind: "truncate", ...at }, done);
        ask({ kind: "invalidate-page", ...at });
      } else if (action.kind === "drop") {
        ask({ kind: "drop", ...at });
      } else if (pageAt(at)?.resident) {
        clean(at);
        const bytes = pageAt(at)?.resident?.bytes ?? 0;
        ask({ kind: "put", ...at, bytes });
        take({ kind: "evict", ...at }, done);
      }
    }
  }
  return { reads, hits: hits.length };
};

const keys = ({ files, pagesPerFile }: Limits): readonly Key[] =>
  Array.from({ length: files * pagesPerFile }, (_, at) => ({
    file: Math.floor(at / pagesPerFile),
    index: at % pagesPerFile,
  }));

const at = { file: fc.nat({ max: 1 }), index: fc.nat({ max: 1 }) };
const bytes = fc.nat({ max: 5 });
const anyAction: fc.Arbitrary<Action> = fc.oneof(
  { weight: 16, arbitrary: fc.record({ kind: fc.constantFrom("read", "evict"), ...at }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("write"), ...at, bytes }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("direct"), ...at, bytes }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("truncate", "drop"), ...at }) },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.record({ kind: fc.constant("replace"), file: at.file }),
      fc.record({ kind: fc.constant("remount") }),
    ),
  },
);

test.each(["keeping", "consuming"] as const)("gets that are %s", (getForm) => {
  const { limits } = contractOf({ getForm });
  let hits = 0;
  fc.assert(
    fc.property(fc.array(anyAction, { minLength: 5, maxLength: 40, size: "max" }), (actions) => {
      const kept = serve(limits, actions, keepsEverything(limits));
      expect(kept.reads).toEqual(serve(limits, actions, alwaysMisses).reads);
      hits += kept.hits;
    }),
    runs,
  );
  expect(hits).toBeGreaterThan(100);
});

test("a back end that keeps a page across a direct write is found out", () => {
  const { limits } = contractOf();
  const honest = keepsEverything(limits);
  const deaf: BackEnd = (asked) =>
    asked.kind === "invalidate-object" ? alwaysMisses(asked) : honest(asked);
  const key = { file: 0, index: 0 };
  const workload: readonly Action[] = [
    { kind: "read", ...key },
    { kind: "evict", ...key },
    { kind: "direct", ...key, bytes: 3 },
    { kind: "read", ...key },
  ];
  expect(() => serve(limits, workload, deaf)).toThrow("no-hit-after-a-direct-write");
});
