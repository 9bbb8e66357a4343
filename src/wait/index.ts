import '../shared/supported-node.ts';

export type { MeshName } from '../mesh/wait/profiles.ts';
export type { SidecarFound, WaitProgress } from '../mesh/wait/wait.ts';
export { type Logger, silentLogger } from '../shared/logger.ts';
export { MeshOptionError } from '../shared/option-error.ts';
export { MeshTimeoutError } from './errors.ts';
export { type WaitForMeshOptions, waitForMeshDefaults } from './options.ts';
export { type WaitForMeshResult, waitForMesh } from './wait-for-mesh.ts';
