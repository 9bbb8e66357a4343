import '../shared/supported-node.ts';

export { type Logger, silentLogger } from '../shared/logger.ts';
export type { Check, CheckOptions } from './check.ts';
export { HealthServerError, type HealthServerErrorCode } from './errors.ts';
export type { EventLoopLimits } from './event-loop-check.ts';
export { type Checks, type HealthServerOptions, healthServerDefaults } from './options.ts';
export type { CheckResult, HealthEndpoint, HealthReport, HealthState } from './report.ts';
export { createHealthServer, type HealthServer } from './server.ts';
