export { MeshTimeoutError } from './errors.ts';
export { type WaitForMeshResult, waitForMesh } from './wait-for-mesh.ts';
export type { WaitForMeshOptions } from './wait-for-mesh-options.ts';
export { waitOptionTable } from './wait-option-table.ts';
