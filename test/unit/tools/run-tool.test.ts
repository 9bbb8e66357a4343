import { Readable, Writable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { packageCommands } from '../../../src/command-line/commands.ts';
import { commonOptions } from '../../../src/tools/options.ts';
import { runTool, type ToolCommand, tools } from '../../../src/tools/run-tool.ts';
import { type Tool, toolExitCodes, toolVersion } from '../../../src/tools/tool.ts';
import { runToolHere } from '../../helpers/run-tool.ts';

const commands = Object.entries(tools) as [ToolCommand, Tool][];

it('are the commands that the shim sends to the npm package', () => {
  expect(Object.keys(tools).toSorted()).toEqual(Object.keys(packageCommands).toSorted());
});

describe.each(commands)('%s', (name, tool) => {
  it.each(['--help', '-h'])(
    'prints its help for %s: usage, each option with its default, each exit code',
    async (flag) => {
      const { code, stdout, stderr } = await runToolHere(name, [flag]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout.split('\n')[0]).toBe(`Usage: mesh-shim ${name} [OPTIONS]${tool.operands && ` ${tool.operands}`}`);
      expect(stdout).not.toMatch(/ $/m);
      const flat = stdout.replaceAll(/\s+/g, ' ');
      for (const line of tool.about) expect(flat).toContain(line.replaceAll(/\s+/g, ' '));
      for (const { flag: long, short, value, default: standard, list, text } of [...tool.options, ...commonOptions]) {
        const left = `--${long}${short === undefined ? '' : `, -${short}`}${value === undefined ? '' : ` ${value}`}`;
        const hints = `${list ? ' (several: with commas)' : ''}${standard === undefined ? '' : ` [${standard}]`}`;
        expect(
          ['--', 'Exit'].some((next) => flat.includes(` ${left} ${text}${hints} ${next}`)),
          left,
        ).toBe(true);
      }
      for (const exit of tool.exitCodes)
        expect(flat).toContain(
          ` ${toolExitCodes[exit].code}${exit === 'signalBase' || exit === 'interrupted' ? '+n' : ''} ${toolExitCodes[exit].when} `,
        );
      for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(100);
    },
  );

  it.each(['--version', '-V'])('prints the version for %s', async (flag) => {
    const expected = { code: 0, stdout: `mesh-shim ${toolVersion}\n`, stderr: '' };
    expect(await runToolHere(name, [flag])).toEqual(expected);
  });

  it('refuses an option that it does not have', async () => {
    const { code, stdout, stderr } = await runToolHere(name, ['--nosuch']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(`mesh-shim ${name}: unknown option --nosuch; mesh-shim ${name} --help lists the options\n`);
  });

  it('can be done, can fail by the user and can fail by itself', () => {
    expect(tool.exitCodes).toEqual(expect.arrayContaining(['notDone', 'internal']));
    expect(tool.exitCodes.filter((exit) => toolExitCodes[exit].code === 0)).toHaveLength(1);
  });

  it('names no option twice', () => {
    const flags = [...tool.options, ...commonOptions].map(({ flag }) => flag);
    expect(new Set(flags).size).toBe(flags.length);
  });
});

it('those without codes of their own have the same, as their page says', () => {
  expect(tools.path.exitCodes).toEqual(tools.template.exitCodes);
});

it('every exit code is used by some command', () => {
  const used = new Set(commands.flatMap(([, { exitCodes }]) => exitCodes));
  expect([...used].toSorted()).toEqual(Object.keys(toolExitCodes).toSorted());
});

it('the version is that of the build', async () => {
  vi.stubGlobal('MESH_SHIM_VERSION', '1.2.3');
  vi.resetModules();
  const { toolVersion: built } = await import('../../../src/tools/tool.ts');
  vi.unstubAllGlobals();
  expect(built).toBe('1.2.3');
  expect(toolVersion).toBe('0.0.0');
});

describe('when writing fails', () => {
  const failing = (code: string) => {
    const error = Object.assign(new Error(`write ${code}`), { code, ...(code === 'ENOSPC' ? { errno: -28 } : {}) });
    return new Writable({ write: (_chunk, _encoding, done) => done(error) });
  };
  const run = async (stdout: Writable, stderr: Writable, args: string[]) =>
    runTool('explain', args, {
      stdin: Readable.from([]),
      stdout,
      stderr,
      env: {},
      cwd: '/',
      isTerminal: false,
    });
  const collect = () => {
    const seen: string[] = [];
    const stream = new Writable({
      write(chunk, _encoding, done) {
        seen.push(String(chunk));
        done();
      },
    });
    return { stream, seen };
  };

  it('a reader that has gone is no failure', async () => {
    const { stream, seen } = collect();
    expect(await run(failing('EPIPE'), stream, ['UF'])).toBe(0);
    expect(seen).toEqual([]);
  });

  it('a full disk is one', async () => {
    const { stream, seen } = collect();
    expect(await run(failing('ENOSPC'), stream, ['UF'])).toBe(2);
    expect(seen).toEqual(['mesh-shim explain: cannot write to standard output: no space left on device\n']);
    expect(await run(failing('EWEIRD'), stream, ['UF'])).toBe(2);
    expect(seen[1]).toBe('mesh-shim explain: cannot write to standard output: write EWEIRD\n');
  });

  it('nobody reads what is wrong, and the exit code says it', async () => {
    expect(await run(collect().stream, failing('EPIPE'), ['--nosuch'])).toBe(2);
  });
});

it('shows a fault of its own with its stack, and does not call it a finding', async () => {
  const stderr: string[] = [];
  const code = await runTool('check', ['x'], {
    stdin: Readable.from([]),
    stdout: new Writable(),
    stderr: new Writable({ write: (chunk, _encoding, done) => done(void stderr.push(String(chunk)) as undefined) }),
    env: {},
    cwd: undefined as never,
    isTerminal: false,
  });
  expect(code).toBe(70);
  expect(stderr.join('')).toMatch(/^mesh-shim check: internal error, please report it: .*\n.* at .*\.ts:\d+/s);
});

it.each(['check', 'explain'] as const)('%s says why standard input cannot be read', async (command) => {
  const stderr: string[] = [];
  const stdin = new Readable({
    read() {
      this.destroy(Object.assign(new Error('EISDIR: read'), { errno: -21, code: 'EISDIR' }));
    },
  });
  const code = await runTool(command, ['-'], {
    stdin,
    stdout: new Writable(),
    stderr: new Writable({ write: (chunk, _encoding, done) => done(void stderr.push(String(chunk)) as undefined) }),
    env: {},
    cwd: '/',
    isTerminal: false,
  });
  expect({ code, stderr: stderr.join('') }).toEqual({
    code: 2,
    stderr: `mesh-shim ${command}: cannot read standard input: illegal operation on a directory\n`,
  });
});

it('keeps what it is told on one line', async () => {
  const { code, stderr } = await runToolHere('explain', ['--a\nb\u001b[31m\u009b']);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: 'mesh-shim explain: unknown option --a\\x0ab\\x1b[31m\\x9b; mesh-shim explain --help lists the options\n',
  });
});
