/**
 * The quick way: an entry that was seen whole, on things that are certain. It knows the cases that
 * the contract accepts and what they change, on the flat store; for everything else it says no, and
 * the entry goes the long way (`explain.ts`), where the contract itself answers. It never refuses
 * anything, and a property test holds what it accepts against the contract.
 */
import {
  type Bytes,
  type Choice,
  type EmptyBecause,
  emptyBecause,
  type FilePage,
  freshFilePage,
  type Handle,
  type Home,
  type Operation,
} from "../../model/index.ts";
import type { LogEvent, ObservedOutcome, ObservedSeen, ObservedTags } from "../log/index.ts";
import type { Store } from "./store.ts";
import { type FlatPage, type FlatSlot, type TagText, tagAt, tagText, withTag } from "./values.ts";

type Of<Kind extends Operation["kind"]> = Extract<Operation, { kind: Kind }>;
type Key = { readonly file: number; readonly index: number };

export class Quick {
  private readonly store: Store;
  private readonly zeroTags: TagText;

  constructor(store: Store) {
    this.store = store;
    this.zeroTags = "0".repeat(store.limits.granulesPerPage);
  }

  /** Was it accepted, and its change made? If not, nothing was changed. */
  takes({ operation, choice, outcome }: LogEvent): boolean {
    if (outcome === undefined || outcome === "unknown") return false;
    switch (operation.kind) {
      case "allocate":
        return this.allocates(operation, choice, outcome);
      case "free":
        return outcome.kind === "done" && this.frees(operation.handle);
      case "migrate":
        return this.migrates(operation, choice, outcome);
      case "enable-tags":
        return this.enables(operation, outcome);
      case "write-tag":
        return outcome.kind === "done" && this.writesTag(operation);
      case "read-tag":
        return outcome.kind === "tag" && this.readsTag(operation, outcome.tag);
      case "write-bytes":
        return outcome.kind === "done" && this.writesBytes(operation);
      case "read-bytes":
        return outcome.kind === "bytes" && this.readsBytes(operation, outcome.bytes);
      case "copy":
        return this.copies(operation, choice, outcome);
      case "swap-out":
        return this.swapsOut(operation, outcome);
      case "swap-in":
        return this.swapsIn(operation, choice, outcome);
      case "share-slot":
        return outcome.kind === "done" && this.sharesSlot(operation);
      case "free-slot":
        return outcome.kind === "slot" && this.freesSlot(operation, outcome.freed);
      case "read-file":
        return outcome.kind === "bytes" && this.readsFile(operation, outcome.bytes);
      case "write-file":
        return outcome.kind === "done" && this.writesFile(operation);
      case "write-back":
        return this.writesBack(operation, outcome);
      case "direct-write":
        return outcome.kind === "done" && this.changes(operation, operation.bytes, "direct-write");
      case "truncate":
        return outcome.kind === "done" && this.changes(operation, 0, "truncated");
      case "evict":
        return outcome.kind === "done" && this.evicts(operation);
      case "put":
        return outcome.kind === "done" && this.puts(operation, choice);
      case "get":
        return this.gets(operation, outcome);
      case "invalidate-page":
        return outcome.kind === "done" && this.empties(operation, "invalidated");
      case "drop":
        return outcome.kind === "done" && this.empties(operation, "dropped");
      case "copy-again":
      case "restore-again":
      case "swapoff":
      case "unlink":
      case "create":
      case "unmount":
      case "mount":
      case "invalidate-object":
      case "invalidate-pool":
        return false;
    }
  }

  private isHandle(handle: Handle | undefined): handle is Handle {
    return handle !== undefined && handle < this.store.limits.handles;
  }

  /** Do the tags that were seen, if any, agree? */
  private agrees(seen: ObservedTags | undefined, tags: TagText): boolean {
    if (seen === undefined) return true;
    return typeof seen === "string" ? seen === tags : tagText(seen) === tags;
  }

  /** Where the page lies; `null`: nobody told, and it may lie anywhere. */
  private homeOf(choice: Choice | undefined, tagged: boolean): Home | null {
    if (choice === undefined) return tagged ? "taggable" : null;
    return choice.kind === "placed" ? (choice.homes[0] ?? "taggable") : "taggable";
  }

  /** Is there room for one more page with such a home? */
  private hasRoom(home: Home): boolean {
    return home !== "taggable" || this.store.mostFree > 0;
  }

  private allocates(wish: Of<"allocate">, choice: Choice | undefined, outcome: ObservedOutcome) {
    if (outcome.kind !== "pages" || wish.order !== 0 || outcome.handles?.length !== 1) return false;
    const [handle] = outcome.handles;
    const look: ObservedSeen = outcome.seen?.[0] ?? {};
    if (wish.tagged && look.tagged === undefined && look.tags === undefined) return false;
    const ready = wish.tagged && look.tagged !== false;
    if (!ready && (wish.tagged ? wish.context === "atomic" : look.tagged === true)) return false;
    const home = this.homeOf(choice, ready);
    if (home === null || (ready && home !== "taggable")) return false;
    if (ready && !this.agrees(look.tags, this.zeroTags)) return false;
    const bytes = wish.zeroed ? 0 : look.bytes;
    if (bytes === undefined || (wish.zeroed && look.bytes !== undefined && look.bytes !== 0))
      return false;
    return this.gives(handle, { home, tags: ready ? this.zeroTags : null, bytes, copyOf: null });
  }

  /** Hands out a page that is free for certain. */
  private gives(handle: Handle | undefined, page: FlatPage): boolean {
    const { store } = this;
    if (!this.isHandle(handle) || store.flatPage(handle) !== null) return false;
    if (!this.hasRoom(page.home)) return false;
    store.setPage(handle, page);
    return true;
  }

  private frees(handle: Handle): boolean {
    const { store } = this;
    if (!store.flatPage(handle)) return false;
    store.setPage(handle, null);
    this.forgetCopies(handle);
    return true;
  }

  private forgetCopies(handle: Handle): void {
    for (const copy of this.store.takeCopies(handle)) this.store.setCopyOf(copy, handle, null);
  }

  private migrates(
    { handle }: Of<"migrate">,
    choice: Choice | undefined,
    outcome: ObservedOutcome,
  ): boolean {
    if (outcome.kind !== "page" || outcome.handle !== handle) return false;
    const page = this.store.flatPage(handle);
    if (!page) return false;
    const tagged = page.tags !== null;
    const home = this.homeOf(choice, tagged);
    if (home === null || (tagged && home !== "taggable")) return false;
    if (page.home !== "taggable" && !this.hasRoom(home)) return false;
    const { seen = {} } = outcome;
    if (seen.tagged !== undefined && seen.tagged !== tagged) return false;
    if (!this.agrees(seen.tags, page.tags ?? "")) return false;
    if (seen.bytes !== undefined && seen.bytes !== page.bytes) return false;
    this.store.setPage(handle, { ...page, home });
    return true;
  }

  private enables({ handle }: Of<"enable-tags">, outcome: ObservedOutcome): boolean {
    if (outcome.kind !== "page" || outcome.handle !== handle) return false;
    const page = this.store.flatPage(handle);
    if (page?.home !== "taggable") return false;
    const tags = page.tags ?? this.zeroTags;
    const { seen = {} } = outcome;
    if (seen.tagged === false || !this.agrees(seen.tags, tags)) return false;
    if (seen.bytes !== undefined && seen.bytes !== page.bytes) return false;
    if (page.tags === null) this.store.setPage(handle, { ...page, tags, copyOf: null });
    return true;
  }

  private writesTag({ handle, granule, tag }: Of<"write-tag">): boolean {
    const page = this.store.flatPage(handle);
    if (!page?.tags || granule >= page.tags.length) return false;
    const tags = withTag(page.tags, granule, tag);
    this.store.setPage(handle, { ...page, tags, copyOf: null });
    return true;
  }

  private readsTag({ handle, granule }: Of<"read-tag">, tag: number | undefined): boolean {
    const tags = this.store.flatPage(handle)?.tags;
    if (!tags || granule >= tags.length) return false;
    return tag === undefined || tagAt(tags, granule) === tag;
  }

  private writesBytes({ handle, bytes }: Of<"write-bytes">): boolean {
    const page = this.store.flatPage(handle);
    if (!page) return false;
    this.store.setPage(handle, { ...page, bytes, copyOf: null });
    return true;
  }

  private readsBytes({ handle }: Of<"read-bytes">, bytes: Bytes | undefined): boolean {
    const page = this.store.flatPage(handle);
    return !!page && (bytes === undefined || bytes === page.bytes);
  }

  /** A page with these tags and bytes is seen as one must see it. */
  private looksLike(seen: ObservedSeen, { tags, bytes }: FlatPage | FlatSlot): boolean {
    if (seen.bytes !== undefined && seen.bytes !== bytes) return false;
    return tags === null
      ? seen.tagged !== true
      : seen.tagged !== false && this.agrees(seen.tags, tags);
  }

  private copies(
    { from }: Of<"copy">,
    choice: Choice | undefined,
    outcome: ObservedOutcome,
  ): boolean {
    const source = this.store.flatPage(from);
    if (!source || outcome.kind !== "page") return false;
    const home = this.homeOf(choice, source.tags !== null);
    if (home === null || (source.tags !== null && home !== "taggable")) return false;
    if (!this.looksLike(outcome.seen ?? {}, source)) return false;
    return this.gives(outcome.handle, { ...source, home, copyOf: from });
  }

  private swapsOut({ handles }: Of<"swap-out">, outcome: ObservedOutcome): boolean {
    const { store } = this;
    const [handle] = handles;
    if (handles.length !== 1 || handle === undefined) return false;
    const page = store.flatPage(handle);
    if (!page) return false;
    if (outcome.kind === "save-failed") return (outcome.entriesLeft ?? 0) === 0;
    if (outcome.kind !== "swapped" || outcome.slots?.length !== 1) return false;
    const [slot] = outcome.slots;
    if (slot === undefined || slot >= store.limits.slots) return false;
    if (store.flatSlot(slot) !== null) return false;
    store.setSlot(slot, { sharers: 1, tags: page.tags, bytes: page.bytes });
    return this.frees(handle);
  }

  private swapsIn(
    { slot }: Of<"swap-in">,
    choice: Choice | undefined,
    outcome: ObservedOutcome,
  ): boolean {
    const held = this.store.flatSlot(slot);
    if (!held || held.sharers < 1 || outcome.kind !== "page") return false;
    const { tags, bytes } = held;
    const home = this.homeOf(choice, tags !== null);
    if (home === null || (tags !== null && home !== "taggable")) return false;
    if (!this.looksLike(outcome.seen ?? {}, held)) return false;
    if (!this.gives(outcome.handle, { home, tags, bytes, copyOf: null })) return false;
    this.leaves(slot, held);
    return true;
  }

  private leaves(slot: number, held: FlatSlot): void {
    const { sharers } = held;
    this.store.setSlot(slot, sharers > 1 ? { ...held, sharers: sharers - 1 } : null);
  }

  private sharesSlot({ slot }: Of<"share-slot">): boolean {
    const held = this.store.flatSlot(slot);
    if (!held || held.sharers < 1 || held.sharers >= this.store.limits.handles) return false;
    this.store.setSlot(slot, { ...held, sharers: held.sharers + 1 });
    return true;
  }

  private freesSlot({ slot }: Of<"free-slot">, freed: boolean | undefined): boolean {
    const held = this.store.flatSlot(slot);
    if (!held || held.sharers < 1) return false;
    if (freed !== undefined && freed !== (held.sharers === 1)) return false;
    this.leaves(slot, held);
    return true;
  }

  private isKey({ file, index }: Key): boolean {
    const { files, pagesPerFile } = this.store.limits;
    return file < files && index < pagesPerFile;
  }

  /** A page of a file that is there and mounted, for certain. */
  private pageAt(key: Key): FilePage | undefined {
    return this.isKey(key) ? this.store.flatFilePage(key.file, key.index) : undefined;
  }

  private set({ file, index }: Key, page: FilePage): true {
    this.store.setFilePage(file, index, page);
    return true;
  }

  private readsFile(key: Key, bytes: Bytes | undefined): boolean {
    const page = this.pageAt(key);
    if (page === undefined || bytes === undefined) return false;
    if (page.resident) return page.resident.bytes === bytes;
    if (page.disk !== bytes && page.unsaved !== bytes) return false;
    return this.set(key, { ...page, resident: { bytes, dirty: false } });
  }

  private writesFile(operation: Of<"write-file">): boolean {
    const page = this.pageAt(operation);
    if (page === undefined) return false;
    const resident = { bytes: operation.bytes, dirty: true };
    return this.set(operation, { ...page, resident, unsaved: null });
  }

  private writesBack(key: Key, outcome: ObservedOutcome): boolean {
    const page = this.pageAt(key);
    if (!page?.resident?.dirty) return false;
    const { bytes } = page.resident;
    const resident = { bytes, dirty: false };
    if (outcome.kind === "done")
      return this.set(key, { ...page, resident, disk: bytes, unsaved: null });
    return outcome.kind === "failed" && this.set(key, { ...page, resident, unsaved: bytes });
  }

  private changes(key: Key, disk: Bytes, because: EmptyBecause): boolean {
    if (this.pageAt(key) === undefined) return false;
    return this.set(key, { ...freshFilePage, disk, cached: emptyBecause(because) });
  }

  private evicts(key: Key): boolean {
    const page = this.pageAt(key);
    if (!page?.resident || page.resident.dirty) return false;
    return this.set(key, { ...page, resident: null });
  }

  private puts(operation: Of<"put">, choice: Choice | undefined): boolean {
    const page = this.pageAt(operation);
    if (choice === undefined || !page?.resident || page.resident.dirty) return false;
    const { bytes } = operation;
    if (page.resident.bytes !== bytes) return false;
    const stored = choice.kind !== "dropped";
    const cached = stored ? ({ kind: "holds", bytes } as const) : emptyBecause("put-dropped");
    return this.set(operation, { ...page, cached });
  }

  private gets(key: Key, outcome: ObservedOutcome): boolean {
    const { store } = this;
    const page = this.isKey(key) ? store.flatKey(key.file, key.index) : undefined;
    if (page === undefined) return false;
    const { cached, disk, unsaved, resident } = page;
    if (outcome.kind === "miss") {
      if (outcome.touched === true) return false;
      return cached.kind === "empty" || this.set(key, { ...page, cached: emptyBecause("missed") });
    }
    if (outcome.kind !== "hit" || cached.kind === "empty") return false;
    const { bytes } = cached;
    if (outcome.bytes !== bytes) return false;
    if (!resident && disk !== bytes && unsaved !== bytes) return false;
    if (store.limits.getForm === "keeping") return true;
    return this.set(key, { ...page, cached: emptyBecause("consumed") });
  }

  private empties(key: Key, because: EmptyBecause): boolean {
    const page = this.pageAt(key);
    if (page === undefined) return false;
    return (
      page.cached.kind === "empty" || this.set(key, { ...page, cached: emptyBecause(because) })
    );
  }
}
