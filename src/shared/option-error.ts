/** A wrong option: a mistake in the program, found when a function is called with it. */
export class MeshOptionError extends TypeError {
  override readonly name = 'MeshOptionError';
  readonly code = 'MESH_OPTION';
}
