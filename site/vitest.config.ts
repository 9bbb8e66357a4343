import { defineConfig } from 'vitest/config';

// Real browsers and two builds of the site: one file after the other.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 60_000,
    expect: { poll: { timeout: 15_000, interval: 50 } },
  },
});
