import { expect, test } from 'vitest';
import { requestSettings, retrySettings } from '../../../src/http/options.ts';
import { retryOptionTable } from '../../../src/http/retry-option-table.ts';
import { MeshOptionError } from '../../../src/shared/mesh-option-error.ts';

test('undefined means the default, and null does not', () => {
  expect(retrySettings({ maxRetries: undefined })).toEqual(retrySettings());
  expect(() => retrySettings({ maxRetries: null as never })).toThrow(MeshOptionError);
});

test('every option is set', () => {
  expect(Object.keys(retrySettings()).sort()).toEqual(retryOptionTable.map(({ name }) => name).sort());
});

const limit = 'a number of milliseconds above 0, at most 2147483647 (24 days), or Infinity';
test.each([
  [{ deadlineMs: 0 }, `meshRetry: deadlineMs must be ${limit}, got 0`],
  [{ deadlineMs: 2 ** 31 }, `meshRetry: deadlineMs must be ${limit}, got 2147483648`],
  [{ deadlineMs: '10s' }, `meshRetry: deadlineMs must be ${limit}, got the string "10s"`],
  [{ trustSidecar: 'istio' }, `trustSidecar must be 'strict', 'istio-default-policy' or 'off', got the string "istio"`],
  [{ maxRetries: 1.5 }, 'maxRetries must be an integer from 0 up, got 1.5'],
  [{ retryBudget: 2 }, 'retryBudget must be a number from 0 to 1, got 2'],
  [{ retryStatuses: [503, 200] }, 'retryStatuses[1] must be an integer from 400 to 599, got 200'],
  [
    { idempotencyKeyHeader: 'a b' },
    'idempotencyKeyHeader must be the name of a header, or false, got the string "a b"',
  ],
  [
    { logger: {} },
    'logger must be an object with the methods debug, info, warn and error, such as a pino logger, got an object',
  ],
])('%j', (options, message) => {
  expect(() => retrySettings(options as never)).toThrow(message);
});

test('an unknown name is told with those that exist', () => {
  expect(() => retrySettings({ retries: 3 } as never)).toThrow(
    /there is no option "retries"; did you mean "maxRetries"\? The options are .*retryStatuses/,
  );
});

test('options of one request are laid over those of the client', () => {
  const base = retrySettings({ maxRetries: 5, deadlineMs: 1_000 });
  expect(retrySettings({ maxRetries: 0 }, base)).toMatchObject({ maxRetries: 0, deadlineMs: 1_000 });
});

test('those of one request are refused by their whole name', () => {
  expect(() => requestSettings({ deadlineMs: -1 }, retrySettings())).toThrow('a request: meshRetry.deadlineMs must be');
  expect(() => requestSettings(5 as never, retrySettings())).toThrow('a request: meshRetry must be an object, got 5');
});
