/** Textbook systems whose answers are known. */
import { describe, expect, test } from "vitest";
import { explore, type Property } from "../../../checker/index.ts";
import { type Peterson, peterson, type Spin, spinLock } from "./toys.ts";

describe("textbook systems", () => {
  const exclusion: Property<Peterson, string, string> = {
    id: "exclusion",
    kind: "always",
    judge: ({ left, right }) => (left === "inside" && right === "inside" ? "both inside" : null),
  };
  const entry: Property<Peterson, string, string> = {
    id: "entry",
    kind: "leadsTo",
    from: ({ left }) => left === "wants",
    to: ({ left }) => left === "inside",
  };

  test("Peterson excludes; it lets everybody in only if both processes go on", () => {
    const fair = explore(peterson(true), [exclusion, entry]);
    expect(Object.fromEntries(fair.verdicts)).toEqual({
      exclusion: { kind: "holds" },
      entry: { kind: "holds" },
    });
    const unfair = explore(peterson(false), [exclusion, entry]);
    expect(unfair.states).toBe(fair.states);
    expect(unfair.verdicts.get("exclusion")).toEqual({ kind: "holds" });
    expect(unfair.verdicts.get("entry")?.kind).toBe("broken");
  });

  test("an interrupt that spins on the lock of what it interrupted never returns", () => {
    const returns: Property<Spin, string, string> = {
      id: "returns",
      kind: "leadsTo",
      from: ({ handling }) => handling,
      to: ({ handling }) => !handling,
    };
    expect(explore(spinLock(false), [returns]).verdicts.get("returns")).toMatchObject({
      kind: "broken",
      witness: { moves: ["process locks", "interrupt", "handler spins"], loopFrom: 2 },
    });
    expect(explore(spinLock(true), [returns]).verdicts.get("returns")).toEqual({ kind: "holds" });
  });

  test("a storm of interrupts starves a process under weak fairness", () => {
    const unlocks: Property<Spin, string, string> = {
      id: "unlocks",
      kind: "leadsTo",
      from: ({ holder, handling }) => holder === "none" && !handling,
      to: ({ holder }) => holder === "process",
    };
    expect(explore(spinLock(true), [unlocks]).verdicts.get("unlocks")).toMatchObject({
      kind: "broken",
      witness: { moves: ["interrupt", "handler locks", "handler returns"], loopFrom: 0 },
    });
  });
});
