import '../shared/supported-node.ts';

export { type Logger, silentLogger } from '../shared/logger.ts';
export { MeshOptionError, type OptionFault } from '../shared/mesh-option-error.ts';
export type { Accepted, OptionRow } from '../shared/option-table.ts';
export type { Check, CheckOptions } from './check.ts';
export { HealthServerError, type HealthServerErrorCode } from './errors.ts';
export type { EventLoopLimits } from './event-loop-check.ts';
export { healthOptionTable } from './health-option-table.ts';
export type { Checks, HealthServerOptions } from './health-server-options.ts';
export type { CheckResult, HealthEndpoint, HealthReport, HealthState } from './report.ts';
export { createHealthServer, type HealthServer } from './server.ts';
