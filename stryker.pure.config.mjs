// @ts-check
/** For code whose tests do no I/O: see scripts/mutation/pure-runner.ts, and rooms.ts for the tests. */
import process from 'node:process';
import base from './stryker.config.mjs';

const { vitest: _, ...common } = base;

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  ...common,
  testRunner: 'pure',
  plugins: [new URL('scripts/mutation/pure-runner.ts', import.meta.url).pathname],
  // A mutant that loops is found by how often it is hit; that a machine has other things to do finds nothing.
  timeoutMS: 120_000,
  pureTests: {
    include: process.env.PURE_TESTS ?? '',
    // They measure time, compare sources as they are written, or judge all files on loading, where no mutant is on.
    exclude: ['**/*.long.test.ts', '**/growth.test.ts', '**/hostile.test.ts', '**/corpus.test.ts'],
  },
};
