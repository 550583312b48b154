/** Files: memfd and files of tmpfs, ramfs, ext4, and what happens to them by descriptor. */
import { type Allowed, type Asked, allow, failed, pagesIn, returned } from "./asked.ts";
import { fresh, setFile } from "./changes.ts";
import { pageSize } from "./configuration.ts";
import { forgetCopies, punched, readFile, writeFile, zeroFile } from "./file-pages.ts";
import type { FileOperation, FileSystem } from "./operations.ts";
import type { ProcessState } from "./state.ts";
import { emptyTable, lookUp } from "./table.ts";

type Of<Kind extends FileOperation["kind"]> = Asked<Extract<FileOperation, { kind: Kind }>>;

const opened = (state: ProcessState, system: FileSystem, size: number): readonly Allowed[] => {
  if (size < 0) return failed(state, "EINVAL", "files-keep-bytes-and-tags");
  const [after, number] = fresh(state);
  const made = setFile(after, number, { system, size, pages: emptyTable });
  return returned(made, number, "files-keep-bytes-and-tags");
};

const memfd = ({ state, operation }: Of<"memfd">): readonly Allowed[] =>
  opened(state, operation.hugetlb ? "hugetlbfs" : "tmpfs", operation.length);

const tmpfile = ({ state, operation }: Of<"tmpfile">): readonly Allowed[] =>
  opened(state, operation.system, operation.length);

const noFile = (state: ProcessState): readonly Allowed[] =>
  failed(state, "EBADF", "files-keep-bytes-and-tags");

const ftruncate = ({ state, operation }: Of<"ftruncate">): readonly Allowed[] => {
  const { file: number, length } = operation;
  const file = lookUp(state.files, number);
  if (!file) return noFile(state);
  if (length < 0) return failed(state, "EINVAL", "holes-discard-tags");
  const kept = pagesIn(length);
  const tail = zeroFile(state, number, length, kept * pageSize - length);
  const cut = punched(forgetCopies(tail, number, kept), number, kept, Number.MAX_SAFE_INTEGER);
  const now = lookUp(cut.files, number) ?? file;
  return returned(setFile(cut, number, { ...now, size: length }), 0, "holes-discard-tags");
};

/** Whole pages go with their tags; parts of pages are zeroed and keep them. */
const punch = ({ state, operation }: Of<"punch">): readonly Allowed[] => {
  const { file: number, offset, length } = operation;
  const file = lookUp(state.files, number);
  if (!file) return noFile(state);
  if (file.system === "ramfs") return failed(state, "EOPNOTSUPP", "holes-discard-tags");
  if (offset < 0 || length <= 0) return failed(state, "EINVAL", "holes-discard-tags");
  const end = offset + length;
  const [first, last] = [pagesIn(offset), Math.floor(end / pageSize)];
  if (first > last)
    return returned(zeroFile(state, number, offset, length), 0, "holes-discard-tags");
  const head = zeroFile(state, number, offset, first * pageSize - offset);
  const tail = zeroFile(head, number, last * pageSize, end - last * pageSize);
  return returned(punched(tail, number, first, last), 0, "holes-discard-tags");
};

const fput = ({ state, operation }: Of<"fput">): readonly Allowed[] => {
  const { file, offset, byte, length } = operation;
  if (!lookUp(state.files, file)) return noFile(state);
  const bytes = new Uint8Array(length).fill(byte);
  return returned(writeFile(state, file, offset, bytes), length, "files-keep-bytes-and-tags");
};

const fget = ({ state, operation }: Of<"fget">): readonly Allowed[] => {
  const { file, offset, length } = operation;
  if (!lookUp(state.files, file)) return noFile(state);
  const bytes = readFile(state, file, offset, length);
  return allow(state, { kind: "brought", bytes }, "files-keep-bytes-and-tags");
};

export const files = { memfd, tmpfile, ftruncate, punch, fput, fget };
