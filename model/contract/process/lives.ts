/** fork, clone, execve, exit: what a new process or thread inherits. */
import { type Allowed, type Asked, allow } from "./asked.ts";
import { freshProcess, freshThread } from "./begin.ts";
import { fresh, setProcess, setThread } from "./changes.ts";
import type { LifeOperation, ThreadName } from "./operations.ts";
import type { Area, Process, ProcessState } from "./state.ts";
import { without } from "./table.ts";

type Of<Kind extends LifeOperation["kind"]> = Asked<Extract<LifeOperation, { kind: Kind }>>;

/** Locks and userfaultfds stay with the parent. */
const inherited = (area: Area): Area => ({ ...area, locked: false, userfault: null });

/** The child's memory: shared page by page, until one of the two writes. */
const childOf = (process: Process, generation: number): Process => ({
  ...process,
  generation,
  areas: process.areas.filter(({ skipOnFork }) => !skipOnFork).map(inherited),
  pages: process.areas
    .filter(({ skipOnFork, wipeOnFork }) => skipOnFork || wipeOnFork)
    .reduce((pages, { start, end }) => without(pages, start, end), process.pages),
});

/** The state with a child of the acting thread, `as` by name. */
export const forked = (
  { state, name, process, thread }: Asked<unknown>,
  as: ThreadName,
): ProcessState => {
  const [first, own] = fresh(state);
  const [second, childs] = fresh(first);
  const parent = setProcess(second, name, { ...process, generation: own });
  const child = setProcess(parent, as, childOf(process, childs));
  return setThread(child, as, { ...thread, process: as });
};

const fork = (asked: Of<"fork">): readonly Allowed[] =>
  allow(forked(asked, asked.operation.as), { kind: "done" }, "fork-inherits-tags-and-modes");

const thread = (asked: Of<"thread">): readonly Allowed[] =>
  allow(
    setThread(asked.state, asked.operation.as, asked.thread),
    { kind: "done" },
    "modes-belong-to-threads",
  );

const exec = ({ state, process, operation }: Of<"exec">): readonly Allowed[] => {
  const { as } = operation;
  const [after, generation] = fresh(state);
  const made = { ...freshProcess(generation), cursor: process.cursor };
  return allow(
    setThread(setProcess(after, as, made), as, freshThread(as)),
    { kind: "done" },
    "exec-starts-afresh",
  );
};

const exit = ({ state, by }: Of<"exit">): readonly Allowed[] => {
  const threads = new Map([...state.threads].filter(([name]) => name !== by));
  return allow({ ...state, threads }, { kind: "done" }, "fork-inherits-tags-and-modes");
};

export const lives = { fork, thread, exec, exit };
