/**
 * Names of fields that mean the same. Rows come from several hands, and a row that writes `label`
 * for the target of a branch says nothing else than one that writes `to`.
 */

type Fields = Readonly<Record<string, unknown>>;
type Spellings = Readonly<Record<string, string>>;

const offset: Spellings = { off: "offset", disp: "offset" };
/** The operands of an atomic by their place in the mnemonic: Xs is read, Xt is loaded. */
const atomic: Spellings = { ...offset, s: "src", t: "dst" };
const branch: Spellings = { label: "to", target: "to" };

const litmusSpellings: Readonly<Record<string, Spellings>> = {
  ldr: { ...offset, imm: "offset" },
  str: offset,
  ldg: { ...offset, imm: "offset" },
  stg: { ...offset, imm: "offset" },
  stzg: { ...offset, imm: "offset" },
  swp: atomic,
  ldeor: atomic,
  ldadd: atomic,
  // CAS Xs, Xt: Xs is compared with memory and gets what was there, Xt is stored.
  cas: { ...offset, old: "cmp", expect: "cmp", s: "cmp", new: "src", t: "src" },
  b: branch,
  cbz: branch,
  cbnz: branch,
  csel: { cond: "cc" },
};

const stepSpellings: Readonly<Record<string, Spellings>> = {
  mmap: { offset: "off" },
  memfd: { huge: "hugetlb", size: "len" },
  ccInitSharedFs: { id: "uuid" },
};

/** The fields under the names of the schemas; a name that is there already keeps its own. */
const respelt = (step: Fields, spellings: Spellings | undefined): Fields =>
  spellings === undefined
    ? step
    : Object.fromEntries(
        Object.entries(step).map(([key, value]) => {
          const canonical = spellings[key];
          return [canonical === undefined || canonical in step ? key : canonical, value];
        }),
      );

const ofOperation = (step: Fields, table: Readonly<Record<string, Spellings>>): Fields =>
  respelt(step, typeof step["op"] === "string" ? table[step["op"]] : undefined);

export const asLitmusStep = (step: Fields): Fields => ofOperation(step, litmusSpellings);
export const asStep = (step: Fields): Fields => ofOperation(step, stepSpellings);
