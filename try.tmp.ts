import { readFileSync } from "node:fs";
import { readMachine, designs } from "./model/index.ts";
import { slicesOf } from "./properties/slices.ts";
import { exploreSlice } from "./properties/explore.ts";
import { columnOf } from "./properties/table.ts";
const f = "model/machines/phone-16g.dts";
const m = readMachine(readFileSync(f,"utf8"), f, {pageSizeBytes:4096});
if (!m.ok) throw new Error();
const only = process.argv[2]?.split(","); const onlyD = process.argv[3]?.split(",");
let total=0; const t0=performance.now();
for (const d of designs) { if (onlyD && !onlyD.includes(d.name)) continue; const reps=[];
 for (const s of slicesOf(m.machine, d)) { if (only && only[0] && !only.includes(s.name)) continue;
  const t=performance.now();
  const r = exploreSlice(d, s.name, s.scope, {bounds:{maxStates:+(process.env['MAX']??60000)}}); const ms=performance.now()-t; total+=r.states;
  reps.push(r);
  console.log(d.name.padEnd(16), s.name.padEnd(8), String(r.states).padStart(7), String(r.transitions).padStart(7), "depth",r.depth, r.cut?"CUT":"", Math.round(ms)+"ms", Math.round(r.transitions/ms)+"ktr/s", r.findings.filter(x=>x.result.kind==="broken"||x.result.kind==="never").map(x=>x.property+":"+x.result.kind+(x.result.kind==="broken"?"["+x.result.witness.moves.length+"] "+x.result.reason:"")).join("; "));
 }
 const c = columnOf(d,reps); console.log("  unreached:", c.unreached.join(", "));
 for (const [k,v] of c.cells) if (v.kind!=="holds"||v.states<10000) console.log("   ",k, v.kind, "states" in v ? v.states:"", "slice" in v? v.slice:"", "reason" in v ? v.reason : "");
}
console.log(total, Math.round(performance.now()-t0));
