import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../src/command-line/command-line.ts';
import { commandTable } from '../../../src/command-line/commands.ts';
import { optionTable } from '../../../src/command-line/options.ts';
import { UsageError } from '../../../src/command-line/usage-error.ts';

describe('a command line', () => {
  it('names a command, or means run', () => {
    for (const args of [
      ['run', '--', 'app', 'x'],
      ['--', 'app', 'x'],
    ]) {
      expect(parseCommandLine(args)).toMatchObject({ kind: 'command', name: 'run', app: ['app', 'x'] });
    }
    expect(parseCommandLine(['wait'])).toMatchObject({ name: 'wait', app: [] });
    expect(parseCommandLine(['quit'])).toMatchObject({ name: 'quit' });
    expect(parseCommandLine(['probe', 'http://a'])).toMatchObject({ name: 'probe', operands: ['http://a'] });
    expect(parseCommandLine(['status', '--json'])).toMatchObject({ name: 'status', json: true });
  });

  it('takes values with = and behind a blank, also those that look like flags', () => {
    const { timeoutMs, mode } = optionTable;
    const line = parseCommandLine([timeoutMs.flag, '5s', `${mode.flag}=a=b`, '--admin-url', '--x', '--', 'app']);
    expect(line.kind === 'command' && [...line.flags.values()].flatMap(({ texts }) => texts)).toEqual([
      '5s',
      'a=b',
      '--x',
    ]);
  });

  it('takes switches without a value, or with = and one', () => {
    const line = parseCommandLine(['--supervise', '--group=false', '--', 'app']);
    expect(line.kind === 'command' && [...line.flags.values()].flatMap(({ texts }) => texts)).toEqual([
      'true',
      'false',
    ]);
  });

  it('asks for help or the version wherever it says so, except to the app', () => {
    for (const flag of ['--help', '-h'])
      expect(parseCommandLine(['wait', flag])).toEqual({ kind: 'help', topic: 'wait' });
    for (const flag of ['--version', '-V']) expect(parseCommandLine([flag])).toEqual({ kind: 'version' });
    expect(parseCommandLine(['--', 'app', '--help'])).toMatchObject({ app: ['app', '--help'] });
  });

  it('help is --help, and help COMMAND is COMMAND --help', () => {
    for (const name of ['wait', 'run'] as const) {
      expect(parseCommandLine(['help', name])).toEqual({ kind: 'help', topic: name });
    }
    for (const args of [['help'], ['help', 'help'], ['help', '--mesh'], ['help', '-x']]) {
      expect(parseCommandLine(args)).toEqual({ kind: 'help' });
    }
    expect(parseCommandLine(['help', '--', 'app'])).toEqual({ kind: 'help' });
    expect(() => parseCommandLine(['help', 'wiat'])).toThrow('help: unknown command "wiat"; did you mean wait?');
    expect(() => parseCommandLine(['help', 'server'])).toThrow(/^help: unknown command "server"$/);
    expect(() => parseCommandLine(['help', 'check'])).toThrow('check comes with the npm package');
  });

  it('version is --version', () => {
    expect(parseCommandLine(['version'])).toEqual({ kind: 'version' });
  });

  it('bare, the first word that is no option and no command begins COMMAND', () => {
    const bare = (...args: string[]) => parseCommandLine(args, { bareCommand: true });
    expect(bare('sh', '-c', 'x', '--version', '--', '--timeout')).toMatchObject({
      ...{ name: 'run', app: ['sh', '-c', 'x', '--version', '--', '--timeout'] },
    });
    const line = bare('--timeout', '5s', '--supervise', 'app', '--timeout');
    expect(line).toMatchObject({ app: ['app', '--timeout'] });
    expect(line.kind === 'command' && line.flags.get('timeoutMs')?.texts).toEqual(['5s']);
    expect(bare('--', 'probe')).toMatchObject({ app: ['probe'] });
    expect(bare('probe')).toMatchObject({ name: 'probe', app: [] });
    expect(() => bare()).toThrow('no COMMAND to start');
  });

  it('--timeout of a probe is that of its one request', () => {
    const line = parseCommandLine(['probe', '--timeout', '2s']);
    expect(line.kind === 'command' && [...line.flags.keys()]).toEqual(['probeTimeoutMs']);
  });

  it('hands the app its words untouched', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (words) => {
        expect(parseCommandLine(['--', 'app', ...words])).toMatchObject({ app: ['app', ...words] });
      }),
      { examples: [[['', ' ', '\n', '--', '--help', 'ü']]] },
    );
  });
});

describe('is refused', () => {
  it.each<[string[], string]>([
    [[], 'no COMMAND to start'],
    [['--'], 'no COMMAND to start'],
    [['--', ''], 'no COMMAND to start'],
    [['run'], 'no COMMAND to start'],
    [['--timeot', '5s', '--', 'app'], 'unknown option --timeot; did you mean --timeout?'],
    [['--timeot=5s', '--', 'app'], 'unknown option --timeot; did you mean --timeout?'],
    [['--nonsense-of-mine', '--', 'app'], 'unknown option --nonsense-of-mine'],
    [['-x', '--', 'app'], 'unknown option -x'],
    [['--json', '--', 'app'], 'unknown option --json'],
    [['--timeout', '--', 'app'], '--timeout needs a value (DURATION)'],
    [['--timeout'], '--timeout needs a value (DURATION)'],
    [['node', 'server.js'], 'unexpected "node"; write your own command after --, as in: mesh-shim -- node'],
    [['stauts'], 'unexpected "stauts"; did you mean status?'],
    [['chekc'], 'unexpected "chekc"; did you mean check?'],
    [['wait', 'x'], 'wait: unexpected "x"'],
    [['probe', 'a', 'b'], 'probe: unexpected "b"'],
    [['probe', '--mesh', 'istio'], 'probe takes no --mesh'],
    [['wait', '--quit=always'], 'wait takes no --quit'],
    [['quit', '--timeout', '1s'], 'quit takes no --timeout'],
    [['wait', '--', 'app'], 'wait takes no COMMAND, got "app" after --'],
  ])('%j', (args, message) => {
    expect(() => parseCommandLine(args)).toThrow(UsageError);
    expect(() => parseCommandLine(args)).toThrow(message);
  });

  it('or read, whatever it says, and never anything else', () => {
    const word = fc.oneof(
      fc.constantFrom(
        '--',
        '-',
        '',
        '=',
        '--=',
        ...Object.keys(commandTable),
        ...Object.values(optionTable).map(({ flag }) => flag),
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(word), (args) => {
        try {
          expect(parseCommandLine(args).kind).toBeTypeOf('string');
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
