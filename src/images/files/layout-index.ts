import type { Content } from '../content.ts';

/** OCI image 1.1, image-layout.md. */
export const layoutFile = 'oci-layout';
export const layoutVersion = '{"imageLayoutVersion":"1.0.0"}';
export const refName = 'org.opencontainers.image.ref.name';

/** The entry of an image in index.json. */
export function indexEntry({ mediaType, digest, size }: Content, tag: string | undefined): object {
  return { mediaType, digest, size, ...(tag === undefined ? {} : { annotations: { [refName]: tag } }) };
}
