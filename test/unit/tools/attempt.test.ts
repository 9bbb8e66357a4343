import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { attempt, systemReason } from '../../../src/tools/attempt.ts';
import { ToolError } from '../../../src/tools/tool.ts';

const failing = (error: unknown) => () =>
  attempt('read it', () => {
    throw error;
  });

it('hands on what was read', () => {
  expect(attempt('read it', () => 7)).toBe(7);
});

it('says what failed and why, in one line', () => {
  expect(() => attempt('read /nowhere', () => readFileSync('/nowhere'))).toThrow(
    new ToolError('cannot read /nowhere: no such file or directory'),
  );
  expect(failing(new Error('bad: value:\n\n  a: [\n'))).toThrow(new ToolError('cannot read it: bad: value'));
  expect(failing('text')).toThrow(new ToolError('cannot read it: text'));
});

it('knows the reasons of the system only', () => {
  expect(systemReason(Object.assign(new Error('x'), { errno: -13 }))).toBe('permission denied');
  expect(systemReason(new Error('x'))).toBeUndefined();
  expect(systemReason({ errno: -13 })).toBeUndefined();
});
