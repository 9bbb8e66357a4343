import '../shared/supported-node.ts';

export type { MeshName } from '../mesh/profiles/profiles.ts';
export type { SidecarFound, WaitProgress } from '../mesh/wait/wait.ts';
export { type Logger, silentLogger } from '../shared/logger.ts';
export { MeshOptionError, type OptionFault } from '../shared/mesh-option-error.ts';
export type { Accepted, OptionRow } from '../shared/option-table.ts';
export { MeshTimeoutError } from './errors.ts';
export { type WaitForMeshResult, waitForMesh } from './wait-for-mesh.ts';
export type { WaitForMeshOptions } from './wait-for-mesh-options.ts';
export { waitOptionTable } from './wait-option-table.ts';
