/**
 * A test runner of StrykerJS for tests without I/O: all of them are loaded once into one process, and a mutant is switched on
 * there. What Vitest sets up anew for each mutant takes it seconds, the tests themselves milliseconds.
 */
import { globSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { InstrumenterContext, StrykerOptions } from '@stryker-mutator/api/core';
import { commonTokens, declareClassPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import {
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import type { PureTest } from './pure-tests.ts';

/** The option `pureTests`: patterns of test files. */
interface PureTestFiles {
  readonly include: string;
  readonly exclude: readonly string[];
}

/** What the instrumented sources read and write. */
const context: { [K in keyof InstrumenterContext]: InstrumenterContext[K] | undefined } = {};
Object.assign(globalThis, { __stryker__: context });

class PureRunner implements TestRunner {
  static readonly inject = tokens(commonTokens.options);
  readonly #files: PureTestFiles;
  #tests: readonly PureTest[] = [];
  readonly #durations = new Map<string, number>();
  /** The tests that have found mutants of a file: they find the next ones as well. */
  readonly #finders = new Map<string, Set<string>>();

  constructor(options: StrykerOptions) {
    this.#files = options.pureTests as PureTestFiles;
  }

  /** As if it reloaded: code that runs on loading is not mutated (`ignoreStatic`), so no mutant leaves anything loaded. */
  capabilities() {
    return { reloadEnvironment: true };
  }

  async init(): Promise<void> {
    const standIn = new URL('pure-tests.ts', import.meta.url).href;
    registerHooks({
      resolve: (specifier, parent, next) =>
        specifier === 'vitest' && parent.parentURL !== standIn
          ? { url: standIn, shortCircuit: true }
          : next(specifier, parent),
    });
    const { collectTests } = await import('./pure-tests.ts');
    await import(pathToFileURL(resolve('test/helpers/fuzz-seed.ts')).href);
    const tests: PureTest[] = [];
    // Here the working folder is the copy with the mutants.
    for (const file of globSync(this.#files.include, { exclude: this.#files.exclude }).toSorted()) {
      tests.push(...(await collectTests(pathToFileURL(resolve(file)), file)));
    }
    this.#tests = tests;
  }

  async dryRun(): Promise<DryRunResult> {
    const tests: TestResult[] = [];
    for (const test of this.#tests) {
      context.currentTestId = test.id;
      const result = await runTest(test);
      this.#durations.set(test.id, result.timeSpentMs);
      tests.push(result);
    }
    context.currentTestId = undefined;
    const { mutantCoverage } = context;
    return { status: DryRunStatus.Complete, tests, ...(mutantCoverage && { mutantCoverage }) };
  }

  async mutantRun({ activeMutant, hitLimit, testFilter, sandboxFileName }: MutantRunOptions): Promise<MutantRunResult> {
    const wanted = testFilter && new Set(testFilter);
    const finders = this.#finders.get(sandboxFileName) ?? new Set();
    this.#finders.set(sandboxFileName, finders);
    const tests = this.#testsFor(basename(sandboxFileName, '.ts'), finders).filter(
      ({ id }) => wanted?.has(id) !== false,
    );
    Object.assign(context, {
      activeMutant: activeMutant.id,
      hitCount: hitLimit === undefined ? undefined : 0,
      hitLimit,
    });
    const results: TestResult[] = [];
    for (const test of tests) {
      const result = await runTest(test);
      results.push(result);
      if (result.status !== TestStatus.Failed) continue;
      finders.add(test.id);
      break;
    }
    const timeout = determineHitLimitReached(context.hitCount, hitLimit);
    context.activeMutant = undefined;
    return toMutantRunResult(timeout ?? { status: DryRunStatus.Complete, tests: results });
  }

  /**
   * A rule is judged by its own fixtures, not by those of all others: it is for its folder to say what the rule does. Those
   * come first, and the tests that have found a mutant of the file, then the fast ones.
   */
  #testsFor(subject: string, finders: ReadonlySet<string>): PureTest[] {
    const isOfIt = ({ name }: PureTest) => fixtureRule(name) === subject;
    const hasFixtures = this.#tests.some(isOfIt);
    const isNear = (test: PureTest) => isOfIt(test) || finders.has(test.id);
    const cost = (test: PureTest) => (isNear(test) ? -1 : (this.#durations.get(test.id) ?? 0));
    return this.#tests
      .filter((test) => !hasFixtures || isOfIt(test) || fixtureRule(test.name) === undefined)
      .toSorted((a, b) => cost(a) - cost(b));
  }
}

/** The folder of the fixture that a test is named after. */
function fixtureRule(testName: string): string | undefined {
  return /> ([\w-]+)\/(?:bad|good)\b/.exec(testName)?.[1];
}

async function runTest({ id, name, run }: PureTest): Promise<TestResult> {
  const start = performance.now();
  try {
    await run();
    return { id, name, status: TestStatus.Success, timeSpentMs: performance.now() - start };
  } catch (error) {
    const failureMessage = error instanceof Error ? error.message : String(error);
    return { id, name, status: TestStatus.Failed, failureMessage, timeSpentMs: performance.now() - start };
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'pure', PureRunner)];

export const strykerValidationSchema = { properties: { pureTests: { type: 'object' } } };
