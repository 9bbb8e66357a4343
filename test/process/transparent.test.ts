import { spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { builds } from '../helpers/builds.ts';
import { appPath, type RunOptions, runCommand, runShim } from '../helpers/run-shim.ts';
import { startStandInSidecar } from '../helpers/stand-in-sidecar.ts';

const strangeArguments = ['', ' ', 'two words', 'line\nbreak\n', '--', '--quit', 'äöü 漢字 \u{1f680}', '"\'$HOME\\'];

describe.each(builds)('what the app sees: $name', (build) => {
  /** The limits of open files differ on Node, which raises them; node-limits.test.ts tells of it. */
  const comparable = (text: string): string =>
    build.abilities.keepsDescriptorLimit ? text : text.replace(/^.*(nofiles|open files).*\n/gm, '');

  describe.each([
    ['replaced', []],
    ['supervised', ['--supervise']],
  ])('%s', (_, flags) => {
    const both = async (options: RunOptions = {}, args: string[] = []) => {
      const { url } = await startStandInSidecar();
      const app = [appPath('dump.sh'), ...args];
      const [bare, wrapped] = [
        runCommand(app, options),
        runShim(build, ['--admin-url', url, ...flags, '--', ...app], options),
      ];
      const endings = await Promise.all([bare.ended, wrapped.ended]);
      return { bare, wrapped, endings };
    };

    // Node's one way to a process group of the app's own makes a session, too; nothing can be seen of it without a terminal.
    const hasOwnSession = build.name === 'node' && flags.length > 0;
    const seen = (output: string): string =>
      hasOwnSession ? comparable(output).replace(/^session and group: .*\n/m, '') : comparable(output);

    test('is what the bare command sees: arguments, stdin, exit code', async () => {
      const { bare, wrapped, endings } = await both({ stdin: 'some\ninput' }, strangeArguments);
      expect(endings[1], wrapped.stderr()).toEqual(endings[0]);
      expect(seen(wrapped.stdout())).toBe(seen(bare.stdout()));
      expect(wrapped.stdout()).toContain('argument <line\nbreak\n>');
      expect(endings[1]).toEqual(endings[0]);
      expect(endings[1].code).toBe(3);
      expect(wrapped.stderr()).toMatch(/this is stderr\n$/);
    });

    test('is what the bare command sees: cwd, umask, niceness, limits, environment', async () => {
      const { bare, wrapped, endings } = await both({
        cwd: tmpdir(),
        stdin: '',
        env: { WITH_NEWLINE: 'a\nb', EMPTY: '', NODE_DEBUG: 'net', http_proxy: 'http://127.0.0.1:1', ÜMLAUT: '漢' },
        prefix: ['nice', '-n', '5', 'sh', '-c', 'umask 027; ulimit -c 0; ulimit -S -s 4096; exec "$@"', 'sh'],
      });
      expect(endings[1], wrapped.stderr()).toEqual(endings[0]);
      expect(seen(wrapped.stdout())).toBe(seen(bare.stdout()));
      const niceness = Math.min(getPriority() + 5, 19);
      expect(wrapped.stdout()).toMatch(new RegExp(`umask 0?027\nnice ${niceness}\n`));
      expect(wrapped.stdout()).toContain('http_proxy=http://127.0.0.1:1');
    });

    test('NODE_OPTIONS reaches the app', async () => {
      const { bare, wrapped, endings } = await both({ stdin: '', env: { NODE_OPTIONS: '--max-old-space-size=200' } });
      expect(endings[1], wrapped.stderr()).toEqual(endings[0]);
      expect(seen(wrapped.stdout())).toBe(seen(bare.stdout()));
      expect(wrapped.stdout()).toContain('NODE_OPTIONS=--max-old-space-size=200');
    });

    test('stdio shared with somebody else keeps its flags', async () => {
      const { url } = await startStandInSidecar();
      const folder = mkdtempSync(join(tmpdir(), 'mesh-shim-'));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      const fifo = join(folder, 'fifo');
      spawnSync('mkfifo', [fifo]);
      const ends = [openSync(fifo, constants.O_RDWR), openSync(fifo, constants.O_RDWR)] as const;
      onTestFinished(() => ends.forEach(closeSync));
      const app = ['sh', '-c', 'for fd in 0 2; do grep flags /proc/$$/fdinfo/$fd; done'];
      const stdio = [ends[0], 'pipe', ends[1]] as const;
      const bare = runCommand(app, { stdio: [...stdio] });
      await bare.ended;
      const wrapped = runShim(build, ['--admin-url', url, ...flags, '--', ...app], { stdio: [...stdio] });
      await wrapped.ended;
      expect(bare.stdout()).not.toBe('');
      expect(wrapped.stdout()).toBe(bare.stdout());
    });
  });

  test('stdout carries nothing of the shim, whatever the level of the log', async () => {
    const { url } = await startStandInSidecar();
    const run = runShim(build, ['--admin-url', url, '--log-level', 'trace', '--quit', 'always', '--', 'true']);
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(run.stdout()).toBe('');
    expect(run.stderr()).toContain('told the sidecar to quit');
  });
});

describe.each(builds)('a log that nobody takes: $name', (build) => {
  const ways: [string, string[], string[], number][] = [
    ['replaced', [], ['sh', '-c', 'echo app; exit 4'], 4],
    ['supervised', ['--supervise'], ['sh', '-c', 'echo app; exit 4'], 4],
    ['quit', ['--quit', 'always'], ['sh', '-c', 'echo app; exit 4'], 4],
    ['command not found', [], ['no-such-command'], 127],
    ['time-out', ['--timeout', '50ms', '--mode', 'required', '--ready-url', 'http://127.0.0.1:1/'], ['true'], 69],
    ['usage', ['--no-such-flag'], ['true'], 64],
  ];

  test.each(ways)('a full pipe: %s', async (_, flags, app, code) => {
    const { url } = await startStandInSidecar();
    const folder = mkdtempSync(join(tmpdir(), 'mesh-shim-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const fifo = join(folder, 'fifo');
    spawnSync('mkfifo', [fifo]);
    const filler = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
    onTestFinished(() => closeSync(filler));
    fill(filler);
    // Opened anew, so that the shim's end is a blocking one.
    const end = openSync(fifo, constants.O_RDWR);
    onTestFinished(() => closeSync(end));
    const run = runShim(build, ['--admin-url', url, ...flags, '--', ...app], { stdio: ['ignore', 'pipe', end] });
    expect(await run.ended).toEqual({ code, signal: null });
  });

  test.each(ways)('a closed pipe: %s', async (_, flags, app, code) => {
    const { url } = await startStandInSidecar();
    const run = runShim(build, ['--admin-url', url, ...flags, '--', ...app]);
    run.child.stderr?.destroy();
    expect(await run.ended).toEqual({ code, signal: null });
  });

  test.each(ways)('no stderr at all: %s', async (_, flags, app, code) => {
    const { url } = await startStandInSidecar();
    const run = runShim(build, ['--admin-url', url, ...flags, '--', ...app], {
      prefix: ['sh', '-c', 'exec "$@" 2>&-', 'sh'],
    });
    expect(await run.ended).toEqual({ code, signal: null });
  });

  test.each(ways)('a full socket, which cannot be opened again: %s', async (_, flags, app, code) => {
    const { url } = await startStandInSidecar();
    const run = runShim(build, ['--admin-url', url, ...flags, '--', ...app], {
      prefix: ['python3', '-c', onFullSocket],
    });
    expect(await run.ended).toEqual({ code, signal: null });
  });
});

/** Makes a full socket its blocking stderr, keeps the other end open without reading, and runs the rest. */
const onFullSocket = `
import os, socket, subprocess, sys
reader, writer = socket.socketpair()
writer.setblocking(False)
try:
    while True: writer.send(b'.' * 4096)
except BlockingIOError: pass
writer.setblocking(True)
sys.exit(subprocess.run(sys.argv[1:], stderr=writer).returncode)
`;

function fill(descriptor: number): void {
  for (const size of [4096, 1]) {
    try {
      for (;;) writeSync(descriptor, Buffer.alloc(size, 0x2e));
    } catch {
      // full
    }
  }
}
