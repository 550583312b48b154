/**
 * What a program can ask of the CPU, with operands already resolved: pointers and register values
 * are 64-bit, lengths and sizes are in bytes. Names are the mnemonics of the architecture; the
 * loops (`fill`, `scan`, ...) are the loops of byte accesses that test programs are made of.
 */

/** A 64-bit virtual address as a register holds it, tag and all. */
export type Pointer = bigint;

/** An allocation or logical tag, 0 to 15. */
export type Tag = number;

/** A set of tags, bit t for tag t. */
export type TagSet = number;

type LoadInsn = "ldr" | "ldp" | "ldxr" | "ldar" | "ldtr" | "ldr_sp_imm" | "ldr_sp_reg";
type StoreInsn = "str" | "stp" | "stlr" | "sttr" | "str_sp_imm" | "str_sp_reg" | "stp_sp_imm";
type AtomicInsn = "cas" | "swp" | "ldadd";
type HintInsn = "prfm" | "prfm_st";
export type CacheInsn = "dczva" | "dcgva" | "dcgzva" | "dccvac" | "dccivac";
export type AccessInsn = LoadInsn | StoreInsn | AtomicInsn | HintInsn | CacheInsn;

export type TagStoreInsn = "stg" | "stzg" | "st2g" | "stz2g";
export type TagBlockInsn = "ldgm" | "stgm" | "stzgm";

/** One access to memory. */
export type AccessOperation = {
  readonly kind: "access";
  readonly insn: AccessInsn;
  readonly address: Pointer;
  /** Bytes of one register: 1, 2, 4, 8 or 16. Pairs are two registers of 8, whatever it says. */
  readonly size: number;
  /** What is stored, swapped in or added; both registers of a pair hold it. */
  readonly value: bigint;
  /** What `cas` compares with. */
  readonly compare: bigint;
};

/** Loops of byte accesses; each ends at its first synchronous fault. */
export type LoopOperation =
  | {
      readonly kind: "fill";
      readonly address: Pointer;
      readonly length: number;
      readonly byte: number;
      /** Upwards from `address`, or downwards from it. */
      readonly direction: "up" | "down";
    }
  | { readonly kind: "scan"; readonly address: Pointer; readonly length: number }
  | {
      readonly kind: "copy";
      readonly to: Pointer;
      readonly from: Pointer;
      readonly length: number;
    }
  /** STG to every granule of the range, its length rounded up; `increment` is added each time. */
  | {
      readonly kind: "set-tags";
      readonly address: Pointer;
      readonly length: number;
      readonly tag: Tag;
      readonly increment: number;
    }
  /** LDG of so many granules. */
  | { readonly kind: "read-tags"; readonly address: Pointer; readonly granules: number }
  /** Data with checks off (PSTATE.TCO set for as long). */
  | { readonly kind: "peek"; readonly address: Pointer; readonly length: number }
  | { readonly kind: "poke"; readonly address: Pointer; readonly bytes: Uint8Array };

export type TagOperation =
  /** LDG Xt, [Xn]: `base` is what Xt held. */
  | { readonly kind: "ldg"; readonly address: Pointer; readonly base: Pointer }
  | {
      readonly kind: "store-tag";
      readonly insn: TagStoreInsn;
      /** Its logical tag is what is stored. */
      readonly source: Pointer;
      readonly address: Pointer;
      /** Indexed forms move the address by 16, or by 32 where two granules are stored. */
      readonly mode: "offset" | "pre" | "post";
    }
  | {
      readonly kind: "stgp";
      readonly address: Pointer;
      readonly first: bigint;
      readonly second: bigint;
      readonly mode: "offset" | "pre" | "post";
    }
  | {
      readonly kind: "tag-block";
      readonly insn: TagBlockInsn;
      readonly address: Pointer;
      readonly value: bigint;
    };

export type PointerOperation =
  | { readonly kind: "irg"; readonly source: Pointer; readonly exclude: bigint }
  /** IRG so many times; only the set of tags that came out is looked at. */
  | {
      readonly kind: "irgn";
      readonly source: Pointer;
      readonly exclude: bigint;
      readonly times: number;
    }
  | { readonly kind: "gmi"; readonly source: Pointer; readonly mask: bigint }
  /** `offset` in bytes, a multiple of 16 up to 1008; `tagOffset` 0 to 15. */
  | {
      readonly kind: "addg" | "subg";
      readonly source: Pointer;
      readonly offset: number;
      readonly tagOffset: number;
    }
  | { readonly kind: "subp" | "subps"; readonly left: Pointer; readonly right: Pointer };

/** MSR TCO. */
type OverrideOperation = { readonly kind: "tco"; readonly value: 0 | 1 };

/** Writes of system registers; they need EL1. */
export type RegisterOperation =
  | { readonly kind: "set-gcr"; readonly randomise: boolean; readonly exclude: TagSet }
  | { readonly kind: "set-rgsr"; readonly seed: number; readonly tag: Tag }
  | { readonly kind: "get-rgsr" }
  /** SCTLR_ELx.ATA: whether allocation tags can be reached at all. */
  | { readonly kind: "set-ata"; readonly value: 0 | 1 };

/** What a program at EL0 executes. */
export type Instruction =
  | AccessOperation
  | LoopOperation
  | TagOperation
  | PointerOperation
  | OverrideOperation;

export type CpuOperation = Instruction | RegisterOperation;
