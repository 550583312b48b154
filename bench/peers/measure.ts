/** Runs every contender on an instance, round by round, and sees to it that their counts agree. */
import * as path from "node:path";
import { type Spread, spreadOf } from "../throughput/statistics.ts";
import { type Contender, type Found, folderFor } from "./contenders.ts";
import type { PeerInstance } from "./instances.ts";
import { type Command, measured, type Taken } from "./run.ts";

export type Result = {
  readonly name: string;
  readonly group: Contender["group"];
  readonly how: string;
  readonly states: number;
  readonly transitions: number;
  readonly runs: number;
  /** Seconds of the search by the program's own clock; of the process if it has none. */
  readonly search: Spread;
  /** Seconds of the whole process: of wall time, and of processor time. */
  readonly wall: Spread;
  readonly processor: Spread;
  /** Resident memory at the most. */
  readonly bytes: number;
};

export type InstanceResults = {
  readonly instance: PeerInstance;
  readonly results: readonly Result[];
};

/** What takes longer is run once. */
const LONG_SECONDS = 60;

type Runner = {
  readonly contender: Contender;
  readonly command: Command;
  readonly taken: (Taken & Found)[];
};

/** Throws if counts do not agree: times of different work cannot be compared. */
export const measureInstance = (
  instance: PeerInstance,
  contenders: readonly Contender[],
  runs: number,
  folder: string,
  say: (text: string) => void,
): InstanceResults => {
  const runners = contenders
    .filter(({ upTo }) => instance.name <= upTo)
    .map((contender): Runner => {
      const place = folderFor(path.join(folder, instance.name), contender.name);
      return { contender, command: contender.prepare(instance, place), taken: [] };
    });
  for (let round = 1; round <= runs; round++) {
    for (const runner of runners) {
      if ((runner.taken[0]?.wall ?? 0) > LONG_SECONDS) continue;
      say(`${instance.name}, round ${round}: ${runner.contender.name}`);
      runOnce(runner, instance, path.join(folder, "measure"));
    }
  }
  return { instance, results: runners.map(resultOf) };
};

const runOnce = ({ contender, command, taken }: Runner, of: PeerInstance, measure: string) => {
  const took = measured(measure, command);
  const found = contender.read(took.output);
  const fault = contender.judge(found, of);
  if (fault !== null) throw new Error(`${contender.name} on ${of.name}: ${fault}`);
  taken.push({ ...took, ...found });
};

const resultOf = ({ contender: { name, group, how }, taken }: Runner): Result => {
  const [first] = taken;
  if (first === undefined) throw new Error(`${name} was not run`);
  return {
    ...{ name, group, how, states: first.states, transitions: first.transitions },
    runs: taken.length,
    search: spreadOf(taken.map(({ seconds, wall }) => seconds ?? wall)),
    wall: spreadOf(taken.map(({ wall }) => wall)),
    processor: spreadOf(taken.map(({ processor }) => processor)),
    bytes: Math.max(...taken.map(({ bytes }) => bytes)),
  };
};
