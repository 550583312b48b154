/** The scripts of each design that has a packed form. */
import { type Design, designs } from "../../model/index.ts";
import type { Kit } from "../kit.ts";
import type { PackedBackEnd, PackedScripts } from "../script.ts";
import { CopyStore, cleancacheBackEnd, cleancacheTagStorage } from "./cleancache.ts";
import { cmaTagStorage } from "./cma.ts";
import { cmaFaultScript } from "./cma-fault.ts";
import { fileScripts, noBackEnd } from "./files.ts";
import { accessScripts, allocateScript, enableScript, freeScript } from "./memory.ts";
import { copyScript, migrateScript, type PackedMovingDesign } from "./moving.ts";
import { freeSlotScript, shareSlotScript, swapInScript, swapOutScript } from "./swapping.ts";
import type { Units } from "./units.ts";

const allScripts = (
  kit: Kit,
  units: Units,
  memory: PackedMovingDesign,
  backEnd: PackedBackEnd,
): PackedScripts => ({
  allocate: allocateScript(kit, memory),
  free: freeScript(kit, memory),
  "enable-tags": enableScript(kit, memory),
  ...accessScripts(kit),
  copy: copyScript(kit, memory),
  migrate: migrateScript(kit, memory),
  "swap-out": swapOutScript(kit, memory),
  "swap-in": swapInScript(kit, memory),
  "share-slot": shareSlotScript(kit),
  "free-slot": freeSlotScript(kit),
  ...fileScripts(kit, units, backEnd),
});

const withPackedForm: ReadonlySet<string> = new Set([
  "carveout",
  "cma",
  "cma-hw-kasan",
  "cleancache-page",
  "cleancache-folio",
]);

/** Has the design an implementation, or does it live in the model alone? */
export const isPacked = ({ name }: Pick<Design, "name">): boolean => withPackedForm.has(name);

export const packedDesigns: readonly Design[] = designs.filter(isPacked);

/**
 * The packed scripts of a design. What kind of design it is shows in what it declares: a stash means
 * claims that migrate, claims of any other kind drop clean copies.
 */
export const scriptsOf = ({
  kit,
  units,
  design,
}: {
  readonly kit: Kit;
  readonly units: Units;
  readonly design: Design;
}): PackedScripts => {
  const { dataInStorage, claimsAt } = design;
  if (design.claiming.size === 0)
    return allScripts(kit, units, { tagStorage: null, dataInStorage, claimsAt }, noBackEnd(units));
  if (design.stash) {
    const memory = { tagStorage: cmaTagStorage(kit), dataInStorage, claimsAt };
    return {
      ...allScripts(kit, units, memory, noBackEnd(units)),
      "enable-tags": cmaFaultScript(kit, memory),
    };
  }
  const store = new CopyStore(kit, units);
  const tagStorage = cleancacheTagStorage(kit, store);
  const backEnd = cleancacheBackEnd(kit, units, store);
  return allScripts(kit, units, { tagStorage, dataInStorage, claimsAt }, backEnd);
};
