/** Every row of the table, in the order in which it is printed. */
import type { Row } from "../row.ts";
import { cacheRows } from "./cache.ts";
import { hostCacheRows, hostSafetyRows, hostServiceRows } from "./host.ts";
import { serviceRows } from "./service.ts";
import { storageRows } from "./storage.ts";
import { tagRows } from "./tags.ts";

export const rows: readonly Row[] = [
  ...tagRows,
  ...storageRows,
  ...hostSafetyRows,
  ...cacheRows,
  ...hostCacheRows,
  ...serviceRows,
  ...hostServiceRows,
];

export const rowNamed = (id: string): Row | undefined => rows.find((row) => row.id === id);
