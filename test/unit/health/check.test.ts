import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { Check } from '../../../src/health/check.ts';
import { createCheckRunner } from '../../../src/health/check-runner.ts';
import { until } from '../../helpers/until.ts';

const run = (check: Check, timeoutMs = 5_000) => createCheckRunner({ check, timeoutMs, cacheMs: 0 }).run();

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['true', true],
  ['a row', { rows: [] }],
  ["a broker's greeting", 'PONG'],
  ['{ ok: true }', { ok: true }],
  ['null', null],
])('%s passes', async (_title, value) => {
  expect(await run(async () => value)).toMatchObject({ ok: true });
});

test.each<[string, Check, string]>([
  ['false', () => false, 'the check returned false'],
  ['an Error', () => new Error('no'), 'no'],
  ['an Error of another realm', () => runInNewContext("new Error('of a test runner')"), 'of a test runner'],
  [
    'an error that has a code only, as where a name has several addresses',
    () => Promise.reject(Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' })),
    'ECONNREFUSED',
  ],
  [
    'a throw',
    () => {
      throw new Error('down\n  at host');
    },
    'down at host',
  ],
  ['a rejection', () => Promise.reject(new Error('refused')), 'refused'],
  [
    'a throw of a text',
    () => {
      throw 'text';
    },
    'text',
  ],
  [
    'a throw without any text',
    () => {
      throw Object.create(null);
    },
    'the check threw a value that has no text',
  ],
  ['{ ok: false } with a message', () => ({ ok: false, message: 'lag 9 s' }), 'lag 9 s'],
  ['a failed Response', () => new Response('', { status: 500 }), 'the check returned ok: false'],
  ['an ok that is no boolean', () => ({ ok: 'yes' }), 'the check returned ok: yes'],
  [
    'an ok that throws',
    () => ({
      get ok() {
        throw new Error('trap');
      },
    }),
    'trap',
  ],
])('%s fails', async (_title, check, message) => {
  expect(await run(check)).toMatchObject({ ok: false, message });
});

test('a message is one line of at most 200 characters', async () => {
  const { message = '' } = await run(() => new Error('x'.repeat(10_000)));
  expect(message).toHaveLength(200);
});

test('a check that hangs is cut at its limit, told by its signal, and not started again while it runs', async () => {
  let starts = 0;
  let end = (_: unknown) => {};
  let aborted = false;
  const check: Check = ({ signal }) => {
    starts++;
    signal.addEventListener('abort', () => {
      aborted = true;
    });
    return new Promise((resolve) => {
      end = resolve;
    });
  };
  const runner = createCheckRunner({ check, timeoutMs: 20, cacheMs: 0 });
  expect(await runner.run()).toMatchObject({ ok: false, message: 'no answer within 20 ms' });
  expect(aborted).toBe(true);
  expect(await runner.run()).toMatchObject({ ok: false, message: expect.stringContaining('still running after') });
  expect(starts).toBe(1);
  end(true);
  await new Promise(setImmediate);
  void runner.run();
  expect(starts).toBe(2);
});

test('a run that does not end is given up, and the check is run again', async () => {
  let starts = 0;
  const check: Check = () => (++starts === 1 ? new Promise(() => {}) : true);
  const runner = createCheckRunner({ check, timeoutMs: 20, cacheMs: 0 });
  expect(await runner.run()).toMatchObject({ ok: false, message: 'no answer within 20 ms' });
  expect(await runner.run()).toMatchObject({
    ok: false,
    message: expect.stringContaining('it is given up after 60 ms'),
  });
  await until('a run that passes', async () => (await runner.run()).ok);
  expect(starts).toBe(2);
});

test('few runs that do not end are left behind', async () => {
  const ends: (() => void)[] = [];
  const check: Check = () => new Promise<void>((resolve) => void ends.push(resolve));
  const runner = createCheckRunner({ check, timeoutMs: 5, cacheMs: 0 });
  const said = await until('the last of them', async () => {
    const { message = '' } = await runner.run();
    return message.includes('have not ended') && message;
  });
  expect(said).toMatch(/^3 runs have not ended; the next starts in \d+ s$/);
  expect(ends).toHaveLength(3);
  ends[1]?.();
  await until('another, for one has ended', async () => (await runner.run()).message === 'no answer within 5 ms');
  expect(ends).toHaveLength(4);
});

test('callers at one time share one run, and its result is reused for a moment', async () => {
  let starts = 0;
  const runner = createCheckRunner({
    check: () => {
      starts++;
    },
    timeoutMs: 1000,
    cacheMs: 60_000,
  });
  const results = await Promise.all([runner.run(), runner.run(), runner.run()]);
  expect(results.every(({ ok }) => ok)).toBe(true);
  await runner.run();
  expect(starts).toBe(1);
});
