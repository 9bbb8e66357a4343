export { MeshTimeoutError } from './errors.ts';
export { type WaitForMeshOptions, waitForMeshDefaults } from './options.ts';
export { type WaitForMeshResult, waitForMesh } from './wait-for-mesh.ts';
