import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { optionTable } from '../../../src/command-line/options.ts';
import { didYouMean, nearestName } from '../../../src/text/nearest-name.ts';

describe('at most a third of the longer name may differ, and three letters', () => {
  it.each([
    ['ab', 'ax', false],
    ['abc', 'abx', true],
    ['abcde', 'abcxy', false],
    ['abcdef', 'abcdxy', true],
    ['abcdef', 'abcd', true],
    ['abcde', 'abc', false],
    ['abc', 'abcde', false],
    ['abcd', 'abcdef', true],
    ['abcdefgh', 'abcdexyz', false],
    ['abcdefghi', 'abcdefxyz', true],
    ['abcdefghijkl', 'abcdefghwxyz', false],
    ['abxyz', 'caxyz', false],
    ['abxyz', 'bcxyz', false],
    ['MESH_SHIM_ANY', 'MESH_SHIM_QUIT', false],
  ])('%s, %s: %j', (name, known, near) => {
    expect(nearestName(name, [known])).toBe(near ? known : undefined);
    expect(nearestName(known, [name])).toBe(near ? name : undefined);
  });
});

it.each([
  ['put in', 'abbc'],
  ['left out', 'ac'],
  ['replaced', 'axc'],
  ['swapped', 'acb'],
  ['swapped at the start', 'bac'],
  ['in the other case', 'AbC'],
])('a letter %s is one slip or none: %s', (_, name) => {
  expect(nearestName(name, ['abc'])).toBe('abc');
});

it('two swapped letters are nearer than two others', () => {
  expect(nearestName('statsu', ['states', 'status'])).toBe('status');
  // Only neighbours are swapped: a letter that is two places off is two edits, of five letters.
  expect(nearestName('bcaxy', ['abcxy'])).toBeUndefined();
});

it('the nearest wins, of equals the first, whatever their order of letters', () => {
  expect(nearestName('heal', ['health', 'head', 'heat', 'heel'])).toBe('head');
  expect(nearestName('nane', ['name', 'names', 'none'])).toBe('name');
  expect(nearestName('timeout', ['time-out', 'timeout'])).toBe('timeout');
  expect(nearestName('x', [])).toBeUndefined();
  expect(nearestName('', ['x'])).toBeUndefined();
});

it('one slip in a name of three letters or more is always found', () => {
  const letter = fc.constantFrom(...'abcdefgh-');
  fc.assert(
    fc.property(fc.array(letter, { minLength: 3, maxLength: 30 }), fc.nat(), letter, (letters, at, put) => {
      const name = letters.join('');
      const place = at % (letters.length - 1);
      const swapped = letters.toSpliced(place, 2, letters[place + 1] as string, letters[place] as string);
      for (const slip of [letters.toSpliced(place, 0, put), letters.toSpliced(place, 1, put), swapped]) {
        expect(nearestName(slip.join(''), [name])).toBe(name);
        expect(nearestName(name, [slip.join('')])).toBe(slip.join(''));
      }
    }),
  );
});

it.each([
  ['--timeot', '--timeout'],
  ['--TIMEOUT', '--timeout'],
  ['--quit-ulr', '--quit-url'],
  ['--wait', '--quit'],
  ['--xyzxyz', undefined],
])('the nearest of %s among the options is %s', (name, nearest) => {
  const flags = Object.values(optionTable).map(({ flag }) => flag);
  expect(nearestName(name, flags)).toBe(nearest);
  expect(didYouMean(name, flags)).toBe(nearest === undefined ? '' : `; did you mean ${nearest}?`);
});
