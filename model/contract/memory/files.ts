/**
 * Files and the page cache, as far as cleancache needs them. While a page is resident it shadows
 * the disk and the back end; whatever changes the disk beneath the page cache, or ends the file's
 * identity, also empties the keys, *whether or not anything is resident*.
 */
import { match } from "ts-pattern";
import {
  type Asked,
  accept,
  demand,
  illFormed,
  type Judgement,
  strangeOutcome,
} from "./judgement.ts";
import type { FileOperation } from "./operations.ts";
import {
  type Bytes,
  type EmptyBecause,
  emptyBecause,
  type File,
  type FilePage,
  freshFilePage,
  type Memory,
} from "./state.ts";

type FileOf<Kind extends FileOperation["kind"]> = Asked<Extract<FileOperation, { kind: Kind }>>;
type OnePage = { readonly file: number; readonly index: number };

/** The page of a file that exists, on a file system that is mounted. */
export const filePage = (memory: Memory, { file, index }: OnePage): FilePage | null => {
  const found = memory.files[file];
  return memory.mounted && found?.exists ? (found.pages[index] ?? null) : null;
};

const setFile = (memory: Memory, index: number, file: (before: File) => File): Memory => ({
  ...memory,
  files: memory.files.map((before, at) => (at === index ? file(before) : before)),
});

export const setFilePage = (memory: Memory, at: OnePage, change: Partial<FilePage>): Memory =>
  setFile(memory, at.file, (file) => ({
    ...file,
    pages: file.pages.map((page, index) => (index === at.index ? { ...page, ...change } : page)),
  }));

/** Every key of the file is empty from now on; one that was empty is so for its first reason. */
export const emptyFile = (memory: Memory, index: number, because: EmptyBecause): Memory =>
  setFile(memory, index, (file) => ({
    ...file,
    pages: file.pages.map((page) =>
      page.cached.kind === "holds" ? { ...page, cached: emptyBecause(because) } : page,
    ),
  }));

/** What a reader of a page that is not resident may be shown. */
export const readable = ({ disk, unsaved }: FilePage): readonly Bytes[] =>
  unsaved === null || unsaved === disk ? [disk] : [disk, unsaved];

const onPage = <O extends FileOperation & OnePage>(
  asked: Asked<O>,
  judge: (page: FilePage) => Judgement,
): Judgement => {
  const page = filePage(asked.memory, asked.operation);
  return page ? judge(page) : illFormed("the file does not exist or is not mounted");
};

const readFile = (asked: FileOf<"read-file">): Judgement =>
  onPage(asked, (page) => {
    const { outcome, operation } = asked;
    if (outcome.kind !== "bytes") return strangeOutcome(asked);
    const right = page.resident ? [page.resident.bytes] : readable(page);
    const resident = page.resident ?? { bytes: outcome.bytes, dirty: false };
    return accept(
      asked,
      [
        demand(
          "reads-return-the-newest-bytes",
          right.includes(outcome.bytes),
          () => `the newest bytes are ${right.join(" or ")}, ${outcome.bytes} were read`,
        ),
      ],
      (before) => setFilePage(before, operation, { resident }),
    );
  });

const writeFile = (asked: FileOf<"write-file">): Judgement =>
  onPage(asked, () => {
    const { outcome, operation } = asked;
    if (outcome.kind !== "done") return strangeOutcome(asked);
    const resident = { bytes: operation.bytes, dirty: true };
    return accept(asked, [], (now) => setFilePage(now, operation, { resident, unsaved: null }));
  });

const writeBack = (asked: FileOf<"write-back">): Judgement =>
  onPage(asked, ({ resident }) => {
    const { outcome, operation } = asked;
    if (!resident?.dirty) return illFormed("the page is not dirty");
    const clean = { bytes: resident.bytes, dirty: false };
    return match(outcome)
      .with({ kind: "done" }, () =>
        accept(asked, [], (now) =>
          setFilePage(now, operation, { resident: clean, disk: resident.bytes, unsaved: null }),
        ),
      )
      .with({ kind: "failed" }, () =>
        accept(asked, [], (now) =>
          setFilePage(now, operation, { resident: clean, unsaved: resident.bytes }),
        ),
      )
      .otherwise(() => strangeOutcome(asked));
  });

const changeBeneath = (
  asked: FileOf<"direct-write"> | FileOf<"truncate">,
  disk: Bytes,
  because: EmptyBecause,
): Judgement => {
  if (!filePage(asked.memory, asked.operation)) return illFormed("the file does not exist");
  if (asked.outcome.kind !== "done") return strangeOutcome(asked);
  return accept(asked, [], (now) =>
    setFilePage(now, asked.operation, { ...freshFilePage, disk, cached: emptyBecause(because) }),
  );
};

const evict = (asked: FileOf<"evict">): Judgement =>
  onPage(asked, ({ resident }) => {
    if (!resident) return illFormed("the page is not resident");
    if (asked.outcome.kind !== "done") return strangeOutcome(asked);
    return accept(
      asked,
      [demand("no-dirty-data-is-dropped", !resident.dirty, () => "the page is dirty")],
      (now) => setFilePage(now, asked.operation, { resident: null }),
    );
  });

const unlink = (asked: FileOf<"unlink">): Judgement => {
  const { memory, operation, outcome } = asked;
  if (!memory.mounted || !memory.files[operation.file]?.exists)
    return illFormed("the file does not exist");
  if (outcome.kind !== "done") return strangeOutcome(asked);
  const cached = emptyBecause("unlinked");
  return accept(asked, [], (now) =>
    setFile(now, operation.file, (file) => ({
      exists: false,
      pages: file.pages.map(() => ({ ...freshFilePage, cached })),
    })),
  );
};

const create = (asked: FileOf<"create">): Judgement => {
  const { memory, operation, outcome } = asked;
  if (!memory.mounted || memory.files[operation.file]?.exists !== false)
    return illFormed("the file exists already");
  return outcome.kind === "done"
    ? accept(asked, [], (now) =>
        setFile(now, operation.file, (file) => ({ ...file, exists: true })),
      )
    : strangeOutcome(asked);
};

const unmount = (asked: FileOf<"unmount">): Judgement => {
  const { memory, outcome } = asked;
  if (!memory.mounted) return illFormed("the file system is not mounted");
  if (outcome.kind !== "done") return strangeOutcome(asked);
  const dirty = memory.files.some(({ pages }) => pages.some(({ resident }) => resident?.dirty));
  const cached = emptyBecause("unmounted");
  return accept(
    asked,
    [demand("no-dirty-data-is-dropped", !dirty, () => "a page is dirty")],
    (now) => ({
      ...now,
      mounted: false,
      files: now.files.map((file) => ({
        ...file,
        pages: file.pages.map(({ disk }) => ({ ...freshFilePage, disk, cached })),
      })),
    }),
  );
};

const mount = (asked: FileOf<"mount">): Judgement => {
  if (asked.memory.mounted) return illFormed("the file system is mounted already");
  return asked.outcome.kind === "done"
    ? accept(asked, [], (now) => ({ ...now, mounted: true }))
    : strangeOutcome(asked);
};

export const judgeFiles = (asked: Asked<FileOperation>): Judgement =>
  match(asked)
    .with({ operation: { kind: "read-file" } }, readFile)
    .with({ operation: { kind: "write-file" } }, writeFile)
    .with({ operation: { kind: "write-back" } }, writeBack)
    .with({ operation: { kind: "direct-write" } }, (direct) =>
      changeBeneath(direct, direct.operation.bytes, "direct-write"),
    )
    .with({ operation: { kind: "truncate" } }, (cut) => changeBeneath(cut, 0, "truncated"))
    .with({ operation: { kind: "evict" } }, evict)
    .with({ operation: { kind: "unlink" } }, unlink)
    .with({ operation: { kind: "create" } }, create)
    .with({ operation: { kind: "unmount" } }, unmount)
    .with({ operation: { kind: "mount" } }, mount)
    .exhaustive();
