/** The bugs that can be planted in designs of the model, by what they are about. */
import type { DesignBug } from "./bug.ts";
import { virtioBugs } from "./virtio.ts";
import { volatileBugs } from "./volatile.ts";

export const designBugGroups: readonly {
  readonly title: string;
  readonly bugs: readonly DesignBug[];
}[] = [
  { title: "memory that a host resizes", bugs: virtioBugs },
  { title: "memory that a host discards", bugs: volatileBugs },
];
