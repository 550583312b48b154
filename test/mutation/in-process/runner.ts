/**
 * Runs the fast tests for Stryker in one process that has loaded them once: a mutant takes the
 * milliseconds of its tests and not the seconds of loading everything for them.
 *
 * What one mutant leaves behind (a filled cache, a spoilt one) must not judge the next. So a mutant
 * that a test fails is taken for killed only if that test passes right after without it, and one
 * that lives is taken for a survivor only in a process in which no other ran before it. Otherwise
 * the run is refused, and Stryker tries it again in a new process.
 */
import * as fs from "node:fs";
import { register } from "node:module";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import type { InstrumenterContext } from "@stryker-mutator/api/core";
import { commonTokens, declareClassPlugin, PluginKind, tokens } from "@stryker-mutator/api/plugin";
import {
  type CompleteDryRunResult,
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  MutantRunStatus,
  type TestResult,
  type TestRunner,
  type TestRunnerCapabilities,
  TestStatus,
} from "@stryker-mutator/api/test-runner";
import fc from "fast-check";
import { beginFile, run, type Written, written } from "./vitest.ts";

/** What has to notice a mutant: the fast tests of what is mutated. */
const folders = ["test/unit/contract", "test/unit/impl", "test/golden/rules.test.ts"];

/** They take seconds for each mutant. */
const slow: ReadonlySet<string> = new Set([
  "test/unit/contract/walks.test.ts",
  "test/unit/contract/cache-transparency.test.ts",
  "test/unit/impl/structures.test.ts",
  "test/unit/impl/real-size.test.ts",
]);

/** The slowest of those that run, and seldom the only ones that notice. */
const last = "test/unit/impl/stories.test.ts";

const testFiles = (): readonly string[] => {
  const found = folders.flatMap((folder) =>
    fs.statSync(folder).isFile()
      ? [folder]
      : fs
          .readdirSync(folder, { recursive: true, encoding: "utf8" })
          .filter((name) => name.endsWith(".test.ts"))
          .map((name) => path.join(folder, name)),
  );
  const wanted = found.filter((file) => !slow.has(file)).sort();
  return [...wanted.filter((file) => file !== last), ...wanted.filter((file) => file === last)];
};

const stryker: InstrumenterContext = {};
Object.assign(globalThis, { __stryker__: stryker });

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : `${error}`);

/** Null: it passed. */
const failureOf = async (test: Written): Promise<string | null> => {
  try {
    await run(test);
    return null;
  } catch (error) {
    return messageOf(error);
  }
};

/** The tests to run, those of the mutated room first: they are likely to notice. */
const nearest = (mutated: string, filter: readonly string[] | undefined): readonly Written[] => {
  const wanted = new Set(filter);
  const tests = filter ? written.filter(({ id }) => wanted.has(id)) : written;
  const room = path.relative(process.cwd(), mutated).startsWith("impl") ? "/impl/" : "/contract/";
  const isNear = ({ file }: Written): boolean => file.includes(room);
  return [...tests.filter(isNear), ...tests.filter((test) => !isNear(test))];
};

class InProcessRunner implements TestRunner {
  static readonly inject = tokens(commonTokens.options);
  #isLoaded = false;
  #isFresh = true;

  capabilities(): TestRunnerCapabilities {
    return { reloadEnvironment: false };
  }

  async init(): Promise<void> {
    register(new URL("./hooks.js", import.meta.url));
    // The same random inputs for every mutant; a failing input need not be made smaller.
    fc.configureGlobal({ seed: 20260101, endOnFailure: true });
  }

  async dryRun(): Promise<DryRunResult> {
    await this.#load();
    const tests: TestResult[] = [];
    for (const test of written) {
      stryker.currentTestId = test.id;
      const begun = performance.now();
      const failureMessage = await failureOf(test);
      const timeSpentMs = performance.now() - begun;
      const { id, file: fileName } = test;
      const said = { id, name: id, fileName, timeSpentMs };
      tests.push(
        failureMessage === null
          ? { ...said, status: TestStatus.Success }
          : { ...said, status: TestStatus.Failed, failureMessage },
      );
    }
    delete stryker.currentTestId;
    const { mutantCoverage } = stryker;
    const result: CompleteDryRunResult = { status: DryRunStatus.Complete, tests };
    return mutantCoverage ? { ...result, mutantCoverage } : result;
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, mutantActivation, testFilter, hitLimit } = options;
    const isFresh = this.#isFresh;
    if (mutantActivation === "static") {
      stryker.activeMutant = activeMutant.id;
      try {
        await this.#load();
      } catch (error) {
        const failureMessage = `does not load: ${messageOf(error)}`;
        return { status: MutantRunStatus.Killed, killedBy: [], failureMessage, nrOfTests: 0 };
      }
    } else await this.#load();
    this.#isFresh = false;
    const tests = nearest(activeMutant.fileName, testFilter);

    let nrOfTests = 0;
    for (const test of tests) {
      stryker.activeMutant = activeMutant.id;
      stryker.hitCount = 0;
      if (hitLimit !== undefined) stryker.hitLimit = hitLimit;
      const failureMessage = await failureOf(test);
      const { hitCount } = stryker;
      if (mutantActivation === "runtime") delete stryker.activeMutant;
      delete stryker.hitCount;
      nrOfTests++;
      const endless = determineHitLimitReached(hitCount, hitLimit);
      if (endless) return { status: MutantRunStatus.Timeout, reason: endless.reason ?? "" };
      if (failureMessage === null) continue;
      if (!isFresh && (await failureOf(test)) !== null)
        throw new Error(`${test.id} fails without a mutant now: a mutant before has spoilt it`);
      return { status: MutantRunStatus.Killed, killedBy: [test.id], failureMessage, nrOfTests };
    }
    if (!isFresh) throw new Error("a survivor has to live in a process of its own");
    return { status: MutantRunStatus.Survived, nrOfTests };
  }

  async #load(): Promise<void> {
    if (this.#isLoaded) return;
    for (const file of testFiles()) {
      beginFile(path.resolve(file));
      await import(pathToFileURL(path.resolve(file)).href);
    }
    this.#isLoaded = true;
  }
}

export const strykerPlugins = [
  declareClassPlugin(PluginKind.TestRunner, "in-process", InProcessRunner),
];
