export {
  type Check,
  type CheckOptions,
  type CheckResult,
  type Checks,
  createHealthServer,
  type EventLoopLimits,
  type HealthEndpoint,
  type HealthReport,
  type HealthServer,
  HealthServerError,
  type HealthServerErrorCode,
  type HealthServerOptions,
  type HealthState,
  healthServerDefaults,
} from './health/index.ts';
export {
  createLifecycle,
  type DrainableServer,
  type KeepAliveOptions,
  keepAliveFor,
  type Lifecycle,
  LifecycleOptionError,
  type LifecycleOptions,
  lifecycleDefaults,
  lifecycleExitCodes,
  QuitSidecarError,
  quitSidecar,
  type ShutdownHook,
  type WebSocketEndpoint,
} from './lifecycle/index.ts';
export type { Logger } from './logger.ts';
export {
  type DescribedPort,
  describePorts,
  type PortFinding,
  type PortFindingCode,
} from './mesh/describe-ports.ts';
export { type PortDeclaration, type PortProtocol, portProtocol } from './mesh/port-protocol.ts';
export { isReservedPort, type ReservedPort, reservedPorts } from './mesh/ports.ts';
