// @ts-check
/** `npm run mutate -- ROOM` says what is mutated: see scripts/mutate.ts. */
/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.mutate.config.ts', related: false },
  // The tests are run as TypeScript: no configuration of the compiler is to be rewritten.
  tsconfigFile: 'none',
  coverageAnalysis: 'perTest',
  // Most strings are prose for people. Tests that pin each word would hold up every change of the wording and find no fault.
  mutator: { excludedMutations: ['StringLiteral'] },
  // What runs once, when a module is loaded, would be judged by all tests for each mutant: the tables, which tests hold against docs.
  ignoreStatic: true,
  concurrency: 2,
  tempDirName: '.cache/stryker',
  reporters: ['progress', 'json'],
  jsonReporter: { fileName: '.cache/mutation/report.json' },
  ignorePatterns: ['dist', '.cache', 'coverage'],
};
