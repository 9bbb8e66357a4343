import '../shared/supported-node.ts';

export { type Logger, silentLogger } from '../shared/logger.ts';
export { lifecycleExitCodes } from './exit-codes.ts';
export { type KeepAliveOptions, keepAliveFor } from './keep-alive.ts';
export { createLifecycle, type Lifecycle } from './lifecycle.ts';
export {
  type DrainableServer,
  LifecycleOptionError,
  type LifecycleOptions,
  lifecycleDefaults,
  type ShutdownHook,
  type WebSocketEndpoint,
} from './options.ts';
export { QuitSidecarError, quitSidecar } from './quit-sidecar.ts';
