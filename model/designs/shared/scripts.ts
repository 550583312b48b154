/** Every script of a design, from how it finds tag storage and what it does with clean pages. */
import type { Design } from "../design.ts";
import { fileScripts } from "./files.ts";
import type { CacheBackEnd } from "./keys.ts";
import { accessScripts, allocateScript, enableScript, faultScript, freeScript } from "./memory.ts";
import { copyScript, type MovingDesign, migrateScript } from "./moving.ts";
import { freeSlotScript, shareSlotScript, swapInScript, swapOutScript } from "./swapping.ts";

export const scriptsOf = (memory: MovingDesign, backEnd: CacheBackEnd): Design["scripts"] => ({
  allocate: allocateScript(memory),
  free: freeScript(memory),
  "enable-tags": memory.failedClaim === "no-memory" ? faultScript(memory) : enableScript(memory),
  ...accessScripts,
  copy: copyScript(memory),
  migrate: migrateScript(memory),
  "swap-out": swapOutScript(memory),
  "swap-in": swapInScript(memory),
  "share-slot": shareSlotScript,
  "free-slot": freeSlotScript(memory),
  ...fileScripts(backEnd),
});
