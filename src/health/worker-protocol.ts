import type { ProbeServerOptions } from './probe-server-options.ts';
import type { HealthEndpoint, HealthReport, HealthState } from './report.ts';

/** What the worker thread is started with. */
export interface WorkerSetup extends Omit<ProbeServerOptions, 'ask'> {
  readonly port: number;
  readonly host: string | undefined;
  /** One 64-bit number: when the main loop turned last, in nanoseconds of the process's monotonic clock. */
  readonly heartbeat: SharedArrayBuffer;
  readonly heartbeatMs: number;
  readonly maxBlockedMs: number;
  readonly readyMaxBlockedMs: number;
  readonly hasChecks: Readonly<Record<HealthEndpoint, boolean>>;
}

export type ToWorker =
  | { readonly type: 'state'; readonly state: HealthState }
  | { readonly type: 'report'; readonly id: number; readonly report: HealthReport }
  | { readonly type: 'close' };

export type FromWorker =
  | { readonly type: 'listening'; readonly address: string; readonly port: number }
  | { readonly type: 'failed'; readonly code: string; readonly message: string }
  | { readonly type: 'ask'; readonly id: number; readonly endpoint: HealthEndpoint }
  | { readonly type: 'closed' };
