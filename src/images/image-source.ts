import type { Bytes, Content, Descriptor } from './content.ts';

/** Where an image is read from. Whatever it gives has been checked against its digest, but for the bytes of `open`. */
export interface ImageSource {
  /** As it was asked for. */
  readonly reference: string;
  /** What the reference points to: a manifest or an index. */
  root(): Promise<Content>;
  /** A manifest of an index, or a config: small, and in memory. */
  read(descriptor: Descriptor): Promise<Content>;
  /** A layer, to be read through `checked`. */
  open(descriptor: Descriptor): Promise<Bytes>;
  close(): Promise<void>;
}

/** The longest manifest, index or config that is read: registries take no manifest above 4 MiB (OCI distribution 1.1). */
export const longestDocument = 4 * 1024 * 1024;
