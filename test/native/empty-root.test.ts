import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executable, isRoot, runToEnd, staticApp } from './executables.ts';

/** As strict as a runtime can make it: the root holds two files and is read-only, there is no /proc, no /dev, no user. */
const container = (root: string): string[] => [
  ...['unshare', '--pid', '--fork', '--kill-child', '--mount', 'sh', '-c'],
  'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec setpriv --no-new-privs ' +
    'chroot --userspec=65534:65534 "$0" "$@"',
  root,
];

describe.skipIf(!isRoot)('PID 1 in an empty root (needs root, for namespaces)', () => {
  let root: string;
  const children: ChildProcess[] = [];
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'empty-root-'));
    chmodSync(root, 0o755);
    copyFileSync(executable('x64'), join(root, 'mesh-shim'));
    copyFileSync(staticApp('x64'), join(root, 'app'));
  });
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(root, { recursive: true });
  });

  const inContainer = (...command: string[]) =>
    runToEnd([...container(root), '/mesh-shim', '--mesh', 'none', ...command]);

  it('becomes the app: as PID 1, as nobody, with the mask and dispositions that it was given', () => {
    const ran = inContainer('--', '/app');
    expect(ran.stderr).toBe('');
    expect(ran.status).toBe(0);
    const lines = ran.stdout.toString().split('\n');
    expect(lines.slice(0, 4)).toEqual(['pid 1', 'uid 65534', 'mask 0', 'ignored 0']);
    expect(lines.filter((line) => line.startsWith('open'))).toEqual([]);
  });

  it('waits for an address, and says why it did not come', () => {
    const ran = inContainer('--wait-for', 'http://name.invalid:80', '--timeout', '200ms', '--', '/app');
    expect(ran.status).toBe(69);
    expect(ran.stderr).toContain('name.invalid');
  });

  it('finds that there is no such program', () => {
    expect(inContainer('--', '/nothing').status).toBe(127);
    expect(inContainer('--', 'nothing').status).toBe(127);
  });

  it('reaps orphans while it supervises; an app that is PID 1 itself does not', () => {
    expect(inContainer('--supervise', '--', '/app', 'orphan').status).toBe(0);
    expect(inContainer('--', '/app', 'orphan').status).toBe(9);
  });

  it('hands on every signal, real-time ones too, and ends as the app ends', async () => {
    const [program = '', ...args] = [
      ...container(root),
      '/mesh-shim',
      '--mesh',
      'none',
      '--supervise',
      '--',
      '/app',
      'listen',
    ];
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    let text = '';
    const until = (words: string): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!text.includes(words)) return;
          child.stdout.off('data', look);
          resolve();
        };
        child.stdout.on('data', look);
        look();
      });
    child.stdout.on('data', (bytes: Buffer) => {
      text += bytes.toString();
    });
    await until('listening');
    // The first process of the new namespace, seen from outside: the only child of unshare.
    const shim = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim();
    for (const number of [1, 2, 3, 10, 12, 13, 14, 18, 28, 35, 36, 50, 63, 64]) {
      runToEnd(['sh', '-c', `kill -${number} ${shim}`]);
      await until(`got ${number}\n`);
    }
    runToEnd(['sh', '-c', `kill -15 ${shim}`]);
    const status = await new Promise((resolve) => child.once('exit', resolve));
    expect(status).toBe(7);
    expect(text.match(/got 35\n/g)).toHaveLength(1);
  });

  it('ends with 128+n by the signal that ended the app', () => {
    expect(inContainer('--supervise', '--', '/app', 'die').status).toBe(137);
  });
});

it.runIf(!isRoot)('is not tested as PID 1 here: that needs root', () => {});
