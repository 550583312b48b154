/**
 * cma (RFC v3): tag storage is CMA memory, used for ordinary untagged data. A page that becomes
 * tagged claims its block: what lies there is migrated away, with three tries against a page that is
 * busy, under a mutex. Best effort: a page for which that failed is handed out all the same and
 * mapped without access; the fault on its first access tries again, then moves the page itself.
 * CMA memory is never tagged, tag storage or not. Tags that have no place yet (a copy, a swap-in)
 * are stashed by page number and replayed when the storage is claimed.
 *
 * `cma` is the series as posted: kernel MTE (HW KASAN) is refused by configuration. In
 * `cma-hw-kasan` that gate is gone, and atomic allocations ask for tag storage too.
 */
import { cmaTagStorage, cmaVersion } from "./cma-claim.ts";
import { cmaFaultScript } from "./cma-fault.ts";
import type { Design } from "./design.ts";
import { noBackEnd } from "./shared/keys.ts";
import { migratingDesign, migratingMarks } from "./shared/migrating-design.ts";
import type { MovingDesign } from "./shared/moving.ts";
import { scriptsOf } from "./shared/scripts.ts";

const memory: MovingDesign = {
  tagStorage: cmaTagStorage,
  dataInStorage: true,
  claimsAt: "allocation",
};

const cmaDesign = (name: string, title: string, kernelTags: boolean): Design => ({
  name,
  title,
  ...migratingDesign(memory, cmaVersion),
  scripts: { ...scriptsOf(memory, noBackEnd), "enable-tags": cmaFaultScript(memory) },
  barsCma: true,
  kernelTags,
  marks: [...migratingMarks, ...(kernelTags ? (["interrupt-during-an-operation"] as const) : [])],
});

export const cma = cmaDesign("cma", "storage is CMA memory, claims migrate (RFC v3)", false);
export const cmaHwKasan = cmaDesign(
  "cma-hw-kasan",
  "RFC v3 with its kernel MTE gate removed",
  true,
);
