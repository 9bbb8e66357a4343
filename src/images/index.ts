/**
 * What `wrap` and `image` need of images. Loaded by a dynamic import, since it brings undici along:
 *
 * - `readImageConfig(reference, options): Promise<ImageConfig>`, rejects with ImageError
 * - `readImageConfigs(references, options): Promise<ReadonlyMap<string, ImageConfig | ImageError>>`, never rejects for one image
 * - `readImagesFile(path): ReadonlyMap<string, ImageConfig | undefined>`, undefined: still to be filled in
 * - `imagesFileText(images: ReadonlyMap<string, ImageConfig | undefined>): string`
 */
export type { ImageAccess, ImageConfig, ImagePlatform, ReadImageOptions, ReadImagesOptions } from './image-config.ts';
export { ImageError, type ImageErrorCode, imageErrorTable } from './image-error.ts';
export { type ImageReference, parseReference } from './reference.ts';
