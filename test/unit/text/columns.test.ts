import { expect, it } from 'vitest';
import { columns } from '../../../src/text/columns.ts';

const words = (count: number) => Array.from({ length: count }, () => 'word').join(' ');

it('lines the texts up behind the longest name', () => {
  expect(
    columns([
      ['a', 'first'],
      ['long', 'second text'],
    ]),
  ).toEqual(['  a     first', '  long  second text']);
});

it('wraps a text at 80 columns', () => {
  // 2 + 1 + 2 before the text leave 75: 15 words of four letters and their blanks.
  expect(columns([['a', words(15)]])).toEqual([`  a  ${words(15)}`]);
  expect(columns([['a', words(16)]])).toEqual([`  a  ${words(15)}`, '     word']);
  expect(columns([['a', `${words(15)}s`]])).toEqual([`  a  ${words(15)}s`]);
  expect(columns([['a', `${words(15)}ss`]])).toEqual([`  a  ${words(14)}`, '     wordss']);
  expect(columns([['a', `x ${'y'.repeat(200)} z`]])).toEqual(['  a  x', `     ${'y'.repeat(200)}`, '     z']);
});

it('a name of more than 26 characters has a line of its own', () => {
  const [wide, wider] = ['n'.repeat(26), 'n'.repeat(27)];
  expect(
    columns([
      [wide, 'text'],
      ['b', 'text'],
    ]),
  ).toEqual([`  ${wide}  text`, `  b${' '.repeat(27)}text`]);
  expect(
    columns([
      [wider, 'text'],
      ['b', 'text'],
    ]),
  ).toEqual([`  ${wider}`, `${' '.repeat(30)}text`, `  b${' '.repeat(27)}text`]);
});
