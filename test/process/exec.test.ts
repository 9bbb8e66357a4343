import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { builds, oldNodeBuild } from '../helpers/builds.ts';
import { statOf } from '../helpers/on-terminal.ts';
import { runShim, signalApp } from '../helpers/run-shim.ts';
import { startStandInSidecar } from '../helpers/stand-in-sidecar.ts';

const app = ['sh', '-c', 'echo "pid $$, parent $PPID"'];
const staying = /staying as the parent of the app/g;

describe.each(builds)('becoming the app: $name', (build) => {
  test.each([
    ['without a quit', []],
    ['with --quit never', ['--quit', 'never']],
    ['without a sidecar', ['--mesh', 'none']],
  ])('%s: the app has the pid of the shim', async (_, flags) => {
    const { url } = await startStandInSidecar();
    const run = runShim(build, ['--admin-url', url, ...flags, '--', ...app]);
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(run.stdout()).toBe(`pid ${run.pid}, parent ${process.pid}\n`);
    expect(run.stderr()).not.toMatch(staying);
  });

  test('switched off: the app has the pid of the shim', async () => {
    const run = runShim(build, ['--quit', 'always', '--', ...app], { env: { MESH_SHIM_DISABLED: 'tests' } });
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(run.stdout()).toContain(`pid ${run.pid},`);
  });

  test.each([['--supervise'], ['--group'], ['--subreaper'], ['--quit=always'], ['--quit=on-success']])(
    'with %s the shim stays as the parent',
    async (flag) => {
      const { url } = await startStandInSidecar();
      const run = runShim(build, ['--admin-url', url, flag, '--', ...app]);
      expect(await run.ended).toEqual({ code: 0, signal: null });
      expect(run.stdout()).toMatch(new RegExp(`^pid \\d+, parent ${run.pid}\n$`));
      expect(run.stderr()).not.toMatch(staying);
    },
  );

  test('what ended the app is seen by the parent as it was', async () => {
    const { url } = await startStandInSidecar();
    const run = runShim(build, ['--admin-url', url, '--', 'sh', '-c', 'kill -KILL $$']);
    expect(await run.ended).toEqual({ code: null, signal: 'SIGKILL' });
  });

  test.each([['replaced'], ['supervised']])('%s: a command that cannot be started', async (way) => {
    const { url } = await startStandInSidecar();
    const folder = mkdtempSync(join(tmpdir(), 'mesh-shim-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const write = (name: string, text: string, mode: number): string => {
      writeFileSync(join(folder, name), text, { mode });
      return join(folder, name);
    };
    const cases: [string, number][] = [
      ['no-such-command', 127],
      [join(folder, 'missing'), 127],
      [write('plain', 'text', 0o644), 126],
      [folder, 126],
      [write('garbage', '\x7fELF but nothing more', 0o755), 126],
      [write('no-interpreter', '#!/no/such/interpreter\n', 0o755), 126],
    ];
    for (const [command, code] of cases) {
      const flags = way === 'supervised' ? ['--supervise'] : [];
      const run = runShim(build, ['--admin-url', url, ...flags, '--', command]);
      expect(await run.ended, command).toEqual({ code, signal: null });
      expect(run.stderr()).toContain(`cannot start ${JSON.stringify(command)}`.replaceAll('"', '\\"'));
      expect(run.stdout()).toBe('');
    }
  });
});

describe('a Node that cannot be replaced', () => {
  test('stays as the parent, and says so once', async () => {
    const { url } = await startStandInSidecar();
    const run = runShim(oldNodeBuild, ['--admin-url', url, '--', ...app]);
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(run.stdout()).toContain(`parent ${run.pid}\n`);
    expect(run.stderr().match(staying)).toHaveLength(1);
  });

  test('says nothing where it would stay anyhow', async () => {
    const { url } = await startStandInSidecar();
    const run = runShim(oldNodeBuild, ['--admin-url', url, '--supervise', '--', ...app]);
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(run.stderr()).not.toMatch(staying);
  });

  test('hands on signals and the exit code', async () => {
    const { url } = await startStandInSidecar();
    const run = runShim(oldNodeBuild, ['--admin-url', url, '--', ...signalApp('patient')]);
    const [, pid] = await run.saw(/ready \(pid: (\d+)\)/);
    expect(statOf(Number(pid)).parent).toBe(run.pid);
    run.child.kill('SIGTERM');
    await run.saw(/got SIGTERM/);
    run.child.kill('SIGUSR2');
    expect(await run.ended).toEqual({ code: 7, signal: null });
  });
});
