/** How a tag is chosen: the shift register of RGSR_EL1, and the walk past excluded tags. */
import type { Cpu } from "./cpu.ts";
import type { Tag, TagSet } from "./operations.ts";

const tags = 16;
export const everyTag: TagSet = 0xffff;

const bit = (value: number, position: number): number => (value >> position) & 1;

/** RandomTagBit: the register moves down by one, and what falls in at the top is the bit. */
const shifted = (seed: number): number =>
  (seed >> 1) | ((bit(seed, 5) ^ bit(seed, 3) ^ bit(seed, 2) ^ bit(seed, 0)) << 15);

const topBit = (seed: number): number => bit(seed, 15);

/** RandomTag: four bits, the first of them the lowest. */
export const randomTag = (seed: number): { readonly tag: Tag; readonly seed: number } => {
  const first = shifted(seed);
  const second = shifted(first);
  const third = shifted(second);
  const fourth = shifted(third);
  const tag = topBit(first) | (topBit(second) << 1) | (topBit(third) << 2) | (topBit(fourth) << 3);
  return { tag, seed: fourth };
};

const isExcluded = (exclude: TagSet, tag: Tag): boolean => bit(exclude, tag) === 1;

const nextAllowed = (from: Tag, exclude: TagSet): Tag =>
  isExcluded(exclude, from) ? nextAllowed((from + 1) % tags, exclude) : from;

/** ChooseNonExcludedTag: `offset` allowed tags further on; 0 when every tag is excluded. */
export const chooseTag = (start: Tag, offset: number, exclude: TagSet): Tag => {
  if ((exclude & everyTag) === everyTag) return 0;
  return offset === 0
    ? nextAllowed(start, exclude)
    : Array.from({ length: offset }).reduce<Tag>(
        (tag) => nextAllowed((tag + 1) % tags, exclude),
        start,
      );
};

/** The tags that IRG may produce with RRND set: any that is allowed, or 0 when none is. */
export const allowedTags = (exclude: TagSet): readonly Tag[] => {
  const allowed = Array.from({ length: tags }, (_, tag) => tag).filter(
    (tag) => !isExcluded(exclude, tag),
  );
  return allowed.length === 0 ? [0] : allowed;
};

export const setOf = (members: readonly Tag[]): TagSet =>
  members.reduce((set, tag) => set | (1 << tag), 0);

/** IRG with RRND clear: the tag follows from RGSR_EL1, which moves on. */
export const drawTag = (cpu: Cpu, exclude: TagSet): Cpu => {
  const { tag: offset, seed } = randomTag(cpu.seed);
  return { ...cpu, seed, lastTag: chooseTag(cpu.lastTag, offset, exclude) };
};
