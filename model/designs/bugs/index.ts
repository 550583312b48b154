/** The bugs that can be planted in designs of the model, by what they are about. */
import type { DesignBug } from "./bug.ts";
import { claimBugs } from "./claims.ts";
import { folioBugs } from "./folios.ts";
import { frontEndBugs } from "./front-end.ts";
import { mapBugs } from "./maps.ts";
import { metadataBugs } from "./metadata.ts";
import { nodeBugs } from "./nodes.ts";
import { pageTagBugs } from "./page-tags.ts";
import { virtioBugs } from "./virtio.ts";
import { volatileBugs } from "./volatile.ts";
import { zswapBugs } from "./zswap.ts";

export const designBugGroups: readonly {
  readonly title: string;
  readonly bugs: readonly DesignBug[];
}[] = [
  { title: "storage on free lists of its own", bugs: metadataBugs },
  { title: "claims by dropping, in variants", bugs: claimBugs },
  { title: "the cleancache of 2025", bugs: frontEndBugs },
  { title: "nodes of the index", bugs: nodeBugs },
  { title: "mapping storage", bugs: mapBugs },
  { title: "page tags", bugs: pageTagBugs },
  { title: "folios page by page", bugs: folioBugs },
  { title: "swapped pages", bugs: zswapBugs },
  { title: "memory that a host resizes", bugs: virtioBugs },
  { title: "memory that a host discards", bugs: volatileBugs },
];
