import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { envoyMissing } from '../helpers/envoy.ts';
import { runCommand } from '../helpers/run-shim.ts';

const demo = [process.execPath, join(import.meta.dirname, '..', '..', 'examples', 'demo', 'demo.ts')];

/** What each lane shows, without times, numbers of probes and ports. Between lanes the order is not fixed: they run at the same time. */
async function runDemo(...args: string[]) {
  const run = runCommand([...demo, ...args]);
  const ending = await run.ended;
  const lines = run
    .stdout()
    .split('\n')
    .map((line) =>
      line
        .trim()
        .replace(/^-?\d+\.\d{3} s +/, '')
        .replace(/\d+ probes/, 'N probes')
        .replace(/(127\.0\.0\.1|localhost):\d+/, '$1:PORT'),
    );
  const lane = (name: string) => lines.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(9));
  return { ending, stderr: run.stderr(), first: lines[0], last: lines.findLast((line) => line !== ''), lane };
}

const sidecars = [
  { name: 'a real Envoy', args: [], firstLine: /^The sidecar: a real Envoy/, missing: envoyMissing() },
  { name: 'the stand-in', args: ['--stand-in'], firstLine: /^The sidecar: the built-in stand-in/, missing: false },
];

describe.each(sidecars)('the demo with $name', ({ args, firstLine, missing }) => {
  test.skipIf(missing)('shows the app failing alone and working behind the shim, and ends by itself', async () => {
    const { ending, stderr, first, last, lane } = await runDemo(...args);
    expect(stderr).toBe('');
    expect(first).toMatch(firstLine);
    expect(lane('sidecar')).toEqual(['PRE_INITIALIZING', 'INITIALIZING', 'LIVE']);
    expect(lane('shim')).toContain('waiting for sidecar: the sidecar is INITIALIZING (N probes)');
    expect(lane('shim').at(-1)).toMatch(/^sidecar ready after .*: LIVE, http:.*says 200 \(N probes\)$/);
    expect(lane('app')).toEqual([
      'started',
      'GET http://127.0.0.1:PORT: ECONNREFUSED',
      'ended with exit code 1',
      'started',
      'GET http://127.0.0.1:PORT: 200 hello from the upstream',
      'ended with exit code 0',
    ]);
    expect(last).toMatch(/^The app started \d+ ms after the sidecar was ready, and its first request arrived\.$/);
    expect(ending).toEqual({ code: 0, signal: null });
  });
});

test('the demo refuses an argument that it does not know', async () => {
  const { ending, stderr } = await runDemo('--real');
  expect(stderr).toContain('"--real"');
  expect(ending).toEqual({ code: 64, signal: null });
});
