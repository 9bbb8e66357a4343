import { defineConfig } from 'vitest/config';

// The tests that a mutation run repeats for each mutant: those without processes.
export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.ts'],
    // They read the sources themselves, which are not as they were written then, and measure time.
    exclude: ['test/unit/architecture.test.ts', 'test/unit/check/model/growth.test.ts'],
    testTimeout: 60_000,
    setupFiles: ['test/helpers/fuzz-seed.ts'],
    // The same generated cases for each mutant: a score can be repeated.
    env: { TEST_SEED: '1' },
  },
});
