import { expect, test } from 'vitest';
import { LifecycleOptionError, readOptions } from '../../../src/lifecycle/options.ts';
import { planShutdown, sidecarWarning } from '../../../src/lifecycle/plan.ts';

const host = { inKubernetes: false, exit() {} };
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
  expect(readOptions({}, host).drainDelayMs).toBe(0);
  expect(readOptions({}, { ...host, inKubernetes: true }).drainDelayMs).toBe(5_000);
  expect(readOptions({ drainDelayMs: 7 }, { ...host, inKubernetes: true }).drainDelayMs).toBe(7);
});

test.each([
  [{ graceMs: 5_000, drainDelayMs: 4_000 }, 'drainDelayMs 4000 and reserveMs 2000 leave nothing of graceMs 5000'],
  [{ hookTimeoutMs: -1 }, 'hookTimeoutMs is -1'],
  [{ hooks: [{ name: 'x' }] }, 'a hook needs { name: string, run: function }'],
  [{ quitSidecar: 'istoi' }, 'quitSidecar is "istoi"'],
  [{ drainDelay: 5 }, 'there is no option "drainDelay"'],
])('%j is refused', (options, message) => {
  expect(() => readOptions(options as never, host)).toThrow(LifecycleOptionError);
  expect(() => readOptions(options as never, host)).toThrow(message);
});
