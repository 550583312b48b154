/**
 * volatile: a host gives a guest memory that it may take back at any moment, page by page, without
 * asking: as if all of it were marked MADV_FREE for ever. The guest keeps clean copies of file pages
 * there, so that nothing but speed is lost, provided that it finds out. What it knows of its copies
 * (the index) lies in memory of its own. Each way of finding out is a variant of its own
 * (volatile-detection.ts); `volatile` itself has the access fault. RAM and its tags are carveout's.
 */
import { deviceBytes } from "../hardware/device-memory.ts";
import { carveout } from "./carveout.ts";
import { cleancacheBackEnd } from "./cleancache-back-end.ts";
import type { Design } from "./design.ts";
import { scopeBesideRam, smallScopeBesideRam } from "./shared/beside-ram.ts";
import type { MovingDesign } from "./shared/moving.ts";
import { scriptsOf } from "./shared/scripts.ts";
import {
  accessFault,
  type Detection,
  generationWord,
  notificationQueue,
  setStableIfPresent,
} from "./volatile-detection.ts";

const memory: MovingDesign = { tagStorage: null, dataInStorage: false, claimsAt: "use" };

/** What a way of finding out makes of a design. */
export const foundOutBy = (
  how: Detection,
): Pick<Design, "extra" | "environment" | "findsOut" | "scripts"> => ({
  extra: [deviceBytes, ...how.fields],
  environment: how.host,
  findsOut: how.findsOut,
  scripts: scriptsOf(memory, cleancacheBackEnd("whole", how.memory)),
});

const volatileBy = (
  name: string,
  title: string,
  how: Detection,
  rest: Pick<Design, "variantOf" | "scopeFor">,
): Design => ({
  ...carveout,
  ...rest,
  name,
  title,
  hostMemory: "discarded",
  ...foundOutBy(how),
  marks: [
    ...carveout.marks,
    "put-stored",
    "put-dropped",
    "put-takes-the-place-of-another",
    "hit",
    "miss",
    "a-page-is-discarded",
    "a-discard-is-found-out",
  ],
});

const variant = { variantOf: "volatile", scopeFor: smallScopeBesideRam } as const;

export const volatileMemory = volatileBy(
  "volatile",
  "clean copies in memory that the host discards, an access faults",
  accessFault,
  { scopeFor: scopeBesideRam },
);

export const volatileVariants: readonly Design[] = [
  volatileBy(
    "volatile-stable",
    "the guest makes a page stable around each use, if it is still present",
    setStableIfPresent,
    variant,
  ),
  volatileBy(
    "volatile-word",
    "the host changes a word of the page before and after it discards it",
    generationWord,
    variant,
  ),
  volatileBy(
    "volatile-queue",
    "the host posts a notice before and after it discards a page",
    notificationQueue,
    variant,
  ),
];
