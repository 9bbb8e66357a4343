declare const MESH_SHIM_VERSION: string | undefined;

/** Set when the package is built; the sources themselves have none. */
export function toolVersion(): string {
  return typeof MESH_SHIM_VERSION === 'string' ? MESH_SHIM_VERSION : '0.0.0';
}
