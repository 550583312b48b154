/** Instructions on pointers that touch no memory: IRG, GMI, ADDG, SUBG, SUBP, SUBPS. */
import { match, P } from "ts-pattern";
import { type Before, type Executed, executed } from "./executed.ts";
import type { Pointer, PointerOperation } from "./operations.ts";
import { tagOf, toRegister, withTag } from "./pointer.ts";
import { allowedTags, chooseTag, drawTag, everyTag, setOf } from "./random-tag.ts";

type Of<Kind extends PointerOperation["kind"]> = Extract<PointerOperation, { kind: Kind }>;

const maskOf = (register: bigint): number => Number(register & BigInt(everyTag));

const irg = (before: Before, { source, exclude: register }: Of<"irg">): readonly Executed[] => {
  const { cpu, memory } = before;
  const tagged = (tag: number) => ({ kind: "pointer", pointer: withTag(source, tag) }) as const;
  if (!cpu.tagAccess) return executed(before, tagged(0), "no-tag-access-makes-tag-0");
  const exclude = maskOf(register) | cpu.exclude;
  if (cpu.randomise)
    return allowedTags(exclude).map((tag) => ({
      ...before,
      result: tagged(tag),
      rules: ["irg-draws-an-allowed-tag"],
    }));
  const after = drawTag(cpu, exclude);
  return executed({ cpu: after, memory }, tagged(after.lastTag), "irg-walks-the-shift-register");
};

const irgn = (before: Before, { exclude: register, times }: Of<"irgn">): readonly Executed[] => {
  const { cpu, memory } = before;
  const seen = (within: number) => ({ kind: "tags-seen", within }) as const;
  if (!cpu.tagAccess) return executed(before, seen(1), "no-tag-access-makes-tag-0");
  const exclude = maskOf(register) | cpu.exclude;
  if (cpu.randomise)
    return executed(before, seen(setOf(allowedTags(exclude))), "irg-draws-an-allowed-tag");
  const walk = Array.from({ length: times }).reduce<{ cpu: typeof cpu; within: number }>(
    (so) => {
      const after = drawTag(so.cpu, exclude);
      return { cpu: after, within: so.within | setOf([after.lastTag]) };
    },
    { cpu, within: 0 },
  );
  return executed({ cpu: walk.cpu, memory }, seen(walk.within), "irg-walks-the-shift-register");
};

const largestOffset = 1008;
const offsetUnit = 16;

const addg = (before: Before, asked: Of<"addg" | "subg">): readonly Executed[] => {
  const { cpu } = before;
  const { kind, source, offset, tagOffset } = asked;
  const encodable =
    offset >= 0 && offset <= largestOffset && offset % offsetUnit === 0 && tagOffset >= 0;
  if (!encodable || tagOffset > 15)
    return executed(before, { kind: "unencodable" }, "addg-has-small-operands");
  const moved = toRegister(kind === "addg" ? source + BigInt(offset) : source - BigInt(offset));
  const tag = cpu.tagAccess ? chooseTag(tagOf(source), tagOffset, cpu.exclude) : 0;
  return executed(
    before,
    { kind: "pointer", pointer: withTag(moved, tag) },
    cpu.tagAccess ? "addg-steps-over-allowed-tags" : "no-tag-access-makes-tag-0",
  );
};

/** Bits 55:0 as a signed number: the top byte does not count. */
const signed = (pointer: Pointer): bigint => BigInt.asIntN(56, pointer);

const subp = (before: Before, { kind, left, right }: Of<"subp" | "subps">): readonly Executed[] => {
  const [a, b] = [signed(left), signed(right)];
  const value = toRegister(a - b);
  if (kind === "subp")
    return executed(before, { kind: "value", value }, "subp-ignores-the-top-byte");
  const negative = value >> 63n === 1n;
  const carry = toRegister(a) >= toRegister(b);
  // Two numbers of 56 bits never overflow 64.
  const nzcv = (negative ? 8 : 0) | (value === 0n ? 4 : 0) | (carry ? 2 : 0);
  return executed(before, { kind: "difference", value, nzcv }, "subp-ignores-the-top-byte");
};

export const executePointer = (before: Before, asked: PointerOperation): readonly Executed[] =>
  match(asked)
    .with({ kind: "irg" }, (operation) => irg(before, operation))
    .with({ kind: "irgn" }, (operation) => irgn(before, operation))
    .with({ kind: "gmi" }, ({ source, mask }) =>
      executed(
        before,
        { kind: "value", value: toRegister(mask | (1n << BigInt(tagOf(source)))) },
        "gmi-adds-the-tag",
      ),
    )
    .with({ kind: P.union("addg", "subg") }, (operation) => addg(before, operation))
    .with({ kind: P.union("subp", "subps") }, (operation) => subp(before, operation))
    .exhaustive();
