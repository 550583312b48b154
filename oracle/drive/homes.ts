/**
 * Where pages lie, which no caller sees. Where some memory cannot carry tags, an untagged page may be
 * moved between the two at any time. So a state thinks of every untagged page as lying outside of
 * taggable memory, and moves it in where that explains what came of an operation.
 */
import {
  freeTaggablePages,
  type Handle,
  type Limits,
  type Memory,
  type Operation,
  type Outcome,
  type Page,
} from "../../model/index.ts";

/** The page that has to be in taggable memory before the operation can be done. */
const pageToTag = (operation: Operation): Handle | null => {
  if (operation.kind === "enable-tags") return operation.handle;
  return operation.kind === "copy-again" ? operation.to : null;
};

/** The state with every untagged page out of taggable memory, where there is such a place. */
export const settled = ({ handles, taggablePages }: Limits, memory: Memory): Memory => {
  const stays = (page: Page | null): boolean =>
    page === null || page.tagged || page.home === "untaggable";
  if (handles === taggablePages || memory.pages.every(stays)) return memory;
  const pages = memory.pages.map((page): Page | null =>
    page === null || stays(page) ? page : { ...page, home: "untaggable" },
  );
  return { ...memory, pages };
};

/** The state with those pages in taggable memory, as far as there is room. */
const rehomed = (limits: Limits, memory: Memory, moved: (handle: Handle) => boolean): Memory => {
  let room = freeTaggablePages(limits, memory);
  const pages = memory.pages.map((page, handle): Page | null => {
    if (page === null || page.home === "taggable" || room <= 0 || !moved(handle)) return page;
    room -= 1;
    return { ...page, home: "taggable" };
  });
  return { ...memory, pages };
};

/** The state as an implementation may have made it before it did that with this outcome. */
export const prepared = (
  limits: Limits,
  memory: Memory,
  operation: Operation,
  outcome: Outcome | null = null,
): Memory => {
  if (limits.handles === limits.taggablePages) return memory;
  if (outcome?.kind === "no-memory") return rehomed(limits, memory, () => true);
  const tagged = pageToTag(operation);
  return tagged === null ? memory : rehomed(limits, memory, (handle) => handle === tagged);
};
