/**
 * Ours, as a program of its own so that it is measured as the peers are. Arguments: S G T K O, and
 * `symmetry` or `plain`. Prints one line of JSON.
 */
import { explorePacked } from "../../checker/packed/search.ts";
import { packedTagstore } from "./tagstore/packed.ts";

const [S = 0, G = 0, T = 0, K = 0, O = 0] = process.argv.slice(2, 7).map(Number);
const instance = { S, G, T, K, O, bug: "none" } as const;
const begin = performance.now();
const system = packedTagstore(instance, process.argv[7] === "symmetry");
const { verdict, ...found } = explorePacked(system);
const seconds = (performance.now() - begin) / 1e3;
process.stdout.write(`${JSON.stringify({ ...found, verdict: verdict.kind, seconds })}\n`);
