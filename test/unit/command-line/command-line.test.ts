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
    for (const flag of ['--help', '-h']) expect(parseCommandLine(['wait', flag])).toEqual({ kind: 'help' });
    for (const flag of ['--version', '-V']) expect(parseCommandLine([flag])).toEqual({ kind: 'version' });
    expect(parseCommandLine(['--', 'app', '--help'])).toMatchObject({ app: ['app', '--help'] });
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
    [['node', 'server.js'], 'unexpected "node"; write your own command behind --, as in: mesh-shim -- node'],
    [['stauts'], 'unexpected "stauts"; did you mean status?'],
    [['wait', 'x'], 'mesh-shim wait: unexpected "x"'],
    [['probe', 'a', 'b'], 'mesh-shim probe: unexpected "b"'],
    [['wait', '--', 'app'], 'mesh-shim wait starts no COMMAND, got "app" behind --'],
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
