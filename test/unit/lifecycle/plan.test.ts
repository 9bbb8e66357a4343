import { expect, test } from 'vitest';
import { readOptions } from '../../../src/lifecycle/options.ts';
import { planShutdown, sidecarWarning } from '../../../src/lifecycle/plan.ts';
import { MeshOptionError } from '../../../src/shared/mesh-option-error.ts';

const times = {
  ...{ drainDelayMs: 5_000, graceMs: 30_000, preStopMs: 0, reserveMs: 2_000, hookTimeoutMs: 3_000 },
  classicSidecarMs: 5_000,
};
const hook = (timeoutMs?: number) => ({ name: 'h', run() {}, timeoutMs });

test('requests have the time that hooks do not need', () => {
  expect(planShutdown(times, [])).toMatchObject({ serveUntilMs: 28_000, cutAtMs: 28_000 });
  expect(planShutdown(times, [hook(), hook(1_000)])).toMatchObject({ serveUntilMs: 24_000, cutAtMs: 28_000 });
  expect(planShutdown(times, [hook(60_000)])).toMatchObject({ serveUntilMs: 16_500, cutAtMs: 28_000 });
});

test('a plan that outlives a classic sidecar is warned of, with the cure', () => {
  expect(sidecarWarning(times, [])).toBeUndefined();
  expect(sidecarWarning(times, [hook()])).toMatch(
    /^drain delay 5000 ms and hooks 3000 ms may take 8000 ms.*terminationDrainDuration and classicSidecarMs to 8 s/,
  );
  expect(sidecarWarning({ ...times, classicSidecarMs: false }, [hook()])).toBeUndefined();
});

test('the drain delay is for Kubernetes, unless it is given', () => {
  expect(readOptions({}, false).drainDelayMs).toBe(0);
  expect(readOptions({}, true).drainDelayMs).toBe(5_000);
  expect(readOptions({ drainDelayMs: 7 }, true).drainDelayMs).toBe(7);
});

test('a classic sidecar is not expected anywhere: a process cannot see one', () => {
  expect(readOptions({}, false).classicSidecarMs).toBe(false);
  expect(readOptions({}, true).classicSidecarMs).toBe(false);
  expect(readOptions({ classicSidecarMs: 5_000 }, true).classicSidecarMs).toBe(5_000);
});

test("a preStop hook takes its time out of the grace, and out of the drain delay's default", () => {
  expect(planShutdown({ ...times, preStopMs: 10_000 }, [])).toMatchObject({ serveUntilMs: 18_000, cutAtMs: 18_000 });
  expect(readOptions({ preStopMs: 2_000 }, true).drainDelayMs).toBe(3_000);
  expect(readOptions({ preStopMs: 15_000 }, true).drainDelayMs).toBe(0);
  expect(readOptions({ preStopMs: 15_000, drainDelayMs: 1_000 }, true).drainDelayMs).toBe(1_000);
});

test('clients are asked to leave in the last part of the drain delay', () => {
  expect(planShutdown(times, [])).toMatchObject({ announceAtMs: 3_000, closeAtMs: 5_000 });
  expect(planShutdown({ ...times, drainDelayMs: 1_000 }, [])).toMatchObject({ announceAtMs: 500, closeAtMs: 1_000 });
});

test.each([
  [
    { graceMs: 5_000, drainDelayMs: 4_000 },
    'graceMs must be more than preStopMs (0), drainDelayMs (4000) and reserveMs (2000) together, got 5000; raise graceMs',
  ],
  [
    { preStopMs: 29_000 },
    'graceMs must be more than preStopMs (29000), drainDelayMs (0) and reserveMs (2000) together, got 30000; raise graceMs',
  ],
  [{ hookTimeoutMs: -1 }, 'hookTimeoutMs must be a number of milliseconds from 0 to 2147483647 (24 days), got -1'],
  [{ hooks: [{ name: 'x' }] }, 'hooks[0].run must be a function, got undefined'],
  [{ quitSidecar: 'istoi' }, 'got the string "istoi"; did you mean "istio"?'],
  [{ drainDelay: 5 }, 'there is no option "drainDelay"; did you mean "drainDelayMs"?'],
])('%j is refused', (options, message) => {
  expect(() => readOptions(options as never, false)).toThrow(MeshOptionError);
  expect(() => readOptions(options as never, false)).toThrow(message);
});
