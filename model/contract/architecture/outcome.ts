/** What a program sees of an instruction. Where the architecture leaves a choice, it is a set. */
import type { Pointer, Tag, TagSet } from "./operations.ts";

/** Addresses that a syndrome may report, both ends included, without tag and top byte. */
export type AddressRange = { readonly low: bigint; readonly high: bigint };

/** In the order in which the architecture looks for them. */
export type CpuFaultKind = "undefined" | "alignment" | "translation" | "permission" | "tag-check";

export type CpuFault = {
  readonly kind: CpuFaultKind;
  readonly address: AddressRange;
  /** Bits 63:56 of the pointer that was used. */
  readonly top: number;
  readonly write: boolean;
};

export type CpuResult =
  /** Nothing comes back in a register. */
  | { readonly kind: "done" }
  /** A register, 64 bits (128 for an access of 16 bytes). */
  | { readonly kind: "value"; readonly value: bigint }
  /** SUBPS: the difference, and the flags N, Z, C, V from bit 3 to bit 0. */
  | { readonly kind: "difference"; readonly value: bigint; readonly nzcv: number }
  /** A register that holds a pointer: the result of LDG, IRG, ADDG, SUBG, or a write-back. */
  | { readonly kind: "pointer"; readonly pointer: Pointer }
  /** IRG, many times: every tag that came out is in `within`, and at least one did. */
  | { readonly kind: "tags-seen"; readonly within: TagSet }
  | { readonly kind: "seed"; readonly seed: number; readonly tag: Tag }
  /** A loop: how many accesses were made, and the fault that ended it early. */
  | { readonly kind: "count"; readonly count: number; readonly fault: CpuFault | null }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  /** One tag a granule. */
  | { readonly kind: "tags"; readonly tags: Uint8Array }
  | { readonly kind: "fault"; readonly fault: CpuFault }
  /** There is no such instruction. */
  | { readonly kind: "unencodable" };
