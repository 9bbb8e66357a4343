import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { envoyMissing } from '../helpers/envoy.ts';
import { isAlive, runCommand } from '../helpers/run-shim.ts';
import { until } from '../helpers/until.ts';

const root = join(import.meta.dirname, '..', '..');

function demo(...args: string[]) {
  return spawnSync(process.execPath, ['examples/demo/demo.ts', ...args], { cwd: root, encoding: 'utf8' });
}

/** In order for each of those who speak; who of two is shown first at one moment is not to be said. */
const sidecar = [/PRE_INITIALIZING/, /INITIALIZING/, /LIVE/, /carries traffic/];
const unwrapped = [/starts/, /GET http:\/\/127\.0\.0\.1:\d+: ECONNREFUSED/, /ends with exit code 1/];
const shim = [
  /waiting for sidecar: the sidecar is PRE_INITIALIZING \(\d+ probes?\)/,
  /waiting for sidecar: the sidecar is INITIALIZING/,
  /sidecar ready after \d.* \(\d+ probes\)/,
];
const wrapped = [/starts/, /GET http:\/\/127\.0\.0\.1:\d+: 200 hello from the upstream/, /ends with exit code 0/];

function expectTimeline({ stdout, stderr, status }: ReturnType<typeof demo>): void {
  const [first = '', second = ''] = stdout.split('With mesh-shim');
  const said = (act: string, lane: string) =>
    act.split('\n').filter((line) => line.slice(11).trim().startsWith(`${lane} `));
  for (const [act, lane, patterns] of [
    [first, 'sidecar', sidecar],
    [first, 'app', unwrapped],
    [second, 'sidecar', sidecar],
    [second, 'shim', shim],
    [second, 'app', wrapped],
  ] as const) {
    expect(said(act, lane), stderr).toEqual(patterns.map((pattern) => expect.stringMatching(pattern)));
  }
  expect(second).toMatch(/The app started -?\d+ ms after its sidecar was ready/);
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

  it('refuses an argument that it does not know', () => {
    expect(demo('--real')).toMatchObject({ status: 64, stdout: '', stderr: expect.stringContaining('"--real"') });
  });

  it.skipIf(envoyMissing())('leaves no Envoy behind when a signal ends it', async () => {
    const running = runCommand([process.execPath, join(root, 'examples', 'demo', 'demo.ts')]);
    await running.saw(/Envoy is PRE_INITIALIZING/);
    const envoy = childrenOf(running.pid).find((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'envoy\n');
    expect(envoy).toBeDefined();
    running.child.kill('SIGTERM');
    expect(await running.ended).toEqual({ code: 143, signal: null });
    await until('the end of Envoy', () => !isAlive(envoy as number));
  });
});

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
}
