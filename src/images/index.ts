/** Images, for the commands of the package. To be loaded by a dynamic import: it brings the HTTP client along. */
export type { ImageAccess, ImageConfig, ImagePlatform, ReadImageOptions, ReadImagesOptions } from './image-config.ts';
export { ImageError, type ImageErrorCode } from './image-error.ts';
export { imagesFileText, readImagesFile } from './images-file.ts';
export { readImageConfig, readImageConfigs } from './read-image-configs.ts';
export { type ImageReference, parseReference } from './reference.ts';
export { type WrapImageOptions, type WrapResult, wrapImage } from './wrap/wrap-image.ts';
