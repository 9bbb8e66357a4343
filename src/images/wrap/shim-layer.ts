import { type StoredLayer, storedLayer } from '../stored-layer.ts';

/** Where the shim lies in an image: as in the image layer of a Dockerfile. */
export const shimPath = '/mesh-shim';

/** A layer that has the shim and nothing else. */
export function shimLayer(executable: Buffer): StoredLayer {
  return storedLayer([{ name: shimPath.slice(1), mode: 0o555, bytes: executable }]);
}
