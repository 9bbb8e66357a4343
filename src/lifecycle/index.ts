import '../shared/supported-node.ts';

export type { MeshName } from '../mesh/profiles/profiles.ts';
export { type Logger, silentLogger } from '../shared/logger.ts';
export { MeshOptionError, type OptionFault } from '../shared/mesh-option-error.ts';
export type { Accepted, OptionRow } from '../shared/option-table.ts';
export { type KeepAliveOptions, keepAliveFor } from './keep-alive.ts';
export { keepAliveOptionTable } from './keep-alive-option-table.ts';
export { createLifecycle, type Lifecycle } from './lifecycle.ts';
export { lifecycleExitCodes } from './lifecycle-exit-codes.ts';
export { lifecycleOptionTable } from './lifecycle-option-table.ts';
export type {
  Closable,
  DrainableServer,
  GrpcServer,
  LifecycleOptions,
  ShutdownHook,
  WebSocketEndpoint,
} from './lifecycle-options.ts';
export { QuitSidecarError, quitSidecar } from './quit-sidecar.ts';
export { quitSidecarOptionTable } from './quit-sidecar-option-table.ts';
