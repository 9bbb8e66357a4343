/**
 * Set for the children of a process that has waited: the sidecar may be gone again, and they must start all the same.
 * Not one of MESH_SHIM_*, which are settings: an unknown one of these is an error.
 */
const waitedVariable = '_MESH_SHIM_WAITED';

/** The shim in any of its forms waits by itself, and its small commands must not wait. */
const shimNames = ['mesh-shim', 'mesh-shim.cjs'];

// Every child and thread of the app comes by here: what they do not need is not even loaded.
if (process.env[waitedVariable] === undefined && !shimNames.includes(process.argv[1]?.split('/').pop() ?? '')) {
  const { waitInProcess } = await import('./wait-in-process.ts');
  await waitInProcess();
  process.env[waitedVariable] = String(process.pid);
}

export {};
