import type { TestProject } from 'vitest/node';
import { runScript } from './run-script.ts';

/**
 * Before tests that run what has been built: dist/ is built anew where a source has changed, so that nobody tests yesterday's.
 * Executables that were never built are not built here: that takes minutes, and the tests say aloud that they are missing.
 */
export default function setup(project: TestProject): void {
  const build = (): void => {
    runScript('scripts/build.ts', '--if-stale');
    runScript('scripts/build-native.ts', '--if-stale');
  };
  build();
  project.onTestsRerun(async () => build());
}
