/** What user space sees of an operation. One outcome may stand for a set, where it says so. */
import type { AddressRange, CpuResult } from "../architecture/outcome.ts";

export type Errno =
  | "EPERM"
  | "ESRCH"
  | "EIO"
  | "EBADF"
  | "EAGAIN"
  | "ENOMEM"
  | "EACCES"
  | "EFAULT"
  | "EBUSY"
  | "EEXIST"
  | "EINVAL"
  | "ERANGE"
  | "EOPNOTSUPP"
  | "ENOENT";

/** A signal as si_code names it; SIGILL stands for ILL_ILLOPC. */
export type FaultCode =
  | "SEGV_MTESERR"
  | "SEGV_ACCERR"
  | "SEGV_MAPERR"
  | "BUS_ADRALN"
  | "BUS_ADRERR"
  | "SIGILL";

export type Fault = {
  readonly code: FaultCode;
  /** si_addr without its top byte: any one of these. */
  readonly address: AddressRange;
  /** The top byte of si_addr: 0 unless the handler has SA_EXPOSE_TAGBITS. */
  readonly top: number;
};

type Mapped<Result> = Result extends { readonly fault: unknown } ? never : Result;

export type Result =
  | Mapped<CpuResult>
  | { readonly kind: "count"; readonly count: number; readonly fault: Fault | null }
  | { readonly kind: "fault"; readonly fault: Fault }
  /** -1 and errno. */
  | { readonly kind: "failed"; readonly errno: Errno }
  /** What a system call returned that is no pointer: 0, a length, a descriptor, a setting. */
  | { readonly kind: "returned"; readonly value: bigint }
  /** A length from `least` to `most`, or `errno`: what best-effort checks leave open. */
  | {
      readonly kind: "partly";
      readonly least: number;
      readonly most: number;
      readonly errno: Errno | null;
    }
  /** Bytes that a system call brought, and its return value. */
  | { readonly kind: "brought"; readonly bytes: Uint8Array }
  /** A yes or no: swapped, present, moved, merged, same, thp, mt. */
  | { readonly kind: "answer"; readonly yes: boolean }
  /** PSTATE.TCO in the handler (null when there was none), and after it. */
  | { readonly kind: "override"; readonly inside: 0 | 1 | null; readonly after: 0 | 1 }
  /** A child ended: by this signal, or with this status. */
  | { readonly kind: "killed"; readonly signal: number }
  | { readonly kind: "exited"; readonly status: number }
  /** An ioctl of userfaultfd failed: errno, and what it wrote to its `copy`/`zeropage` field. */
  | { readonly kind: "not-copied"; readonly errno: Errno; readonly copied: number }
  /** The program header of the segment with tags, and bytes of it: two tags each, low one first. */
  | {
      readonly kind: "segment";
      readonly fileSize: number;
      readonly memorySize: number;
      readonly flags: 0;
      readonly physicalAddress: 0;
      readonly align: 0;
      readonly bytes: Uint8Array;
    }
  /** The core dump has no segment with tags for that address. */
  | { readonly kind: "no-segment" }
  /** It waits for somebody else (userfaultfd), as far as this model goes for ever. */
  | { readonly kind: "blocked" };

/**
 * `reports`: SEGV_MTEAERR signals with si_addr 0 that were delivered at the kernel entry that ends
 * the operation, 0 or 1; where the kernel leaves it open there is one outcome for each.
 */
export type Outcome = Result & { readonly reports: 0 | 1 };
