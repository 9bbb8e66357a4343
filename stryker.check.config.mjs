// @ts-check
/** For src/check, whose tests do no I/O: see scripts/mutation/pure-runner.ts. */
import base from './stryker.config.mjs';

const { vitest: _, ...common } = base;

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  ...common,
  testRunner: 'pure',
  plugins: [new URL('scripts/mutation/pure-runner.ts', import.meta.url).pathname],
  pureTests: {
    include: ['test/unit/check/**/*.test.ts'],
    // They measure time, compare sources as they are written, or look at all files at once.
    exclude: ['**/*.long.test.ts', '**/growth.test.ts', '**/hostile.test.ts', '**/corpus.test.ts'],
  },
};
