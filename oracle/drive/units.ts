/**
 * What is asked together. Mostly a unit is one operation of the program. An adapter of the cache
 * alone has the tester for its page cache: a file page that is evicted is put or invalidated first,
 * and whatever changes the disk beneath the cache is told to it, as a kernel does.
 */
import { match } from "ts-pattern";
import type { Operation, Outcome } from "../../model/index.ts";
import { type Memory, newestBytes, operationFamilies } from "../../model/index.ts";
import { isCacheAlone, type OperationKind } from "../protocol/capabilities.ts";
import { filePages, type Possible, propose } from "./propose.ts";
import { proposeWrong } from "./propose-wrong.ts";
import type { Step } from "./step.ts";

type Asked = Pick<Step, "by" | "wrong" | "operation">;
export type Unit = readonly Asked[];

const byProgram = (operation: Operation): Asked => ({ by: "program", wrong: false, operation });
const byTester = (operation: Operation): Asked => ({ by: "tester", wrong: false, operation });

/**
 * The kinds of unit that can ever be asked of an adapter. The tester is the page cache of one that
 * has none.
 */
export const unitKinds = ({ capabilities }: Pick<Possible, "capabilities">) =>
  isCacheAlone(capabilities)
    ? [...capabilities.operations, ...operationFamilies.files]
    : capabilities.operations;

const filePagesOf = (file: number, pages: number): readonly Operation[] =>
  Array.from({ length: pages }, (_, index) => ({ kind: "invalidate-page", file, index }));

/** The invalidations that do it with what the program knows; null where nothing does. */
const invalidations = (
  { capabilities, limits }: Possible,
  wanted: Extract<Operation, { kind: "invalidate-page" | "invalidate-object" | "invalidate-pool" }>,
): readonly Asked[] | null => {
  const knows = (kind: OperationKind): boolean => capabilities.operations.includes(kind);
  if (knows(wanted.kind)) return [byProgram(wanted)];
  if (!knows("invalidate-page")) return null;
  return match(wanted)
    .with({ kind: "invalidate-page" }, () => null)
    .with({ kind: "invalidate-object" }, ({ file }) =>
      filePagesOf(file, limits.pagesPerFile).map(byProgram),
    )
    .with({ kind: "invalidate-pool" }, () =>
      Array.from({ length: limits.files }, (_, file) =>
        filePagesOf(file, limits.pagesPerFile).map(byProgram),
      ).flat(),
    )
    .exhaustive();
};

const evicting = (
  possible: Possible,
  evict: Extract<Operation, { kind: "evict" }>,
): Unit | null => {
  const { draw, memory, capabilities } = possible;
  const { file, index } = evict;
  const bytes = memory.files[file]?.pages[index]?.resident?.bytes ?? 0;
  const puts = capabilities.operations.includes("put")
    ? [byProgram({ kind: "put", file, index, bytes })]
    : null;
  const forgets = invalidations(possible, { kind: "invalidate-page", file, index });
  const first = draw.some(80) ? (puts ?? forgets) : (forgets ?? puts);
  return first && [...first, byTester(evict)];
};

/** The tester's own operation, with what the cache has to be told before. */
const asPageCache = (possible: Possible, operation: Operation): Unit | null => {
  const after = (before: readonly Asked[] | null): Unit | null =>
    before && [...before, byTester(operation)];
  return match(operation)
    .with({ kind: "read-file" }, ({ file, index }) => {
      const get: Operation = { kind: "get", file, index };
      const cached = possible.capabilities.operations.includes("get");
      return after(cached ? [byProgram(get)] : []);
    })
    .with({ kind: "evict" }, (evict) => evicting(possible, evict))
    .with({ kind: "direct-write" }, { kind: "truncate" }, ({ file, index }) =>
      after(invalidations(possible, { kind: "invalidate-page", file, index })),
    )
    .with({ kind: "unlink" }, ({ file }) =>
      after(invalidations(possible, { kind: "invalidate-object", file })),
    )
    .with({ kind: "unmount" }, () => after(invalidations(possible, { kind: "invalidate-pool" })))
    .otherwise(() => after([]));
};

/** A unit of this kind that somebody may ask now; null where there is none. */
export const proposeUnit = (kind: OperationKind, possible: Possible): Unit | null => {
  const operation = propose(kind, possible);
  if (operation === null) return null;
  const testers = !possible.capabilities.operations.includes(kind);
  return testers ? asPageCache(possible, operation) : [byProgram(operation)];
};

/** A unit that the program has to refuse; null where its kind has none. */
export const proposeWrongUnit = (kind: OperationKind, possible: Possible): Unit | null => {
  if (!possible.capabilities.operations.includes(kind)) return null;
  const operation = proposeWrong(kind, possible);
  return operation && [{ by: "program", wrong: true, operation }];
};

/** What comes of an operation of the tester. */
export const testersOutcome = (memory: Memory, operation: Operation): Outcome => {
  if (operation.kind !== "read-file") return { kind: "done" };
  const page = memory.files[operation.file]?.pages[operation.index];
  return { kind: "bytes", bytes: page ? newestBytes(page) : 0 };
};

/** At most so many reads at the end of a run. */
const mostLooks = 64;

/** Looks at everything that is there, so that what went wrong unseen is seen at the end. */
export const looks = (possible: Possible): readonly Unit[] => {
  const { memory, limits, capabilities } = possible;
  const knows = (kind: OperationKind): boolean => capabilities.operations.includes(kind);
  const granules = Array.from({ length: limits.granulesPerPage }, (_, granule) => granule);
  const pages = memory.pages.flatMap((page, handle): readonly Operation[] => {
    if (page === null) return [];
    const bytes: readonly Operation[] = knows("read-bytes") ? [{ kind: "read-bytes", handle }] : [];
    const tags: readonly Operation[] =
      page.tagged && knows("read-tag")
        ? granules.map((granule) => ({ kind: "read-tag", handle, granule }))
        : [];
    return [...bytes, ...tags];
  });
  const absent = filePages(possible, ({ resident }) => resident === null);
  const files = (knows("read-file") ? filePages(possible, () => true) : []).map(
    (where): Operation => ({ kind: "read-file", ...where }),
  );
  const gets = (knows("get") ? absent : []).map((where): Operation => ({ kind: "get", ...where }));
  return [...pages, ...files, ...gets].slice(0, mostLooks).map((each) => [byProgram(each)]);
};
