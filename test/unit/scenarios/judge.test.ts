/** Every key of an expectation: an outcome that keeps it, and one that does not. */
import { describe, expect, test } from "vitest";
import { readChecks } from "../../../oracle/scenarios/expectation.ts";
import { judge, type Kept } from "../../../oracle/scenarios/judge.ts";
import {
  nothingSeen,
  type Observation,
  observables,
  seen,
} from "../../../oracle/scenarios/observation.ts";
import { noBindings, withAddress } from "../../../oracle/scenarios/operands.ts";
import type { Written } from "./rows.ts";

const bindings = withAddress(noBindings, "a", 0x0900_0000_0000_1000n);

/** What is worst of all keys, in the order broken, missing, kept. */
const judged = (expected: Written, observation: Observation): Kept => {
  const checks = readChecks(expected);
  if ("kind" in checks) throw new Error(`${checks.key} is no key`);
  const all = checks.map((check) => judge(check, observation, bindings));
  return all.find((kept) => kept === "broken") ?? all.find((kept) => kept === "missing") ?? "kept";
};

const failed: Observation = { ...nothingSeen, errno: "EFAULT" };
const fault = (low: bigint, high = low, code = "SEGV_MTESERR", top = 0): Observation => ({
  ...nothingSeen,
  fault: { code, address: { low, high }, top },
});
const report: Observation = { ...seen({ ret: 0n }), report: true };
const pointer = (value: bigint): Observation => ({ ...seen({ tag: 3n, top: 0n }), pointer: value });
const short = (least: bigint, most: bigint): Observation => seen({ ret: { least, most } });

const keptAndBroken: readonly (readonly [Written, Observation, Observation])[] = [
  [{ ok: true }, seen({ ret: 0n }), failed],
  [{ ok: true }, seen({}), fault(0x1000n)],
  [{ ok: true }, seen({}), report],
  [{ ok: true }, seen({}), { ...nothingSeen, blocked: true }],
  [{ ok: false }, failed, seen({})],
  [{ errno: "EFAULT" }, failed, seen({ ret: 0n })],
  [{ errno: "EFAULT" }, failed, { ...nothingSeen, errno: "EINVAL" }],
  [{ errnoOneOf: ["EPERM", "EFAULT"] }, failed, { ...nothingSeen, errno: "EINVAL" }],
  [{ fault: "SEGV_MTESERR" }, fault(1n), fault(1n, 1n, "SEGV_MAPERR")],
  [{ fault: "SEGV_MTESERR" }, fault(1n), seen({ val: 0n })],
  [{ fault: null }, seen({}), fault(1n)],
  [{ faultOneOf: ["SIGILL", "SEGV_MTESERR"] }, fault(1n), fault(1n, 1n, "BUS_ADRERR")],
  [{ async: 1 }, report, seen({ ret: 0n })],
  [{ async: 0 }, seen({}), report],
  [{ addr: "a" }, fault(0x1000n), fault(0x1001n)],
  [{ addr: "a" }, fault(0x1000n), fault(0x1000n, 0x100fn)],
  [{ addrIn: ["a", "a+15"] }, fault(0x1000n, 0x100fn), fault(0x1000n, 0x1010n)],
  [{ addrIn: ["a+16", "a+31"] }, fault(0x1010n), fault(0x100fn)],
  [{ addrTop: 9 }, fault(1n, 1n, "SEGV_MTESERR", 9), fault(1n)],
  [{ addrEq: "a+16" }, pointer(0x0300_0000_0000_1010n), pointer(0x0300_0000_0000_1000n)],
  [{ addrEq: "a" }, pointer(0x1000n), failed],
  [{ ret: 0 }, seen({ ret: 0n }), failed],
  [{ ret: 8 }, short(8n, 8n), short(7n, 8n)],
  [{ retLe: 8 }, short(0n, 8n), short(0n, 9n)],
  [{ retGe: 1 }, short(1n, 8n), short(0n, 8n)],
  [{ retOneOf: [7, 8] }, short(7n, 8n), short(6n, 8n)],
  [{ retLe: 8, orErrno: "EFAULT" }, failed, { ...nothingSeen, errno: "EINVAL" }],
  [{ retLe: 8, orErrno: "EFAULT" }, short(0n, 8n), seen({ ret: 9n })],
  [{ retNot: [0] }, short(1n, 2n), short(0n, 2n)],
  [{ tagIn: [0, 6] }, seen({ tag: 6n }), seen({ tag: 5n })],
  [{ tagNot: [0] }, seen({ tag: 5n }), seen({ tag: 0n })],
  [{ tag: 4 }, seen({ tag: 4n }), seen({ tags: "4445" })],
  [{ tagsOneOf: ["00", "66"] }, seen({ tags: "66" }), seen({ tags: "06" })],
  [{ seenSubset: "0x30" }, seen({ seen: 0x10n }), seen({ seen: 0x50n })],
  [{ hitOneOf: [false, true] }, seen({ hit: 0n }), failed],
  [{ hit: false }, seen({ hit: 0n }), seen({ hit: 1n })],
  [{ dataIfHit: "AAA" }, seen({ hit: 1n, data: "AAA" }), seen({ hit: 1n, data: "BBB" })],
  [{ dataIfHit: "AAA" }, seen({ hit: 0n }), seen({ hit: 1n, data: "" })],
  [{ nzcv: "a" }, seen({ nzcv: 10n }), seen({ nzcv: 2n })],
  [{ reserved: true, refs: 2 }, seen({ reserved: 1n, refs: 2n }), seen({ reserved: 1n, refs: 3n })],
  [{ errno: "EFAULT", copied: -14 }, { ...failed, values: { copied: -14n } }, failed],
];

describe("an expectation", () => {
  test.each(keptAndBroken)("%j", (expected, good, bad) => {
    expect(judged(expected, good)).toBe("kept");
    expect(judged(expected, bad)).not.toBe("kept");
  });

  test("says nothing of what it does not name", () => {
    expect(judged({ val: 1 }, { ...seen({ val: 1n, ret: 7n }), report: true })).toBe("kept");
  });

  test.each(Object.entries(observables))("%s can be expected, and missed", (name, sort) => {
    const [mine, other] = sort === "text" ? ["ab", "cd"] : [1n, 0n];
    const written = sort === "hex" ? "1" : sort === "text" ? "ab" : 1;
    expect(judged({ [name]: written }, seen({ [name]: mine }))).toBe("kept");
    expect(judged({ [name]: written }, seen({ [name]: other }))).toBe("broken");
    expect(judged({ [name]: written }, failed)).toBe("broken");
    expect(judged({ [name]: written }, nothingSeen)).toBe("missing");
  });
});
