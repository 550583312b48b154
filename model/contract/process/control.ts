/** prctl, the preferred mode of CPUs, signal handlers and PSTATE.TCO. */
import { match } from "ts-pattern";
import { type Allowed, type Asked, allow, failed, returned } from "./asked.ts";
import { setProcess, setThread } from "./changes.ts";
import { runInstruction } from "./instructions.ts";
import { forked } from "./lives.ts";
import type { ControlOperation } from "./operations.ts";
import { parseControl, wordOf } from "./tag-control.ts";

type Of<Kind extends ControlOperation["kind"]> = Asked<Extract<ControlOperation, { kind: Kind }>>;

const prctl = ({ state, by, thread, operation }: Of<"prctl">): readonly Allowed[] => {
  const control = parseControl(state.configuration, operation.control);
  if (!control || operation.rest.some((argument) => argument !== 0n))
    return failed(state, "EINVAL", "prctl-refuses-unknown-bits");
  return returned(setThread(state, by, { ...thread, control }), 0, "modes-belong-to-threads");
};

const getprctl = ({ state, thread, operation }: Of<"getprctl">): readonly Allowed[] =>
  operation.rest.some((argument) => argument !== 0n)
    ? failed(state, "EINVAL", "prctl-refuses-unknown-bits")
    : returned(state, wordOf(thread.control), "modes-belong-to-threads");

const tcfpref = ({ state, operation }: Of<"tcfpref">): readonly Allowed[] =>
  operation.mode === "asymm" && !state.configuration.features.asymmetric
    ? failed(state, "EINVAL", "preferred-mode-if-asked-for")
    : returned({ ...state, preferred: operation.mode }, 0, "preferred-mode-if-asked-for");

const exposetag = ({ state, name, process, operation }: Of<"exposetag">): readonly Allowed[] =>
  returned(
    setProcess(state, name, { ...process, exposesTagBits: operation.value === 1 }),
    0,
    "tag-bits-are-shown-on-demand",
  );

const sigtco = ({ state, operation }: Of<"sigtco">): readonly Allowed[] =>
  allow(
    state,
    { kind: "override", inside: 0, after: operation.value },
    "handlers-run-with-override-clear",
  );

const systco = ({ state, operation }: Of<"systco">): readonly Allowed[] =>
  allow(
    state,
    { kind: "override", inside: null, after: operation.value },
    "handlers-run-with-override-clear",
  );

const segv = 11;

/** In a child of its own, so that nothing is left of it but how it ended. */
const blockedfault = (asked: Of<"blockedfault">): readonly Allowed[] => {
  const { state, operation } = asked;
  const child = `${asked.by}/child`;
  const after = forked(asked, child);
  const thread = after.threads.get(child);
  const process = after.processes.get(child);
  if (!thread || !process) return failed(state, "EAGAIN", "forced-signals-kill");
  const store = {
    kind: "access",
    by: child,
    insn: "str",
    address: operation.address,
    size: 1,
    value: 1n,
    compare: 0n,
  } as const;
  const inChild = { state: after, operation: store, by: child, thread, name: child, process };
  return runInstruction(inChild).flatMap(({ outcome }) =>
    match(outcome)
      .returnType<readonly Allowed[]>()
      .with({ kind: "fault" }, () =>
        allow(state, { kind: "killed", signal: segv }, "forced-signals-kill"),
      )
      .with({ kind: "blocked" }, () => allow(state, { kind: "blocked" }, "forced-signals-kill"))
      .otherwise(() => allow(state, { kind: "exited", status: 0 }, "forced-signals-kill")),
  );
};

export const control = { prctl, getprctl, tcfpref, exposetag, sigtco, systco, blockedfault };
