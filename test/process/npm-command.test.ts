import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandTable, packageCommands } from '../../src/command-line/commands.ts';
import { ImageLayout } from '../helpers/image-layout.ts';
import { nodesWith } from '../helpers/nodes.ts';
import { emptyVolume } from '../helpers/run-container.ts';
import { runCommand } from '../helpers/run-shim.ts';
import { startStandInAdmin } from '../helpers/stand-in-admin.ts';
import { until } from '../helpers/until.ts';
import { executable } from '../native/executables.ts';

// The command of the npm package as npm installs it: the built file, in a process of its own.

const command = [process.execPath, resolve('dist/cli.mjs')];
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'mesh-shim-npm-'));
  writeFileSync(join(cwd, 'error.yaml'), readFileSync('test/fixtures/check/probe-host/bad.yaml'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

async function run(...args: string[]) {
  const running = runCommand([...command, ...args], { cwd });
  running.child.stdin?.end();
  const { code } = await running.ended;
  return { code, stdout: running.stdout(), stderr: running.stderr() };
}

/** By a shell, for what only that can do with standard input and output; `"$@"` is the command. */
async function shell(script: string, ...args: string[]) {
  const running = runCommand(['bash', '--norc', '-o', 'pipefail', '-c', script, 'bash', ...command, ...args], { cwd });
  running.child.stdin?.end();
  const { code } = await running.ended;
  return { code, stdout: running.stdout(), stderr: running.stderr() };
}

describe('help', () => {
  it.each([['help'], ['--help'], ['-h'], ['help', 'help']])(
    '%s %s: of the shim and its commands, those of the package among them',
    async (...args) => {
      const { code, stdout, stderr } = await run(...args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      for (const name of [...Object.keys(commandTable), ...Object.keys(packageCommands)]) {
        expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
      }
    },
  );

  it.each([...Object.keys(commandTable), ...Object.keys(packageCommands)])('help %s is %s --help', async (name) => {
    const { code, stdout, stderr } = await run(name, '--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Usage: mesh-shim ${name} `);
    expect(await run('help', name)).toEqual({ code, stdout, stderr });
  });
});

it.each([['--version'], ['-V'], ['wait', '--version'], ['check', '--version'], ['explain', '-V']])(
  '%s %s is the version of the package',
  async (...args) => {
    expect(await run(...args)).toEqual({ code: 0, stdout: `mesh-shim ${version}\n`, stderr: '' });
  },
);

describe('is refused on one line', () => {
  it.each([
    [['nosuch'], 64, 'mesh-shim: unexpected "nosuch"; write your own command after --, as in: mesh-shim -- nosuch'],
    [['help', 'nosuch'], 64, 'mesh-shim: help: unknown command "nosuch"'],
    [['chekc'], 64, 'mesh-shim: unexpected "chekc"; did you mean check?'],
    [['help', 'chekc'], 64, 'mesh-shim: help: unknown command "chekc"; did you mean check?'],
    [['Check'], 64, 'mesh-shim: unexpected "Check"; did you mean check?'],
    [['__proto__'], 64, 'mesh-shim: unexpected "__proto__"'],
    [[], 64, 'mesh-shim: no COMMAND to start'],
    [['check', '--nosuch'], 2, 'mesh-shim check: unknown option --nosuch; mesh-shim check --help lists the options'],
    [['check', 'missing.yaml'], 2, 'mesh-shim check: cannot read missing.yaml: no such file or directory'],
    [['check', '-'], 2, 'mesh-shim check: no Kubernetes object in -; name manifests'],
    [['explain', '-'], 2, 'mesh-shim explain: nothing to explain: standard input is empty'],
  ])('%j', async (args, code, message) => {
    const seen = await run(...args);
    expect({ code: seen.code, stdout: seen.stdout }).toEqual({ code, stdout: '' });
    expect(seen.stderr).toContain(message);
    expect(seen.stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('check', () => {
  it('has found something: 1; nothing any more: 0', async () => {
    expect((await run('check', 'error.yaml')).code).toBe(1);
    expect((await run('check', 'error.yaml', '--disable', 'probe-host')).code).toBe(0);
  });

  it('reads standard input, and the pipe that a shell makes of a command', async () => {
    const piped = await shell('cat error.yaml | "$@"', 'check', '-');
    expect(piped).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('\n    <stdin>:18:15  Deployment shop/web\n'),
    });
    const substituted = await shell('"$@" <(cat error.yaml)', 'check');
    expect(substituted).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/error probe-host \(1 place\)\n.*\n {4}\S+:18:15 /),
    });
  });
});

describe('standard input and output', () => {
  // More than a pipe holds: the reader is gone while the command still writes.
  const long = ['check', '--rules'];

  it.each([
    ['the tools', long],
    ['the help of a tool', ['check', '--help']],
    ['a template', ['template', 'udp-network-policy']],
    ['an explanation', ['explain', 'UF']],
    ['the help of the shim', ['help']],
  ])('%s: a reader that has seen enough is no failure', async (_, args) => {
    const { code, stderr } = await shell('"$@" | head -c 1 >/dev/null', ...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await shell('"$@" > >(exec true); wait', ...args)).toMatchObject({ stderr: '' });
  });

  it.each(['text', 'json', 'sarif', 'github'])('what is found stays found when nobody reads the %s', async (format) => {
    const script =
      'for i in $(seq 300); do cat error.yaml; echo ---; done > many.yaml; "$@" many.yaml | head -n 1 >/dev/null';
    const args = ['check', '--verbose', '--format', format];
    expect(await shell(script, ...args)).toMatchObject({ code: 1, stderr: '' });
  });

  it('what is wrong and cannot be said is still an exit code', async () => {
    expect(await shell('"$@" 2> >(exec true); echo $?', 'check', '--nosuch')).toMatchObject({ stdout: '2\n' });
  });

  it('a full disk is told', async () => {
    expect(await shell('"$@" > /dev/full', ...long)).toEqual({
      code: 2,
      stdout: '',
      stderr: 'mesh-shim check: cannot write to standard output: no space left on device\n',
    });
  });

  it.each(['check', 'explain'])('%s: a folder or nothing in place of standard input', async (name) => {
    for (const script of ['"$@" < .', '"$@" <&-', '"$@" </dev/null']) {
      const { code, stdout, stderr } = await shell(script, name, '-');
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(new RegExp(`^mesh-shim ${name}: .*\n$`));
    }
  });

  it.each(['check', 'explain'])('%s: bytes that are no text', async (name) => {
    const { code, stderr } = await shell('head -c 100000 /dev/urandom | "$@"', name, '-');
    expect(code).toBe(2);
    expect(stderr).not.toMatch(/\bat .*:\d+:\d+/);
  });

  it('who reads no standard input needs none', async () => {
    expect(await shell('"$@" <&-', 'explain', 'UF')).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('log-level --for', () => {
  it.each([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('sets the level back on %s, and exits with %i', async (signal, code) => {
    const admin = await startStandInAdmin({ http: 'info' });
    const running = runCommand([...command, 'log-level', 'trace', '--for', '1h', '--admin-url', admin.url]);
    await until('the level', () => admin.levels.get('http') === 'trace');
    running.child.kill(signal);
    expect(await running.ended).toEqual({ code, signal: null });
    expect(admin.levels.get('http')).toBe('info');
    expect(running.stdout()).toBe('all loggers: trace, for 1h\nset back\n');
  });

  it('sets it back although nobody reads what it says', async () => {
    const admin = await startStandInAdmin({ http: 'info' });
    const args = ['log-level', 'trace', '--for', '300ms', '--admin-url', admin.url];
    expect(await shell('"$@" | true', ...args)).toMatchObject({ code: 0, stderr: '' });
    expect(admin.requests).toEqual(['POST /logging', 'POST /logging?level=trace', 'POST /logging?http=info']);
  });
});

// A name that Node 20 does not export would end each tool with a stack trace before its first line.
describe.each(nodesWith(20))('on Node $version', ({ path }) => {
  it.each([
    ...Object.keys(packageCommands).map((name): [string[], number] => [[name, '--help'], 0]),
    [['explain', 'UC'], 0],
    [['explain', 'nothing.log'], 2],
    [['check', 'error.yaml'], 1],
    [['check', 'nothing'], 2],
    [['template', 'health-port', '--name', 'web'], 0],
  ])('%j', async (args, code) => {
    const running = runCommand([path, resolve('dist/cli.mjs'), ...args], { cwd });
    running.child.stdin?.end();
    expect(await running.ended, running.stderr()).toEqual({ code, signal: null });
    expect(running.stderr()).not.toMatch(/^ +at /m);
  });

  it('images in files are wrapped; a registry is asked, or the answer says what is needed for that', async () => {
    for (const arch of ['x64', 'arm64'] as const) executable(arch);
    const images = new ImageLayout(join(emptyVolume(), 'layout'));
    images.name(images.image({ config: { Cmd: ['/app'] } }), '1');
    const run = async (source: string) => {
      const target = `oci:${join(emptyVolume(), 'new')}`;
      const running = runCommand([path, resolve('dist/cli.mjs'), 'image', source, target]);
      const { code } = await running.ended;
      return { code, stderr: running.stderr() };
    };
    expect(await run(`oci:${images.folder}`)).toMatchObject({ code: 0 });
    const registry = await run('127.0.0.1:1/shop/web:1');
    expect(registry.code).toBe(2);
    expect(registry.stderr).toMatch(/^mesh-shim image: .* \(IMAGE_(NODE|UNREACHABLE)\)\n$/);
  });
});
