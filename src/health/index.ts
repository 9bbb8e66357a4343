export type { Check, CheckOptions } from './check.ts';
export { HealthServerError, type HealthServerErrorCode } from './errors.ts';
export type { EventLoopLimits } from './event-loop-check.ts';
export { healthOptionTable } from './health-option-table.ts';
export type { Checks, HealthServerOptions } from './health-server-options.ts';
export type { CheckResult, HealthEndpoint, HealthReport, HealthState } from './report.ts';
export { createHealthServer, type HealthServer } from './server.ts';
