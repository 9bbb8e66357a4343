import { expect, it } from 'vitest';
import { isOfType } from '../../../src/check/rules/shared/schema-faults.ts';

it.each<[string, readonly unknown[], readonly unknown[]]>([
  ['any', [1, 'a', {}, []], []],
  ['boolean', [true, false], ['true', 0]],
  ['string', ['', 'a'], [1, true, {}]],
  ['text', ['a'], ['', 1, []]],
  ['duration', ['0', '1s', '1h30m', '.5s', '-1.5ms', '10us'], ['', '5', 's', '1 s', '1d', '1s ', 'x1s', 5]],
  ['integer', [0, -1, 1.0], [1.5, '1', true]],
  ['integer 1..65535', [1, 65_535], [0, 65_536, 1.5, '80']],
  ['integer 0..', [0, 1e9], [-1, 0.5]],
  ['number', [0, -0.5], ['1', null]],
  ['number 0..100', [0, 0.1, 100], [-0.1, 100.1]],
  ['number 1..', [1, 1e9], [0.9, '2']],
])('the type %s takes what the API server takes, and nothing else', (type, taken, refused) => {
  expect(taken.filter((value) => !isOfType(type, value))).toEqual([]);
  expect(refused.filter((value) => isOfType(type, value))).toEqual([]);
});
