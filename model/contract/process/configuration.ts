/** What a scenario takes for granted: the kernel, the CPU, and what the machine offers. */

/** A release of Linux, such as 6.12. */
export type KernelVersion = { readonly major: number; readonly minor: number };

export type CpuFeatures = {
  /** FEAT_MTE3: asymmetric mode. */
  readonly asymmetric: boolean;
  /** FEAT_MTE_STORE_ONLY, in a kernel that announces it (HWCAP3_MTE_STORE_ONLY, from 6.17 on). */
  readonly storeOnly: boolean;
};

export type Configuration = {
  readonly kernel: KernelVersion;
  readonly features: CpuFeatures;
  /** Bytes that DC ZVA, DC GVA and DC GZVA work on (DCZID_EL0.BS); 64 on most CPUs. */
  readonly blockSize: number;
};

export const pageSize = 4096;

/** "6.12" or "7.3.4"; null when it is no version. */
export const parseKernelVersion = (text: string): KernelVersion | null => {
  const [, major, minor] = /^v?(\d+)\.(\d+)(?:\.\d+)?$/.exec(text) ?? [];
  return major === undefined || minor === undefined
    ? null
    : { major: Number(major), minor: Number(minor) };
};

/** Negative, zero or positive as `left` is older than, the same as, or newer than `right`. */
export const compareKernels = (left: KernelVersion, right: KernelVersion): number =>
  left.major - right.major || left.minor - right.minor;

export const isSince = (kernel: KernelVersion, major: number, minor: number): boolean =>
  compareKernels(kernel, { major, minor }) >= 0;

export const defaultConfiguration: Configuration = {
  kernel: { major: 7, minor: 3 },
  features: { asymmetric: true, storeOnly: false },
  blockSize: 64,
};
