// OCI image specification v1.1 (media-types.md); Docker's "Image Manifest V 2, Schema 2".
const oci = 'application/vnd.oci.image.';
const docker = 'application/vnd.docker.';

export const ociIndexType = `${oci}index.v1+json`;
export const ociManifestType = `${oci}manifest.v1+json`;
export const ociConfigType = `${oci}config.v1+json`;
export const ociLayerType = `${oci}layer.v1.tar`;
export const dockerManifestType = `${docker}distribution.manifest.v2+json`;
const dockerListType = `${docker}distribution.manifest.list.v2+json`;
const dockerConfigType = `${docker}container.image.v1+json`;
const dockerLayerType = `${docker}image.rootfs.diff.tar`;

export const indexTypes: readonly string[] = [ociIndexType, dockerListType];
export const manifestTypes: readonly string[] = [ociManifestType, dockerManifestType];
/** A config without a type is from before there were types. */
export const configTypes: readonly string[] = [ociConfigType, dockerConfigType];

/** Of a compressed layer in a manifest of this kind. */
export function gzipLayerType(manifestType: string): string {
  return manifestType === dockerManifestType ? `${dockerLayerType}.gzip` : `${ociLayerType}+gzip`;
}

/** Layers that their vendor lets nobody hand on: they stay where `urls` says. */
export function isForeignLayer(mediaType: string): boolean {
  return mediaType.includes('.nondistributable.') || mediaType.includes('.foreign.');
}
