import { expect, it } from 'vitest';
import { wrapJson } from '../../../../src/check/report/text/wrap-json.ts';

const value = [{ op: 'add', path: '/a', value: { b: [1, 2] } }];
const flat = JSON.stringify(value);

it('is one line, where that ends at the width or before', () => {
  expect(wrapJson(value, 0, '', flat.length)).toBe(flat);
  expect(wrapJson(value, 5, '', flat.length + 5)).toBe(flat);
  expect(wrapJson(value, 6, '', flat.length + 5)).toContain('\n');
});

it('goes over as few lines as the width allows, the comma included', () => {
  const members = `  {"op":"add","path":"/a","value":{"b":[1,2]}}`;
  expect(wrapJson(value, 100, '', members.length + 1)).toBe(`[\n${members}\n]`);
  expect(wrapJson(value, 100, '', members.length)).toBe(
    '[\n  {\n    "op": "add",\n    "path": "/a",\n    "value": {"b":[1,2]}\n  }\n]',
  );
  expect(wrapJson({ ab: 'x' }, 100, '>', 12)).toBe('{\n>  "ab": "x"\n>}');
});

it('counts the key that stands before a value', () => {
  const line = '    "value": {"b":[1,2]}';
  expect(wrapJson(value, 100, '', line.length + 1)).toContain(`\n${line}\n`);
  expect(wrapJson(value, 100, '', line.length)).toContain('\n    "value": {\n      "b": [1,2]\n    }\n');
});

it('breaks no string, whatever the width', () => {
  expect(JSON.parse(wrapJson(value, 100, '    ', 1))).toEqual(value);
  expect(wrapJson('a long text', 100, '', 1)).toBe('"a long text"');
});
