/** Where the work is done: a whole phone, and a scope small enough for the model. */
import { readFileSync } from "node:fs";
import {
  type ActorSpec,
  type Design,
  makeGeometry,
  readMachine,
  type Scope,
} from "../../model/index.ts";

/** Read from the root of the project, where the command runs. */
const phoneFile = "model/machines/phone-16g.dts";
const pageSizeBytes = 4096;

/** One caller who may do everything with every page. */
const caller: ActorSpec = {
  name: "caller",
  kind: "task",
  cpu: 0,
  owner: 0,
  everyones: true,
  may: [
    "allocate-tagged",
    "free",
    "write-tag",
    "read-tag",
    "read-file",
    "evict",
    "truncate",
    "swap-out",
    "swap-in-fault",
  ],
};

const common = {
  otherCmaPages: 0,
  tagValues: 8,
  byteValues: 1,
  getForm: "consuming",
  pins: 0,
  dirtyLines: false,
  mayFail: false,
  actors: [caller],
} as const;

/** 4,194,304 data pages, 131,072 storage pages. */
export const phoneScope = ({ folioOrder }: Design): Scope => {
  const read = readMachine(readFileSync(phoneFile, "utf8"), phoneFile, { pageSizeBytes });
  if (!read.ok) throw new Error(`${phoneFile}: ${read.error.message}`);
  const { geometry } = read.machine;
  return { ...common, geometry, folioOrder, slots: 65_536, files: 64, pagesPerFile: 4096 };
};

/** 64 data pages, eight blocks of one storage page that serves 8 of them, two granules in a page. */
export const smallScope = ({ folioOrder }: Design): Scope => ({
  ...common,
  geometry: makeGeometry({ granulesPerPage: 2, pagesPerStoragePage: 8, blockPages: 1 }, [8]),
  folioOrder,
  slots: 8,
  files: 1,
  pagesPerFile: 16,
});
