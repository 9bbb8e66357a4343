import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { builds } from '../helpers/builds.ts';
import { runShim } from '../helpers/run-shim.ts';

function termination(content?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-shim-termination-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'log');
  if (content !== undefined) writeFileSync(path, content);
  return path;
}

const failing = ['--mesh', 'none', '--', './does-not-exist'];

describe.each(builds)('why the app has not started, for kubectl describe: $name', (build) => {
  test.each([
    ['64', 64, ['--tiemout'], /^mesh-shim: unknown option --tiemout; did you mean --timeout\? \(--help lists all\)$/],
    ['69', 69, ['--mode=required', '--timeout=50ms', '--', 'true'], /^mesh-shim: sidecar not ready in time: .+$/],
    ['126', 126, ['--mesh=none', '--', '/'], /^mesh-shim: cannot start "\/": is a directory; .+$/],
    ['127', 127, failing, /^mesh-shim: cannot start ".\/does-not-exist": no such file; .+$/],
    ['127 beside the app', 127, ['--supervise', ...failing], /^mesh-shim: cannot start .+$/],
  ])('exit code %s', async (_, code, args, message) => {
    const path = termination('what stood there before, and is longer than what comes now'.repeat(50));
    const run = runShim(build, args, { env: { MESH_SHIM_TERMINATION_LOG: path } });
    expect(await run.ended).toEqual({ code, signal: null });
    expect(readFileSync(path, 'utf8')).toMatch(message);
  });

  test('a file that is not there is not made, one that may not be written changes nothing', async () => {
    const missing = termination();
    const locked = termination('as it was');
    chmodSync(locked, 0o444);
    for (const path of [missing, locked]) {
      const run = runShim(build, failing, { env: { MESH_SHIM_TERMINATION_LOG: path } });
      expect(await run.ended).toEqual({ code: 127, signal: null });
    }
    expect(existsSync(missing)).toBe(false);
    if (process.getuid?.() !== 0) expect(readFileSync(locked, 'utf8')).toBe('as it was');
  });

  test('a pipe that nobody reads does not hold up the end', async () => {
    const path = termination();
    expect(spawnSync('mkfifo', [path]).status).toBe(0);
    const run = runShim(build, failing, { env: { MESH_SHIM_TERMINATION_LOG: path } });
    expect(await run.ended).toEqual({ code: 127, signal: null });
  });
});
