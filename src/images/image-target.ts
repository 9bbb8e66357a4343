import type { Content, Descriptor } from './content.ts';
import type { ImageSource } from './image-source.ts';

/** How a blob came to its target. */
export type Arrival = 'there' | 'mounted' | 'copied';

/** Where an image is written to. Nothing has its name before all of it is there. */
export interface ImageTarget {
  /** As it was asked for. */
  readonly reference: string;
  /** How many blobs it takes at a time. */
  readonly parallel: number;
  /** What has the name now; undefined: nothing. */
  current(): Promise<string | undefined>;
  /** Sees to it that a blob of the source is there. */
  copy(blob: Descriptor, source: ImageSource): Promise<Arrival>;
  /** A config, or a layer of ours. */
  write(blob: Content): Promise<void>;
  /** A manifest of an index. */
  writeManifest(manifest: Content): Promise<void>;
  /** The manifest or index that gets the name: the last of all. */
  finish(root: Content): Promise<void>;
  /** After `finish`, or after a failure: then nothing half-done is left where it can be avoided. */
  close(): Promise<void>;
}
