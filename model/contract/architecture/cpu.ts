/** The registers that decide what an instruction does with tags. */
import type { Tag, TagSet } from "./operations.ts";

/** What a mismatch does: nothing, an exception, or a bit in TFSR that is looked at later. */
export type Response = "ignore" | "sync" | "async";

export type Cpu = {
  /** The exception level. */
  readonly level: 0 | 1;
  /** PSTATE.TCO: no access is checked while it is set. */
  readonly override: 0 | 1;
  /** SCTLR_ELx.TCF; asymmetric mode is sync for loads and async for stores. */
  readonly loads: Response;
  readonly stores: Response;
  /** SCTLR_ELx.TCSO: loads are not checked. */
  readonly storeOnly: boolean;
  /** GCR_EL1: tags never produced, and whether IRG may draw them in its own way (RRND). */
  readonly exclude: TagSet;
  readonly randomise: boolean;
  /** RGSR_EL1: the shift register, and the tag that IRG produced last. */
  readonly seed: number;
  readonly lastTag: Tag;
  /** SCTLR_ELx.ATA: allocation tags can be reached. */
  readonly tagAccess: boolean;
  /** Bytes of the block of DC ZVA, DC GVA, DC GZVA and STZGM (DCZID_EL0.BS). */
  readonly blockSize: number;
  /** Bytes of the block of LDGM and STGM (GMID_EL1.BS). */
  readonly tagBlockSize: number;
  /** TFSR: a mismatch happened that nobody has looked at. */
  readonly recorded: boolean;
};

/** Sixteen granules, so that the tags of a block fill a register. */
const wholeRegister = 256;

export const resetCpu = (level: 0 | 1, blockSize: number): Cpu => ({
  level,
  override: 0,
  loads: "ignore",
  stores: "ignore",
  storeOnly: false,
  exclude: 0,
  randomise: false,
  seed: 0,
  lastTag: 0,
  tagAccess: true,
  blockSize,
  tagBlockSize: wholeRegister,
  recorded: false,
});
