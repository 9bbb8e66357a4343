import { expect, test } from 'vitest';
import { readOptions } from '../../../src/lifecycle/options.ts';
import { planShutdown, sidecarWarning } from '../../../src/lifecycle/plan.ts';
import { MeshOptionError } from '../../../src/shared/mesh-option-error.ts';

const times = { drainDelayMs: 5_000, graceMs: 30_000, reserveMs: 2_000, hookTimeoutMs: 3_000, classicSidecarMs: 5_000 };
const hook = (timeoutMs?: number) => ({ name: 'h', run() {}, timeoutMs });

test('requests have the time that hooks do not need', () => {
  expect(planShutdown(times, [])).toEqual({ serveUntilMs: 28_000, cutAtMs: 28_000 });
  expect(planShutdown(times, [hook(), hook(1_000)])).toEqual({ serveUntilMs: 24_000, cutAtMs: 28_000 });
  expect(planShutdown(times, [hook(60_000)])).toEqual({ serveUntilMs: 16_500, cutAtMs: 28_000 });
});

test('a plan that outlives a classic sidecar is warned of, with the cure', () => {
  expect(sidecarWarning(times, [])).toBeUndefined();
  expect(sidecarWarning(times, [hook()])).toMatch(
    /^drain delay 5000 ms and hooks 3000 ms may take 8000 ms.*terminationDrainDuration to 8s/,
  );
  expect(sidecarWarning({ ...times, classicSidecarMs: false }, [hook()])).toBeUndefined();
});

test('the drain delay is for Kubernetes, unless it is given', () => {
  expect(readOptions({}, false).drainDelayMs).toBe(0);
  expect(readOptions({}, true).drainDelayMs).toBe(5_000);
  expect(readOptions({ drainDelayMs: 7 }, true).drainDelayMs).toBe(7);
});

test('a classic sidecar is expected in Kubernetes, unless it is said that there is none', () => {
  expect(readOptions({}, false).classicSidecarMs).toBe(false);
  expect(readOptions({}, true).classicSidecarMs).toBe(5_000);
  expect(readOptions({ classicSidecarMs: false }, true).classicSidecarMs).toBe(false);
});

test.each([
  [
    { graceMs: 5_000, drainDelayMs: 4_000 },
    'graceMs must be more than drainDelayMs (4000) and reserveMs (2000) together, got 5000; raise graceMs',
  ],
  [{ hookTimeoutMs: -1 }, 'hookTimeoutMs must be a number of milliseconds from 0 to 2147483647 (24 days), got -1'],
  [{ hooks: [{ name: 'x' }] }, 'hooks[0].run must be a function, got undefined'],
  [{ quitSidecar: 'istoi' }, 'got the string "istoi"; did you mean "istio"?'],
  [{ drainDelay: 5 }, 'there is no option "drainDelay"; did you mean "drainDelayMs"?'],
])('%j is refused', (options, message) => {
  expect(() => readOptions(options as never, false)).toThrow(MeshOptionError);
  expect(() => readOptions(options as never, false)).toThrow(message);
});
