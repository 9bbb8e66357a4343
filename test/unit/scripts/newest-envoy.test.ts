import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { envoyBinary, envoyVersions, otherEnvoyVariable, testedEnvoys } from '../../../scripts/envoy-binary.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

it('another Envoy stands in the place of the default one, by its own version', () => {
  const [usual, ...older] = envoyVersions;
  vi.stubEnv(otherEnvoyVariable, undefined);
  expect(testedEnvoys()).toEqual(envoyVersions);
  vi.stubEnv(otherEnvoyVariable, `1.39.3=${process.execPath}`);
  expect(testedEnvoys()).toEqual(['1.39.3', ...older]);
  expect([envoyBinary(), envoyBinary('1.39.3')]).toEqual([process.execPath, process.execPath]);
  expect(envoyBinary(older[0])).not.toBe(process.execPath);
  vi.stubEnv(otherEnvoyVariable, `${usual}=${process.execPath}`);
  expect(testedEnvoys()).toEqual(envoyVersions);
  expect(envoyBinary()).toBe(process.execPath);
});

it('says what is missing where there is no Python', () => {
  const folder = mkdtempSync(join(tmpdir(), 'newest-envoy-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve('scripts/test-newest-envoy.ts')], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PATH: dirname(process.execPath) },
  });
  expect(stderr).toBe('there is no Python 3 with venv or pip; on Debian: apt-get install python3-venv\n');
  expect([status, stdout]).toEqual([1, '']);
});
