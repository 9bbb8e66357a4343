import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shellCommands } from '../../../../src/check/model/shell-commands.ts';

it.each<[string, string[][]]>([
  ['', []],
  ['a  b\tc', [['a', 'b', 'c']]],
  ['a; b & c | d && e || f\ng', [['a'], ['b'], ['c'], ['d'], ['e'], ['f'], ['g']]],
  ['(a) ; { b; }', [['a'], ['b']]],
  ['[[ $x =~ ^(a|b)$ ]] || a; echo $((1 + 2))', [['[[', ']]'], ['a'], ['echo', '0']]],
  ['[[ $(a) = b ]]', [['[[', '$'], ['a'], ['=', 'b', ']]']]],
  ['a \'b  c\' "d ; e" f\\ g', [['a', 'b  c', 'd ; e', 'f g']]],
  [`a 'b'"c"d ''`, [['a', 'bcd', '']]],
  [`a "b\\"c" "\\$d" "\\e" 'f\\'`, [['a', 'b"c', '$d', '\\e', 'f\\']]],
  ['a b \\\n  c', [['a', 'b', 'c']]],
  ['a "b\\\nc"', [['a', 'bc']]],
  ['# a\nb # c; d\ne#f', [['b'], ['e#f']]],
  ['a #', [['a']]],
  ['if a; then b; elif c; then d; else e; fi', [['a'], ['b'], ['c'], ['d'], ['e'], ['fi']]],
  ['until ! a; do b; done', [['a'], ['b'], ['done']]],
  ['a > b c', [['a', 'c']]],
  ['a >b 2>&1 c >>d < e <<<f &>g >&2 h', [['a', 'c', 'h']]],
  ['a 2>/dev/null; b', [['a'], ['b']]],
  ['a 2> /dev/null; b', [['a'], ['b']]],
  [
    "'if' a; \\then b; \"do\"x c; d'if' e",
    [
      ['if', 'a'],
      ['then', 'b'],
      ['dox', 'c'],
      ['dif', 'e'],
    ],
  ],
  ['a 2x>b 12>c "2">d x2>e f>g h', [['a', '2x', '2', 'x2', 'f', 'h']]],
  ['a 22', [['a', '22']]],
  ['a=$(b c) d', [['a=$'], ['b', 'c'], ['d']]],
  ['a "unclosed ; b', [['a', 'unclosed ; b']]],
  ["a 'unclosed", [['a', 'unclosed']]],
  ['a \\', [['a', '']]],
])('reads %j', (script, commands) => {
  expect(shellCommands(script)).toEqual(commands);
});

it('reads back what is quoted, however', () => {
  const quotes = [
    (word: string) => `'${word.replaceAll("'", `'\\''`)}'`,
    (word: string) => `"${word.replace(/[\\"$`]/g, '\\$&')}"`,
    (word: string) => (word === '' ? "''" : word.replace(/[^\n]/g, '\\$&').replaceAll('\n', "'\n'")),
  ];
  const word = fc.tuple(fc.string({ unit: fc.constantFrom(...` ab'"\\$\`;&|<>()#!{}\n\t=`) }), fc.nat(2));
  const commands = fc.array(fc.array(word, { minLength: 1, maxLength: 4 }), { maxLength: 3 });
  fc.assert(
    fc.property(commands, fc.constantFrom(';', '\n', ' && ', '|'), (given, separator) => {
      // The first word is a program: what it may be called must not look like grammar.
      const script = given.map((words) => ['program', ...words.map(([text, how]) => quotes[how]?.(text))].join(' '));
      const expected = given.map((words) => ['program', ...words.map(([text]) => text)]);
      expect(shellCommands(script.join(separator))).toEqual(expected);
    }),
  );
});
