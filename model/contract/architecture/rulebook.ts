/**
 * The rules of the CPU: what an instruction does with tags. Every outcome of this room cites the
 * rules that made it so. docs/semantics.md is written from this table.
 */
import type { CpuOperation } from "./operations.ts";

export type ArchitectureRule = {
  readonly sentence: string;
  readonly source: string;
  readonly governs: readonly CpuOperation["kind"][];
};

const arm = (what: string) => `Arm ARM DDI 0487, ${what}`;

export const architectureRulebook = {
  "matching-tags-access": {
    sentence:
      "A checked access is made when every granule it touches has the logical tag of the pointer;" +
      " so is one to untagged memory, and one whose mismatches are ignored.",
    source: arm("AArch64.CheckTag(), AArch64.AccessTagIsChecked()"),
    governs: ["access", "fill", "scan", "copy"],
  },
  "sync-does-not-access": {
    sentence:
      "In synchronous mode an access with a mismatch is not made. The fault reports the lowest" +
      " granule that differs: the very address where the access starts in it, else any byte of it." +
      " Parts of a store that lie in granules before it may have been written.",
    source: arm("AArch64.TagCheckFault(), FAR_EL1"),
    governs: ["access", "fill", "scan", "copy"],
  },
  "async-accesses-and-records": {
    sentence: "In asynchronous mode an access with a mismatch is made, and TFSR records that.",
    source: arm("AArch64.ReportTagCheckFault(), TFSRE0_EL1"),
    governs: ["access", "fill", "scan", "copy"],
  },
  "override-stops-checks": {
    sentence: "While PSTATE.TCO is set no access is checked; tags can be stored all the same.",
    source: arm("PSTATE.TCO, AArch64.AccessTagIsChecked()"),
    governs: ["tco", "peek", "poke"],
  },
  "sp-with-immediate-is-unchecked": {
    sentence:
      "A load or store whose base is SP, with an immediate offset or none, is not checked; with a" +
      " register offset it is.",
    source: arm("tag unchecked accesses; SetTagCheckedInstruction()"),
    governs: ["access"],
  },
  "alignment-comes-first": {
    sentence:
      "A misaligned tag store, and a misaligned exclusive, atomic or ordered access, ends in an" +
      " alignment fault before translation and tags are looked at. FEAT_LSE2 may allow exclusive" +
      " and atomic ones that stay within 16 aligned bytes.",
    source: arm("AArch64.UnalignedAccessFaults(), STG, ST2G, STGP"),
    governs: ["access", "store-tag", "stgp", "set-tags"],
  },
  "translation-before-tags": {
    sentence:
      "Translation and permission faults are reported whatever the tags are. Storing a tag needs" +
      " permission to write, loading one permission to read.",
    source: arm("prioritisation of MMU faults; AArch64.MemSingle()"),
    governs: ["access", "fill", "scan", "copy", "ldg", "store-tag", "stgp", "read-tags"],
  },
  "sizes-are-those-of-registers": {
    sentence: "An access is of 1, 2, 4, 8 or 16 bytes, as far as the instruction has that form.",
    source: arm("A64 base and SIMD instruction encodings"),
    governs: ["access"],
  },
  "hints-never-fault": {
    sentence: "A prefetch is not checked, and it faults nowhere.",
    source: arm("PRFM"),
    governs: ["access"],
  },
  "zva-is-checked-like-a-store": {
    sentence:
      "DC ZVA zeroes the block around its address and is checked like a store to all of it; a" +
      " fault may report any byte of the block.",
    source: arm("DC ZVA, AArch64.MemZero()"),
    governs: ["access"],
  },
  "gva-writes-tags-unchecked": {
    sentence:
      "DC GVA gives each granule of the block the logical tag of its address, DC GZVA zeroes the" +
      " block too; neither is checked.",
    source: arm("DC GVA, DC GZVA"),
    governs: ["access"],
  },
  "cleaning-is-unchecked": {
    sentence: "DC CVAC and DC CIVAC are not checked and change nothing that a program sees.",
    source: arm("DC CVAC, DC CIVAC"),
    governs: ["access"],
  },
  "ldg-reads-the-granule": {
    sentence:
      "LDG takes the tag of the granule that its address lies in, aligned or not, into bits 59:56" +
      " of the register and leaves the others as they are.",
    source: arm("LDG"),
    governs: ["ldg", "read-tags"],
  },
  "untagged-memory-has-tag-0": {
    sentence:
      "In memory that is not Normal Tagged a tag reads as 0, a stored tag is ignored, and no access" +
      " is checked.",
    source: arm("AArch64.MemTag[]"),
    governs: ["ldg", "read-tags", "store-tag", "stgp", "set-tags"],
  },
  "stg-tags-unchecked": {
    sentence:
      "STG and ST2G store the logical tag of their source to one or two granules, change no data" +
      " and are not checked; indexed forms move the address by 16 or 32.",
    source: arm("STG, ST2G"),
    governs: ["store-tag", "set-tags"],
  },
  "stzg-zeroes-and-tags": {
    sentence:
      "STZG and STZ2G do as STG and ST2G and zero the data as well, also where tags are ignored.",
    source: arm("STZG, STZ2G"),
    governs: ["store-tag"],
  },
  "stgp-is-unchecked": {
    sentence: "STGP stores two registers and the logical tag of its address, and is not checked.",
    source: arm("STGP"),
    governs: ["stgp"],
  },
  "tag-blocks-need-el1": {
    sentence: "LDGM, STGM and STZGM, and the registers of tag generation, are undefined at EL0.",
    source: arm("LDGM, STGM, STZGM, GCR_EL1, RGSR_EL1"),
    governs: ["tag-block", "set-gcr", "set-rgsr", "get-rgsr", "set-ata"],
  },
  "ldgm-and-stgm-by-place": {
    sentence:
      "LDGM and STGM move the tags of an aligned block (GMID_EL1.BS); the tag of a granule lies in" +
      " the register where bits 7:4 of its address say.",
    source: arm("LDGM, STGM"),
    governs: ["tag-block"],
  },
  "stzgm-one-tag-for-the-block": {
    sentence: "STZGM zeroes an aligned block (DCZID_EL0.BS) and tags it with bits 3:0.",
    source: arm("STZGM"),
    governs: ["tag-block"],
  },
  "irg-walks-the-shift-register": {
    sentence:
      "With GCR_EL1.RRND clear, IRG steps a random number of allowed tags on from the last; the" +
      " number is four bits of the shift register of RGSR_EL1 (taps 5, 3, 2, 0), which moves on" +
      " even when every tag is excluded and the result is 0.",
    source: arm("IRG, AArch64.RandomTag(), AArch64.ChooseNonExcludedTag()"),
    governs: ["irg", "irgn"],
  },
  "irg-draws-an-allowed-tag": {
    sentence:
      "With GCR_EL1.RRND set, IRG gives any tag that neither its register nor GCR_EL1 excludes, and" +
      " 0 when none is left; the rest of the pointer stays.",
    source: arm("IRG, ChooseRandomNonExcludedTag()"),
    governs: ["irg", "irgn"],
  },
  "gmi-adds-the-tag": {
    sentence: "GMI sets the bit of the pointer's tag in a mask.",
    source: arm("GMI"),
    governs: ["gmi"],
  },
  "addg-steps-over-allowed-tags": {
    sentence:
      "ADDG and SUBG move the address and step the tag on by that many tags that GCR_EL1 does not" +
      " exclude; with offset 0 to the next one allowed, if its own is not; with none left to 0.",
    source: arm("ADDG, SUBG, AArch64.ChooseNonExcludedTag()"),
    governs: ["addg", "subg"],
  },
  "addg-has-small-operands": {
    sentence:
      "ADDG and SUBG encode offsets that are multiples of 16 up to 1008, and tags up to 15.",
    source: arm("ADDG, SUBG"),
    governs: ["addg", "subg"],
  },
  "subp-ignores-the-top-byte": {
    sentence:
      "SUBP subtracts bits 55:0 of two pointers as signed numbers; SUBPS sets the flags as well.",
    source: arm("SUBP, SUBPS"),
    governs: ["subp", "subps"],
  },
  "no-tag-access-makes-tag-0": {
    sentence:
      "With SCTLR_ELx.ATA clear, IRG, ADDG and SUBG make tag 0 and RGSR_EL1 stays, tags read as 0," +
      " stores of tags are ignored, and nothing is checked.",
    source: arm("AArch64.AllocationTagAccessIsEnabled()"),
    governs: ["irg", "irgn", "addg", "subg", "ldg", "store-tag"],
  },
  "registers-hold-what-was-written": {
    sentence: "At EL1 the registers of tag generation hold what was written to them.",
    source: arm("GCR_EL1, RGSR_EL1, SCTLR_EL1"),
    governs: ["set-gcr", "set-rgsr", "get-rgsr", "set-ata"],
  },
} as const satisfies Record<string, ArchitectureRule>;

export type ArchitectureRuleId = keyof typeof architectureRulebook;
