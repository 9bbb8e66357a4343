import { expect, test } from 'vitest';
import { retryOptionTable, retrySettings } from '../../../src/http/options.ts';
import { MeshOptionError } from '../../../src/shared/option-error.ts';

test('undefined means the default, and null does not', () => {
  expect(retrySettings({ maxRetries: undefined })).toEqual(retrySettings());
  expect(() => retrySettings({ maxRetries: null as never })).toThrow(MeshOptionError);
});

test('every default is accepted by its own check', () => {
  for (const { name, fallback, isValid } of retryOptionTable) expect(isValid(fallback), name).toBe(true);
  expect(Object.keys(retrySettings()).sort()).toEqual(retryOptionTable.map(({ name }) => name).sort());
});

test.each([
  [{ deadlineMs: 0 }, 'option deadlineMs must be milliseconds > 0 (at most 24 days), or Infinity, got 0'],
  [
    { deadlineMs: 2 ** 31 },
    'option deadlineMs must be milliseconds > 0 (at most 24 days), or Infinity, got 2147483648',
  ],
  [{ deadlineMs: '10s' }, 'option deadlineMs must be milliseconds > 0 (at most 24 days), or Infinity, got "10s"'],
  [{ trustSidecar: 'istio' }, `option trustSidecar must be 'strict', 'istio-default-policy' or 'off', got "istio"`],
  [{ maxRetries: 1.5 }, 'option maxRetries must be an integer >= 0, got 1.5'],
  [{ retryBudget: 2 }, 'option retryBudget must be a share from 0 to 1, got 2'],
  [{ retryStatuses: [200] }, 'option retryStatuses must be a list of statuses from 400 to 599, got [200]'],
  [
    { logger: {} },
    'option logger must be an object with debug, info, warn and error, such as a pino logger, got an object',
  ],
])('%j', (options, message) => {
  expect(() => retrySettings(options as never)).toThrow(message);
});

test('an unknown name is told with those that exist', () => {
  expect(() => retrySettings({ retries: 3 } as never)).toThrow(
    /unknown option "retries": the options are .*maxRetries/,
  );
});

test('options of one request are laid over those of the client', () => {
  const base = retrySettings({ maxRetries: 5, deadlineMs: 1_000 });
  expect(retrySettings({ maxRetries: 0 }, base)).toMatchObject({ maxRetries: 0, deadlineMs: 1_000 });
});
