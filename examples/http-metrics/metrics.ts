import { subscribe } from 'node:diagnostics_channel';
import { metrics } from '@opentelemetry/api';
import {
  type BudgetEvent,
  type GiveUpEvent,
  httpChannels,
  type RetryEvent,
  type WaitEvent,
} from '../../src/http/index.ts';

/** Counts what the HTTP client does, on a meter of OpenTelemetry: that of the app's own SDK, or of its Prometheus exporter. */
export function countRetries(meter = metrics.getMeter('mesh-shim')): void {
  const waits = meter.createCounter('mesh_shim.http.waits', { description: 'Requests that began to wait' });
  const retries = meter.createCounter('mesh_shim.http.retries', {
    description: 'Attempts that failed and were repeated',
  });
  const giveUps = meter.createCounter('mesh_shim.http.give_ups', { description: 'Requests that failed for good' });
  const refusals = meter.createCounter('mesh_shim.http.budget_refusals', {
    description: 'Retries that the budget refused',
  });

  subscribe(httpChannels.wait, (event) => {
    const { origin, failure } = event as WaitEvent;
    waits.add(1, { origin, failure });
  });
  subscribe(httpChannels.retry, (event) => {
    const { origin, failure, neverSent } = event as RetryEvent;
    retries.add(1, { origin, failure, never_sent: neverSent });
  });
  subscribe(httpChannels.giveUp, (event) => {
    const { origin, failure, why } = event as GiveUpEvent;
    giveUps.add(1, { origin, failure, why });
  });
  subscribe(httpChannels.budget, (event) => {
    const { origin, failure } = event as BudgetEvent;
    refusals.add(1, { origin, failure });
  });
}
