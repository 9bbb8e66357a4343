import { defineConfig } from 'vitest/config';

// The tests that a mutation run repeats for each mutant: those without processes.
export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.ts'],
    exclude: ['test/unit/architecture.test.ts'],
    testTimeout: 60_000,
    setupFiles: ['test/helpers/fuzz-seed.ts'],
  },
});
