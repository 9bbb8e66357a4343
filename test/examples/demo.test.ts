import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { envoyMissing } from '../helpers/envoy.ts';

const root = join(import.meta.dirname, '..', '..');

function demo(...args: string[]) {
  return spawnSync(process.execPath, ['examples/demo/demo.ts', ...args], { cwd: root, encoding: 'utf8' });
}

const timeline = [
  /Without mesh-shim/,
  /app {6}GET http:\/\/127\.0\.0\.1:\d+: ECONNREFUSED/,
  /app {6}ends with exit code 1/,
  /With mesh-shim/,
  /shim {5}waiting for sidecar: the sidecar is PRE_INITIALIZING \(\d+ probes?\)/,
  /sidecar {2}Envoy is INITIALIZING/,
  /shim {5}waiting for sidecar: the sidecar is INITIALIZING/,
  /sidecar {2}Envoy is LIVE/,
  /shim {5}sidecar ready after \d.* \(\d+ probes\)/,
  /app {6}GET http:\/\/127\.0\.0\.1:\d+: 200 hello from the upstream/,
  /app {6}ends with exit code 0/,
  /The app started \d+ ms after its sidecar was ready/,
];

function expectTimeline({ stdout, stderr, status }: ReturnType<typeof demo>): void {
  let rest = stdout;
  for (const pattern of timeline) {
    const match = pattern.exec(rest);
    expect(match, `${pattern} in ${rest}\n${stderr}`).not.toBeNull();
    rest = rest.slice((match?.index ?? 0) + 1);
  }
  expect(status).toBe(0);
}

describe('the demo', () => {
  it.skipIf(envoyMissing())('shows a real Envoy', () => {
    const result = demo();
    expect(result.stdout).toContain('a real Envoy');
    expectTimeline(result);
  });

  it('shows the stand-in where there is no Envoy, and says so', () => {
    const result = demo('--stand-in');
    expect(result.stdout).toContain('a built-in stand-in');
    expectTimeline(result);
  });
});
