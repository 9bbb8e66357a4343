import { describe, expect, test } from 'vitest';
import type { HealthState } from '../../../src/health/report.ts';
import { createReporter } from '../../../src/health/reporter.ts';

const limits = { checkTimeoutMs: 5_000, cacheMs: 0, messages: true };
const settings = { ...limits, liveness: {}, readiness: {}, startup: {} } as never;

/** A reporter whose readiness waits for `end()`. */
function withSlowCheck() {
  let end = () => {};
  const slow = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { reporter: createReporter(settings, { slow: () => slow }), end: () => end() };
}

describe('a state that changes while a check runs', () => {
  test('to draining: not ready, though every check passed', async () => {
    const { reporter, end } = withSlowCheck();
    reporter.setState('ready');
    const report = reporter.report('readyz');
    reporter.setState('draining');
    end();
    expect(await report).toMatchObject({ ok: false, state: 'draining', checks: { slow: { ok: true } } });
  });

  test('to ready: not yet ready, for the question came before', async () => {
    const { reporter, end } = withSlowCheck();
    const report = reporter.report('readyz');
    reporter.setState('ready');
    end();
    expect(await report).toMatchObject({ ok: false, state: 'ready' });
    expect(await reporter.report('readyz')).toMatchObject({ ok: true, state: 'ready' });
  });
});

test('the state moves forward only, and says whether it moved', () => {
  const reporter = createReporter(settings, {});
  const moves: [HealthState, boolean][] = [
    ['starting', false],
    ['ready', true],
    ['ready', false],
    ['draining', true],
    ['ready', false],
    ['stopped', true],
    ['draining', false],
  ];
  for (const [state, moved] of moves) expect(reporter.setState(state), state).toBe(moved);
  expect(reporter.state).toBe('stopped');
});
