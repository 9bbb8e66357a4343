import { expect, test } from 'vitest';
import { type BlockedReporterOptions, createBlockedReporter } from '../../../src/health/blocked-reporter.ts';
import type { HealthReport, HealthState } from '../../../src/health/report.ts';

/** A worker thread's answers, with a main thread whose heart beats as it is told. */
function withMain({ state = 'ready' as HealthState, hasChecks = true, ok = true }) {
  const main = { ageMs: 0, state, ok };
  const options: BlockedReporterOptions = {
    heartbeatMs: 50,
    maxBlockedMs: 30_000,
    readyMaxBlockedMs: 1_000,
    hasChecks: { livez: hasChecks, readyz: hasChecks, startupz: hasChecks },
    heartbeatAgeMs: () => main.ageMs,
    state: () => main.state,
    askMain: async (endpoint): Promise<HealthReport> => {
      const db = main.ok ? { ok: true } : { ok: false, message: 'refused' };
      return { endpoint, ok: main.ok, state: main.state, checks: { db: { ...db, durationMs: 1, ageMs: 0 } } };
    },
  };
  return { main, report: createBlockedReporter(options) };
}
const namesOf = ({ checks }: HealthReport) => Object.keys(checks);

test('before the app is ready the state is the reason, not the main thread', async () => {
  const { report } = withMain({ state: 'starting' });
  expect(await report('readyz')).toEqual({ endpoint: 'readyz', ok: false, state: 'starting', checks: {} });
  expect(await report('livez')).toMatchObject({ ok: true });
});

test('a main thread that has stopped turning is blamed after its limit, until then its last results count', async () => {
  const { main, report } = withMain({});
  expect(await report('readyz')).toMatchObject({ ok: true });
  main.ageMs = 900;
  const stale = await report('readyz');
  expect([stale.ok, namesOf(stale)]).toEqual([true, ['db']]);
  main.ageMs = 1_001;
  const blocked = await report('readyz');
  expect([blocked.ok, namesOf(blocked)]).toEqual([false, ['db', 'main-thread']]);
  expect(blocked.checks['main-thread']?.message).toBe('the main thread has not turned for 1001 ms');
  expect(await report('livez')).toMatchObject({ ok: true });
  main.ageMs = 30_001;
  expect(await report('livez')).toMatchObject({ ok: false });
});

test('checks that failed last are the reason while the main thread is within its limit', async () => {
  const { main, report } = withMain({ ok: false });
  await report('readyz');
  main.ageMs = 500;
  const stale = await report('readyz');
  expect([stale.ok, namesOf(stale)]).toEqual([false, ['db']]);
});

test('a main thread that was never heard of is blamed at once, but not for liveness', async () => {
  const { main, report } = withMain({});
  main.ageMs = 500;
  const unknown = await report('readyz');
  expect([unknown.ok, namesOf(unknown)]).toEqual([false, ['main-thread']]);
  expect(await report('livez')).toMatchObject({ ok: true, checks: {} });
});

test('without checks the state alone decides, and the limits', async () => {
  const { main, report } = withMain({ hasChecks: false });
  main.ageMs = 999;
  expect(await report('readyz')).toMatchObject({ ok: true, checks: {} });
  main.state = 'draining';
  expect(await report('readyz')).toMatchObject({ ok: false, checks: {} });
});
