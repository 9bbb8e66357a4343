import { expect, it } from 'vitest';
import { createLogThrottle, logThrottled } from '../../../src/http/throttled-log.ts';
import type { Logger } from '../../../src/shared/logger.ts';

it('one line a second says it for all, and the next one counts those that were kept back', () => {
  const lines: [level: string, fields: object, message: string][] = [];
  const to = (level: string) => (fields: object, message: string) => void lines.push([level, fields, message]);
  const logger: Logger = { debug: to('debug'), info: to('info'), warn: to('warn'), error: to('error') };
  const throttle = createLogThrottle();
  for (const nowMs of [0, 1, 999, 1_000, 1_500, 9_000, 20_000]) {
    logThrottled(throttle, { logger, level: 'warn', nowMs }, { nowMs }, 'gave up');
  }
  expect(lines).toEqual([
    ['warn', { nowMs: 0 }, 'gave up'],
    ['debug', { nowMs: 1 }, 'gave up'],
    ['debug', { nowMs: 999 }, 'gave up'],
    ['warn', { nowMs: 1_000, suppressed: 2 }, 'gave up'],
    ['debug', { nowMs: 1_500 }, 'gave up'],
    ['warn', { nowMs: 9_000, suppressed: 1 }, 'gave up'],
    ['warn', { nowMs: 20_000 }, 'gave up'],
  ]);
});

it('at the level of the line', () => {
  const lines: string[] = [];
  const to = (level: string) => () => void lines.push(level);
  const logger: Logger = { debug: to('debug'), info: to('info'), warn: to('warn'), error: to('error') };
  logThrottled(createLogThrottle(), { logger, level: 'info', nowMs: 0 }, {}, 'waiting');
  logThrottled(createLogThrottle(), { logger, level: 'warn', nowMs: 0 }, {}, 'gave up');
  expect(lines).toEqual(['info', 'warn']);
});
