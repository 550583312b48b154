------------------------------ MODULE TagStore ------------------------------
\* The tagstore model. Storage page s serves pages <<s, i>>, i in Slots.
EXTENDS Naturals, FiniteSets, TLC
CONSTANTS Stores, Slots, Tags, Keys, Users, Kernel, None, BlindDrop
VARIABLES page, st, pc, tgt
vars == <<page, st, pc, tgt>>

FreePage == [kind |-> "free", owner |-> None, tag |-> None, want |-> None]
FreeStore == [kind |-> "free", key |-> None, ref |-> 0, pin |-> FALSE]
Idle == pc = 0

Init == /\ page = [s \in Stores |-> [i \in Slots |-> FreePage]]
        /\ st = [s \in Stores |-> FreeStore]
        /\ pc = 0
        /\ tgt = None

Release(x) == IF x.ref = 1 THEN FreeStore ELSE [x EXCEPT !.ref = @ - 1]
Grab(x) == IF x.kind = "tags" THEN [x EXCEPT !.ref = @ + 1]
           ELSE [kind |-> "tags", key |-> None, ref |-> 1, pin |-> FALSE]
Cached(k) == \E s \in Stores : st[s].key = k
IsUser(p) == p.kind # "free" /\ p.owner # Kernel
SetPage(s, i, p) == page' = [page EXCEPT ![s][i] = p]
SetStore(s, x) == st' = [st EXCEPT ![s] = x]
Begin(s, i) == pc' = 1 /\ tgt' = <<s, i>>
Done == pc' = 0 /\ tgt' = None

AllocUntagged(s, i, o) ==
  /\ Idle /\ page[s][i].kind = "free"
  /\ SetPage(s, i, [FreePage EXCEPT !.kind = "untagged", !.owner = o]) /\ UNCHANGED <<st, pc, tgt>>
AllocTaggedBegin(s, i, o) ==
  /\ Idle /\ page[s][i].kind = "free"
  /\ SetPage(s, i, [FreePage EXCEPT !.kind = "untagged", !.owner = o]) /\ Begin(s, i)
      /\ UNCHANGED st
Free(s, i) ==
  /\ Idle /\ IsUser(page[s][i])
  /\ SetPage(s, i, FreePage)
  /\ st' = IF page[s][i].kind = "tagged" THEN [st EXCEPT ![s] = Release(@)] ELSE st
  /\ UNCHANGED <<pc, tgt>>
SetTag(s, i, t) ==
  /\ Idle /\ IsUser(page[s][i]) /\ page[s][i].kind = "tagged" /\ page[s][i].tag # t
  /\ SetPage(s, i, [page[s][i] EXCEPT !.tag = t, !.want = t]) /\ UNCHANGED <<st, pc, tgt>>
SwapOutTagged(s, i) ==
  /\ Idle /\ IsUser(page[s][i]) /\ page[s][i].kind = "tagged"
  /\ SetPage(s, i, [page[s][i] EXCEPT !.kind = "swapT"]) /\ SetStore(s, Release(st[s]))
      /\ UNCHANGED <<pc, tgt>>
SwapOutPlain(s, i) ==
  /\ Idle /\ page[s][i].kind = "untagged"
  /\ SetPage(s, i, [page[s][i] EXCEPT !.kind = "swapN"]) /\ UNCHANGED <<st, pc, tgt>>
SwapInPlain(s, i) ==
  /\ Idle /\ page[s][i].kind = "swapN"
  /\ SetPage(s, i, [page[s][i] EXCEPT !.kind = "untagged"]) /\ UNCHANGED <<st, pc, tgt>>
SwapInBegin(s, i) == /\ Idle /\ page[s][i].kind = "swapT" /\ Begin(s, i) /\ UNCHANGED <<page, st>>

AllocAtomic(s, i, t) ==
  /\ page[s][i].kind = "free" /\ st[s].kind # "data"
  /\ SetPage(s, i, [kind |-> "tagged", owner |-> Kernel, tag |-> t, want |-> t])
  /\ SetStore(s, Grab(st[s])) /\ UNCHANGED <<pc, tgt>>
FreeAtomic(s, i) ==
  /\ page[s][i].kind = "tagged" /\ page[s][i].owner = Kernel
  /\ SetPage(s, i, FreePage) /\ SetStore(s, Release(st[s])) /\ UNCHANGED <<pc, tgt>>

DataAlloc(s) == Idle /\ st[s].kind = "free" /\ SetStore(s, [st[s] EXCEPT !.kind = "data"])
    /\ UNCHANGED <<page, pc, tgt>>
DataFree(s) == Idle /\ st[s].kind = "data" /\ ~st[s].pin /\ SetStore(s, FreeStore)
    /\ UNCHANGED <<page, pc, tgt>>
Pin(s) == st[s].kind = "data" /\ ~st[s].pin /\ SetStore(s, [st[s] EXCEPT !.pin = TRUE])
    /\ UNCHANGED <<page, pc, tgt>>
Unpin(s) == st[s].kind = "data" /\ st[s].pin /\ SetStore(s, [st[s] EXCEPT !.pin = FALSE])
    /\ UNCHANGED <<page, pc, tgt>>

Put(s, k) == st[s].kind = "free" /\ ~Cached(k) /\ SetStore(s, [st[s] EXCEPT !.kind = "cached", !.key = k])
    /\ UNCHANGED <<page, pc, tgt>>
GetHit(s, k) == st[s].kind = "cached" /\ st[s].key = k /\ SetStore(s, FreeStore)
    /\ UNCHANGED <<page, pc, tgt>>
Invalidate(s, k) == st[s].kind = "cached" /\ st[s].key = k /\ SetStore(s, FreeStore)
    /\ UNCHANGED <<page, pc, tgt>>
GetMiss(k) == ~Cached(k) /\ UNCHANGED vars

Failed == /\ page' = IF page[tgt[1]][tgt[2]].kind = "untagged" THEN [page EXCEPT ![tgt[1]][tgt[2]] = FreePage]
                       ELSE page
          /\ Done /\ UNCHANGED st
Reserve ==
  /\ pc = 1
  /\ LET s == tgt[1] x == st[tgt[1]] IN
     CASE x.kind \in {"free", "tags"} -> SetStore(s, Grab(x)) /\ pc' = 3 /\ UNCHANGED <<page, tgt>>
       [] x.kind = "cached" \/ (x.kind = "data" /\ ~x.pin) -> pc' = 2 /\ UNCHANGED <<page, st, tgt>>
       [] OTHER -> Failed
Drop ==
  /\ pc = 2
  /\ LET s == tgt[1] x == st[tgt[1]] IN
     IF x.kind = "data" /\ x.pin THEN Failed
     ELSE /\ st' = IF BlindDrop \/ x.kind \in {"cached", "data"} THEN [st EXCEPT ![s] = FreeStore]
                   ELSE st
          /\ pc' = 1 /\ UNCHANGED <<page, tgt>>
SetTagsFirst(t) ==
  /\ pc = 3 /\ page[tgt[1]][tgt[2]].kind = "untagged"
  /\ page' = [page EXCEPT ![tgt[1]][tgt[2]] = [@ EXCEPT !.kind = "tagged", !.tag = t, !.want = t]] /\ Done
      /\ UNCHANGED st
RestoreTags ==
  /\ pc = 3 /\ page[tgt[1]][tgt[2]].kind = "swapT"
  /\ page' = [page EXCEPT ![tgt[1]][tgt[2]].kind = "tagged"] /\ Done /\ UNCHANGED st

Next ==
  \/ \E s \in Stores, i \in Slots :
       \/ \E o \in Users : AllocUntagged(s, i, o) \/ AllocTaggedBegin(s, i, o)
       \/ Free(s, i) \/ SwapOutTagged(s, i) \/ SwapOutPlain(s, i)
       \/ SwapInPlain(s, i) \/ SwapInBegin(s, i) \/ FreeAtomic(s, i)
       \/ \E t \in Tags : SetTag(s, i, t) \/ AllocAtomic(s, i, t)
  \/ \E s \in Stores : DataAlloc(s) \/ DataFree(s) \/ Pin(s) \/ Unpin(s)
       \/ \E k \in Keys : Put(s, k) \/ GetHit(s, k) \/ Invalidate(s, k)
  \/ \E k \in Keys : GetMiss(k)
  \/ Reserve \/ Drop \/ RestoreTags
  \/ \E t \in Tags : SetTagsFirst(t)
Spec == Init /\ [][Next]_vars

Inv ==
  /\ \A s \in Stores :
       /\ \A i \in Slots : /\ page[s][i].kind = "tagged" => st[s].kind = "tags"
                           /\ page[s][i].kind \in {"tagged", "swapT"}
                              => page[s][i].tag = page[s][i].want
       /\ (st[s].kind = "tags") <=> (st[s].ref > 0)
       /\ st[s].ref = Cardinality({i \in Slots : page[s][i].kind = "tagged"})
            + (IF pc = 3 /\ tgt[1] = s THEN 1 ELSE 0)
       /\ (st[s].kind = "cached") <=> (st[s].key # None)
  /\ \A a, b \in Stores : a # b /\ st[a].key # None => st[a].key # st[b].key

Sym == Permutations(Stores) \cup Permutations(Slots) \cup Permutations(Tags)
       \cup Permutations(Keys) \cup Permutations(Users)
=============================================================================
