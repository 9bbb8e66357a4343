import {
  chmodSync,
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { builds, nodeBuild } from '../helpers/builds.ts';
import { runCommand, runShim } from '../helpers/run-shim.ts';
import { startStandInSidecar } from '../helpers/stand-in-sidecar.ts';

/** A file that may be executed, with these bytes. */
function program(bytes: string | Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-shim-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'app');
  writeFileSync(path, bytes);
  chmodSync(path, 0o755);
  return path;
}

describe.each(builds)('what the kernel makes of COMMAND: $name', (build) => {
  describe.each([
    ['replaced', []],
    ['supervised', ['--supervise']],
  ])('%s', (_, flags) => {
    const run = (path: string) => runShim(build, ['--mesh', 'none', ...flags, '--', path, 'x']);

    test.each([
      ['a tab behind the interpreter', '#!/bin/sh\t-e\necho "started $1"; exit 3\n'],
      ['blanks and tabs before it', '#! \t/bin/sh\necho "started $1"; exit 3\n'],
      ['env, a tab and a name', '#!/usr/bin/env\tsh\necho "started $1"; exit 3\n'],
      ['no #! line: the shell, as execvp has it', 'echo "started $1"; exit 3\n'],
    ])('starts: %s', async (_title, text) => {
      const running = run(program(text));
      expect(await running.ended, running.stderr()).toEqual({ code: 3, signal: null });
      expect(running.stdout()).toBe('started x\n');
    });

    test.each([
      ['the line ends of Windows', '#!/bin/sh\r\necho started\r\n', /interpreter .*line ends of Windows/],
      [
        'an interpreter that does not exist',
        '#!/opt/none/sh\necho started\n',
        /interpreter .*\/opt\/none\/sh.* does not exist/,
      ],
      ['garbage', Buffer.from([1, 2, 0, 4]), /not a program that this machine can run/],
    ])('says what is wrong with %s, and ends with 126', async (_title, bytes, message) => {
      const running = run(program(bytes));
      expect(await running.ended).toEqual({ code: 126, signal: null });
      expect(running.stdout()).toBe('');
      expect(running.stderr()).toMatch(message);
    });
  });

  test('a program that was cut off is not handed to a shell: 126, or whatever the kernel does with it', async () => {
    const path = program(readFileSync('/bin/sh').subarray(0, 2_000));
    const ending = (await runShim(build, ['--mesh', 'none', '--supervise', '--', path]).ended).code;
    const bare = await runCommand([path]).ended.catch(() => undefined);
    const ofKernel = bare?.signal ? 128 + constants.signals[bare.signal] : 126;
    expect([126, ofKernel]).toContain(ending);
  });

  test('a program that somebody writes is 126, and the sidecar is told all the same', async () => {
    const sidecar = await startStandInSidecar();
    const path = program('');
    copyFileSync('/bin/true', path);
    const file = openSync(path, 'r+');
    onTestFinished(() => closeSync(file));
    const flags = ['--mesh', 'envoy', '--admin-url', sidecar.url, '--quit', 'always'];
    const running = runShim(build, [...flags, '--', path]);
    expect(await running.ended).toEqual({ code: 126, signal: null });
    expect(running.stderr()).toContain('open for writing (ETXTBSY)');
    expect(sidecar.quits()).toHaveLength(1);
  });

  test('an environment of 2,600 Services, and 5,000 arguments', async () => {
    const env: Record<string, string> = {};
    for (let service = 0; service < 2_600; service++) {
      const name = `TEAM_STORE_BACKEND_${service}`;
      const port = `${name}_PORT_8080_TCP`;
      Object.assign(env, {
        [`${name}_SERVICE_HOST`]: '10.96.0.1',
        [`${name}_SERVICE_PORT`]: '8080',
        [port]: 'tcp://x',
      });
      Object.assign(env, { [`${name}_PORT`]: 'tcp://x', [`${port}_PROTO`]: 'tcp', [`${port}_PORT`]: '8080' });
      Object.assign(env, { [`${port}_ADDR`]: '10.96.0.1', [`${name}_SERVICE_PORT_HTTP`]: '8080' });
    }
    const script = 'echo $# "$TEAM_STORE_BACKEND_2599_SERVICE_HOST"; for last; do :; done; echo "$last"; exit 3';
    const words = Array.from({ length: 5_000 }, (_, index) => `word-${index}`);
    for (const flags of [[], ['--supervise']]) {
      const running = runShim(build, ['--mesh', 'none', ...flags, '--', 'sh', '-c', script, 'sh', ...words], { env });
      expect(await running.ended, running.stderr()).toEqual({ code: 3, signal: null });
      expect(running.stdout()).toBe('5000 10.96.0.1\nword-4999\n');
    }
  });
});

test('a long environment that Node was told to change reaches the app as it is now', async () => {
  const env = Object.fromEntries(Array.from({ length: 1_200 }, (_, index) => [`V${index}`, `${index}`]));
  const [node = '', bundle = ''] = nodeBuild.command;
  const change = 'process.env.ADDED = "added"; delete process.env.V7';
  const command = [node, '--import', `data:text/javascript,${change}`, bundle];
  for (const flags of [[], ['--supervise']]) {
    const script = 'echo "$ADDED-$V7-$V1199"';
    const running = runCommand([...command, '--mesh', 'none', ...flags, '--', 'sh', '-c', script], { env });
    expect((await running.ended).code, running.stderr()).toBe(0);
    expect(running.stdout()).toBe('added--1199\n');
  }
});
