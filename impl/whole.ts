/**
 * Whole operations: the actions of a script written out as one function, made when a manager is. In
 * a loop over a table every action would be an unknown one; here each has its own place, where the
 * engine learns what is called and can put it in line. It means what `Manager.act` means, action by
 * action, with nobody looking in between.
 */
import { end, own } from "./codes.ts";
import type { Compiled, CompiledScript } from "./compiled.ts";
import type { Locks } from "./locks.ts";
import type { RegisterFile, Registers } from "./registers.ts";
import { reply } from "./reply.ts";
import type { Report } from "./report.ts";

/** Runs what an idle actor's registers ask for, or refuses it; gives what the manager replies. */
export type WholeOperation = (actor: RegisterFile) => number;

/** What a whole operation needs besides its actions; the written code knows these names. */
export type Host = {
  readonly locks: Locks;
  readonly report: Report;
  /** By label: is an actor that stands there claiming tag storage? */
  readonly claims: readonly boolean[];
  readonly isAtomic: (actor: Registers) => boolean;
  /** One more action of a claim: how many they are now. */
  readonly countClaim: (actor: Registers, before: number) => number;
  /** Somebody else has to go on first. */
  readonly waitAt: (actor: Registers, label: number, claiming: number) => number;
  /** There is no such action. */
  readonly loseAt: (actor: Registers, label: number, claiming: number) => number;
};

const written = ({ needs, when, takes, sleeps, drops }: Compiled, label: number): string => {
  const waits = [
    needs === null ? [] : `locks.isHeld(actions[${label}].needs, actor)`,
    when === null ? [] : `!when${label}(actor)`,
  ].flat();
  return [
    `case ${label}:`,
    waits.length === 0 ? [] : `if (${waits.join(" || ")}) return waitAt(actor, label, claiming);`,
    takes === null ? [] : `locks.take(actions[${label}].takes, actor);`,
    sleeps ? "if (isAtomic(actor)) report.slept = true;" : [],
    `label = do${label}(actor, ${own});`,
    drops === null ? [] : `locks.drop(actions[${label}].drops, actor);`,
    "break;",
  ]
    .flat()
    .join("\n");
};

/** The script as one function. */
export const wholeOperation = (host: Host, script: CompiledScript): WholeOperation => {
  const { entry, actions, guard } = script;
  const found = actions.flatMap((action, label) => (action === null ? [] : [{ action, label }]));
  const whole: WholeOperation = new Function(
    "{ locks, report, claims, isAtomic, countClaim, waitAt, loseAt }",
    "actions",
    "guard",
    `${found
      .map(({ label }) => `const { do: do${label}, when: when${label} } = actions[${label}];`)
      .join("\n")}
    return (actor) => {
      if (!guard(actor)) {
        actor.reset();
        return ${reply.refused};
      }
      actor.operation = 1;
      let label = ${entry};
      let claiming = 0;
      for (;;) {
        switch (label) {
          ${found.map(({ action, label }) => written(action, label)).join("\n")}
          default: return loseAt(actor, label, claiming);
        }
        if (label === ${end}) {
          report.ended = true;
          report.commitsAtEnd = report.ownCommits;
          actor.reset();
          return ${reply.ran};
        }
        claiming = claims[label] === true ? countClaim(actor, claiming) : 0;
      }
    };`,
  )(host, actions, guard);
  return whole;
};
