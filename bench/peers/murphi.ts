/**
 * The model in Murphi. With symmetry the storage pages, the place of a page in its group, tags,
 * keys and users are scalarsets, otherwise ranges.
 */
import type { Instance } from "./tagstore/model.ts";

export const murphi = (instance: Instance, symmetry: boolean): string => {
  const { S, G, T, K, O, bug } = instance;
  const set = (count: number): string => (symmetry ? `scalarset(${count})` : `0..${count - 1}`);
  const drop =
    bug === "blinddrop"
      ? "vacate(ts);"
      : "if st[ts].kind = CACHED | st[ts].kind = DATA then vacate(ts); end;";
  return `type
  Store: ${set(S)};
  Slot: ${set(G)};
  Tag: ${set(T)};
  Key: ${set(K)};
  User: ${set(O)};
  PageKind: enum { FREE, UNTAGGED, TAGGED, SWAPPED, SWAPPED_TAGGED };
  StoreKind: enum { UNUSED, CACHED, TAGS, DATA };
  Page: record kind: PageKind; kernel: boolean; owner: User; tag: Tag; want: Tag; end;
  Storage: record kind: StoreKind; key: Key; ref: 0..${G + 1}; pin: boolean; end;
var
  page: array[Store] of array[Slot] of Page;
  st: array[Store] of Storage;
  pc: 0..3;
  ts: Store;
  ti: Slot;

procedure freePage(s: Store; i: Slot); begin
  page[s][i].kind := FREE; page[s][i].kernel := false; undefine page[s][i].owner;
    undefine page[s][i].tag; undefine page[s][i].want;
end;
procedure vacate(s: Store); begin
  st[s].kind := UNUSED; undefine st[s].key; st[s].ref := 0; st[s].pin := false;
end;
procedure release(s: Store); begin
  st[s].ref := st[s].ref - 1;
  if st[s].ref = 0 then st[s].kind := UNUSED; end;
end;
procedure grab(s: Store); begin
  if st[s].kind = TAGS then st[s].ref := st[s].ref + 1;
  else st[s].kind := TAGS; undefine st[s].key; st[s].pin := false; st[s].ref := 1; end;
end;
procedure done(); begin pc := 0; undefine ts; undefine ti; end;
procedure failed(); begin
  if page[ts][ti].kind = UNTAGGED then freePage(ts, ti); end;
  done();
end;
function cachedAnywhere(k: Key): boolean; begin
  for s: Store do if st[s].kind = CACHED & st[s].key = k then return true; end; end;
  return false;
end;
function isUser(s: Store; i: Slot): boolean; begin
  return page[s][i].kind != FREE & !page[s][i].kernel;
end;

startstate begin
  for s: Store do
    vacate(s);
    for i: Slot do freePage(s, i); end;
  end;
  done();
end;

ruleset s: Store; i: Slot do
  ruleset o: User do
    rule "allocUntagged" pc = 0 & page[s][i].kind = FREE ==>
      begin page[s][i].kind := UNTAGGED; page[s][i].owner := o; end;
    rule "allocTaggedBegin" pc = 0 & page[s][i].kind = FREE ==>
      begin page[s][i].kind := UNTAGGED; page[s][i].owner := o; pc := 1; ts := s; ti := i; end;
  end;
  rule "free" pc = 0 & isUser(s, i) ==>
    begin if page[s][i].kind = TAGGED then release(s); end; freePage(s, i); end;
  ruleset t: Tag do
    rule "setTag" pc = 0 & isUser(s, i) & page[s][i].kind = TAGGED & page[s][i].tag != t ==>
      begin page[s][i].tag := t; page[s][i].want := t; end;
    rule "allocAtomic" page[s][i].kind = FREE & st[s].kind != DATA ==>
      begin grab(s); page[s][i].kind := TAGGED; page[s][i].kernel := true; page[s][i].tag := t;
      page[s][i].want := t; end;
  end;
  rule "swapOutTagged" pc = 0 & isUser(s, i) & page[s][i].kind = TAGGED ==>
    begin page[s][i].kind := SWAPPED_TAGGED; release(s); end;
  rule "swapOutPlain" pc = 0 & page[s][i].kind = UNTAGGED ==> begin page[s][i].kind := SWAPPED; end;
  rule "swapInPlain" pc = 0 & page[s][i].kind = SWAPPED ==> begin page[s][i].kind := UNTAGGED; end;
  rule "swapInBegin" pc = 0 & page[s][i].kind = SWAPPED_TAGGED ==>
    begin pc := 1; ts := s; ti := i; end;
  rule "freeAtomic" page[s][i].kind = TAGGED & page[s][i].kernel ==>
    begin release(s); freePage(s, i); end;
end;

ruleset s: Store do
  rule "dataAlloc" pc = 0 & st[s].kind = UNUSED ==> begin st[s].kind := DATA; end;
  rule "dataFree" pc = 0 & st[s].kind = DATA & !st[s].pin ==> begin st[s].kind := UNUSED; end;
  rule "pin" st[s].kind = DATA & !st[s].pin ==> begin st[s].pin := true; end;
  rule "unpin" st[s].kind = DATA & st[s].pin ==> begin st[s].pin := false; end;
  ruleset k: Key do
    rule "put" st[s].kind = UNUSED & !cachedAnywhere(k) ==>
      begin st[s].kind := CACHED; st[s].key := k; end;
    rule "getHit" st[s].kind = CACHED & st[s].key = k ==> begin vacate(s); end;
    rule "invalidate" st[s].kind = CACHED & st[s].key = k ==> begin vacate(s); end;
  end;
end;
ruleset k: Key do
  rule "getMiss" !cachedAnywhere(k) ==> begin end;
end;

rule "reserve" pc = 1 ==> begin
  if st[ts].kind = UNUSED | st[ts].kind = TAGS then grab(ts); pc := 3;
  elsif st[ts].kind = CACHED | !st[ts].pin then pc := 2;
  else failed(); end;
end;
rule "drop" pc = 2 ==> begin
  if st[ts].kind = DATA & st[ts].pin then failed();
  else
    ${drop}
    pc := 1;
  end;
end;
ruleset t: Tag do
  rule "setTagsFirst" pc = 3 & page[ts][ti].kind = UNTAGGED ==>
    begin page[ts][ti].kind := TAGGED; page[ts][ti].tag := t; page[ts][ti].want := t; done(); end;
end;
rule "restoreTags" pc = 3 & page[ts][ti].kind = SWAPPED_TAGGED ==>
  begin page[ts][ti].kind := TAGGED; done(); end;

invariant "tagged page has tag storage" forall s: Store do forall i: Slot do
  page[s][i].kind = TAGGED -> st[s].kind = TAGS end end;
invariant "tag is the tag last set" forall s: Store do forall i: Slot do
  (page[s][i].kind = TAGGED | page[s][i].kind = SWAPPED_TAGGED) ->
  page[s][i].tag = page[s][i].want end end;
invariant "tags iff ref" forall s: Store do (st[s].kind = TAGS) = (st[s].ref > 0) end;
function refExpected(s: Store): 0..${G + 1}; var n: 0..${G + 1}; begin
  n := 0;
  for i: Slot do if page[s][i].kind = TAGGED then n := n + 1; end; end;
  if pc = 3 then if ts = s then n := n + 1; end; end;
  return n;
end;
invariant "ref counts tagged pages" forall s: Store do st[s].ref = refExpected(s) end;
invariant "a key is cached once" forall a: Store do forall b: Store do
  (a != b & st[a].kind = CACHED & st[b].kind = CACHED) -> st[a].key != st[b].key end end;
`;
};
