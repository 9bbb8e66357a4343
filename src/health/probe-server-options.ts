import type { HealthEndpoint, HealthReport } from './report.ts';
import type { HealthPaths } from './respond.ts';

export interface ProbeServerOptions {
  readonly paths: HealthPaths;
  readonly maxConnections: number;
  readonly requestTimeoutMs: number;
  /** Gives the answer to a question; never rejects. */
  readonly ask: (endpoint: HealthEndpoint) => Promise<HealthReport> | HealthReport;
}
