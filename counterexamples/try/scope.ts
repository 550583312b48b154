/** The scope in which a story is told of one design: as small as its lines allow. */
import { type ActorSpec, type Design, makeGeometry, type Scope } from "../../model/index.ts";
import { scopeProblem } from "../check.ts";
import { scopeSchema } from "../format.ts";
import { pathText } from "../json.ts";
import type { OperandName } from "./sentences.ts";
import type { Story, StoryLine } from "./story.ts";

/** The largest number at a place of any line; -1 where the place never occurs. */
const largestAt = (lines: readonly StoryLine[], place: OperandName): number =>
  Math.max(
    -1,
    ...lines.flatMap(({ operands }) => {
      const operand = operands.get(place);
      return operand?.kind === "number" ? [operand.number] : [];
    }),
  );

/** Pages of owner 1 can be pinned: it is the process that pins. */
const pinnedOwner = 1;

/** Whose pages: processes in their order, the one that pins is owner 1; then everybody else. */
const ownersOf = ({ actors }: Story, pinner: number | null): readonly number[] => {
  let next = 0;
  const fresh = (): number => {
    if (pinner !== null && next === pinnedOwner) next += 1;
    return next++;
  };
  const owners: number[] = [];
  for (const [index, { of }] of actors.entries()) {
    const shared = of === null ? undefined : owners[of];
    owners.push(index === pinner ? pinnedOwner : (shared ?? fresh()));
  }
  return owners;
};

export const scopeOf = (story: Story, design: Design): Scope => {
  const { settings, actors, groups } = story;
  const lines = groups.flat();
  const pins = lines.filter(({ sentence }) => sentence.kind === "environment");
  const owners = ownersOf(story, pins[0]?.actor ?? null);
  const files = largestAt(lines, "file") + 1;
  const folioOrder = files > 0 ? design.folioOrder : 0;
  const folio = 2 ** folioOrder;
  const pagesPerFile = Math.ceil(Math.max(1, largestAt(lines, "index") + 1) / folio) * folio;
  const swapsOut = lines.filter(
    ({ sentence }) => sentence.kind === "operation" && sentence.offer === "swap-out",
  ).length;
  const blocks = Math.ceil(settings.storagePages / settings.storagePagesPerBlock);
  return {
    geometry: makeGeometry(
      {
        granulesPerPage: settings.granulesPerPage,
        pagesPerStoragePage: settings.pagesPerStoragePage,
        blockPages: settings.storagePagesPerBlock,
      },
      [blocks],
    ),
    otherCmaPages: settings.cmaPages,
    tagValues: Math.max(1, largestAt(lines, "tag") + 1),
    byteValues: Math.max(1, largestAt(lines, "bytes") + 1),
    slots: Math.max(settings.slots, largestAt(lines, "slot") + 1, Math.min(swapsOut, 4)),
    files,
    pagesPerFile: files > 0 ? pagesPerFile : 0,
    getForm: settings.gets,
    folioOrder,
    actors: actors.map((actor, index): ActorSpec => {
      const own = lines.filter((line) => line.actor === index);
      return {
        name: actor.name,
        kind: actor.is === "interrupt" ? "interrupt" : "task",
        cpu: actor.cpu,
        owner: owners[index] ?? 0,
        everyones: actor.is === "kernel thread" || actor.is === "process that shares every page",
        may: [
          ...new Set(
            own.flatMap(({ sentence }) => (sentence.kind === "operation" ? [sentence.offer] : [])),
          ),
        ],
      };
    }),
    pins: pins.length > 0 ? 1 : 0,
    dirtyLines: settings.dirtyLines,
    mayFail: settings.failures,
  };
};

/** What makes a scope too large or impossible for a replay, in one clause; null where it fits. */
export const unfit = (scope: Scope): string | null => {
  const parsed = scopeSchema.safeParse(scope);
  const [issue] = parsed.success ? [] : parsed.error.issues;
  if (issue) return `${pathText(["scope", ...issue.path])}: ${issue.message}`;
  const wrong = scopeProblem({ scope });
  return wrong && `${pathText(wrong.path)}: expected ${wrong.expected}, found ${wrong.found}`;
};
