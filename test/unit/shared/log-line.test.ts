import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { logLine } from '../../../src/shared/log-line.ts';

const head = { level: 30, time: 1_700_000_000_000, pid: 7, hostname: 'pod', name: 'mesh-shim' } as const;
const written = (fields: object) => JSON.parse(logLine(head, fields, 'said')) as Record<string, unknown>;

it('one line: the head, the fields, the message', () => {
  expect(logLine(head, { attempts: 2 }, 'two\nlines')).toBe(
    '{"level":30,"time":1700000000000,"pid":7,"hostname":"pod","name":"mesh-shim","attempts":2,"msg":"two\\nlines"}',
  );
});

it('an error has its message, its code and the stacks of its causes', () => {
  const cause = new Error('refused');
  const error = Object.assign(new TypeError('failed', { cause }), { code: 'EFAIL' });
  const { err } = written({ err: error }) as { err: Record<string, string> };
  expect(err).toMatchObject({ type: 'TypeError', message: 'failed', code: 'EFAIL' });
  expect(err.stack).toContain(`${error.stack}\ncaused by: ${cause.stack}`);
});

it('an error of another realm is one, too', () => {
  expect(written({ err: runInNewContext('new RangeError("far")') })).toMatchObject({
    err: { type: 'RangeError', message: 'far' },
  });
});

it('causes in a circle come to an end', () => {
  const error = new Error('round');
  error.cause = error;
  expect(written({ err: error })).toMatchObject({ err: { message: 'round' }, msg: 'said' });
});

it('a BigInt is written as its digits', () => {
  expect(written({ size: 12n })).toMatchObject({ size: '12', msg: 'said' });
});

it('fields that are no JSON do not cost the message', () => {
  const circle: { self?: object } = {};
  circle.self = circle;
  expect(written({ circle })).toEqual({ ...head, msg: 'said' });
});
