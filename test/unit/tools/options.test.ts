import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { badValue, oneOf, readCommandLine } from '../../../src/tools/options.ts';
import { type OptionSpec, ToolError } from '../../../src/tools/tool.ts';

const specs: readonly OptionSpec[] = [
  { flag: 'format', value: 'FORMAT', text: 'output' },
  { flag: 'only', value: 'RULES', list: true, text: 'rules' },
  { flag: 'fix', text: 'write' },
];
const read = (...args: string[]) => {
  const line = readCommandLine('check', args, specs);
  return line.kind === 'run' ? { operands: line.operands, ...Object.fromEntries(line.values) } : line.kind;
};

describe('the words of a command', () => {
  it.each([
    [[], { operands: [] }],
    [['--format=json', 'a'], { operands: ['a'], format: 'json' }],
    [['a', '--format', 'json', 'b'], { operands: ['a', 'b'], format: 'json' }],
    [['--format=a=b'], { operands: [], format: 'a=b' }],
    [['--format=-x'], { operands: [], format: '-x' }],
    [['--format', '-'], { operands: [], format: '-' }],
    [['--fix', 'a'], { operands: ['a'], fix: 'true' }],
    [['-', '--fix'], { operands: ['-'], fix: 'true' }],
    [['--fix', '--', '--fix', '-h', '--'], { operands: ['--fix', '-h', '--'], fix: 'true' }],
    [[''], { operands: [''] }],
  ])('%j', (args, expected) => {
    expect(read(...args)).toEqual(expected);
  });

  it('of an option that is given twice the last value counts, a list takes all', () => {
    expect(read('--format', 'a', '--format=b')).toEqual({ operands: [], format: 'b' });
    expect(read('--only', 'a', '--only=b,c', '--only', 'd')).toEqual({ operands: [], only: 'a,b,c,d' });
    expect(read('--fix', '--fix')).toEqual({ operands: [], fix: 'true' });
  });

  it.each([
    [['--help'], 'help'],
    [['-h'], 'help'],
    [['a', '--fix', '-h', '--nosuch'], 'help'],
    [['--version'], 'version'],
    [['-V'], 'version'],
    [['-V', '-h'], 'version'],
    [['-hV'], 'help'],
  ])('%j asks for %s', (args, expected) => {
    expect(read(...args)).toBe(expected);
  });
});

describe('are refused', () => {
  it.each([
    [['--fromat', 'json'], 'unknown option --fromat; did you mean --format?'],
    [['--FORMAT=json'], 'unknown option --FORMAT; did you mean --format?'],
    [['--hepl'], 'unknown option --hepl; did you mean --help?'],
    [['--nosuch=value'], 'unknown option --nosuch; mesh-shim check --help lists the options'],
    [['-x'], 'unknown option -x; mesh-shim check --help lists the options'],
    [['-xh'], 'unknown option -xh; mesh-shim check --help lists the options'],
    [['--no-fix'], 'unknown option --no-fix; mesh-shim check --help lists the options'],
    [['--__proto__=x'], 'unknown option --__proto__'],
    [['--constructor', 'x'], 'unknown option --constructor'],
    [['--h'], 'unknown option --h'],
    [['--='], 'unknown option --'],
    [['--fix=false'], '--fix takes no value, got "false"; leave it out to switch it off'],
    [['--fix='], '--fix takes no value, got ""'],
    [['--help=x'], '--help takes no value, got "x"'],
    [['a', '--format'], '--format needs a value (FORMAT)'],
    [['--format='], '--format needs a value (FORMAT)'],
    [['--format', ''], '--format needs a value (FORMAT)'],
    [
      ['--format', '--fix'],
      '--format needs a value (FORMAT), got the option --fix; if it is the value: --format=--fix',
    ],
    [['--format', '--'], '--format needs a value (FORMAT), got the option --;'],
    [['--format', '-h'], '--format needs a value (FORMAT), got the option -h;'],
  ])('%j', (args, message) => {
    expect(() => read(...args)).toThrow(ToolError);
    expect(() => read(...args)).toThrow(message);
  });

  it('or read, whatever they are, and operands are never lost', () => {
    const word = fc.oneof(fc.constantFrom('--', '-', '--format', '--fix', '--only=a', '-h', '-V'), fc.string());
    fc.assert(
      fc.property(fc.array(word), fc.array(fc.string()), (words, operands) => {
        try {
          const line = readCommandLine('check', [...words, '--', ...operands], specs);
          if (line.kind === 'run')
            expect(line.operands.slice(line.operands.length - operands.length)).toEqual(operands);
        } catch (error) {
          expect(error).toBeInstanceOf(ToolError);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a value', () => {
  it('of a few is named, or the nearest is, or all are', () => {
    const known = ['text', 'json'];
    expect(oneOf('format', 'json', known)).toBe('json');
    expect(() => oneOf('format', 'jsno', known)).toThrow(/^unknown format "jsno"; did you mean json\?$/);
    expect(() => oneOf('format', 'xml', known)).toThrow(/^unknown format "xml"; use text, json$/);
    expect(() => oneOf('format', 'xml', known, { where: '--format' })).toThrow(/^--format: unknown format "xml"/);
    expect(() => oneOf('rule', 'x', known, { lists: 'help lists them' })).toThrow(
      /^unknown rule "x"; help lists them$/,
    );
  });

  it('that is bad is shown with what is expected', () => {
    expect(badValue('--port', 'a\nb', 'a port')).toBeInstanceOf(ToolError);
    expect(badValue('--port', 'a\nb', 'a port').message).toBe('--port must be a port, got "a\\nb"');
  });
});
