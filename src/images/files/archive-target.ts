import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import process from 'node:process';
import { type Bytes, type Content, checked, contentOf, type Descriptor } from '../content.ts';
import { ImageError } from '../image-error.ts';
import type { ImageSource } from '../image-source.ts';
import type { Arrival, ImageTarget } from '../image-target.ts';
import { manifestTypes } from '../media-types.ts';
import type { FileReference } from '../reference.ts';
import { fileFailure } from './file-failure.ts';
import { indexEntry, layoutFile, layoutVersion } from './layout-index.ts';
import { tarEnd, tarHead, tarPadding } from './tar-head.ts';

/** A tar archive of a layout, which replaces the file when it is whole. With one image in it, `docker load` takes it, too. */
export class ArchiveTarget implements ImageTarget {
  readonly reference: string;
  /** One after the other, as in the file. */
  readonly parallel = 1;
  readonly #named: FileReference;
  readonly #unfinished: string;
  #file: number | undefined;
  readonly #written = new Set<string>();

  constructor(named: FileReference) {
    this.reference = named.text;
    this.#named = named;
    this.#unfinished = `${named.path}.${process.pid}`;
  }

  async current(): Promise<string | undefined> {
    if (statSync(this.#named.path, { throwIfNoEntry: false })?.isDirectory()) {
      throw new ImageError('IMAGE_FILE', this.reference, 'is a folder', { advice: `write oci:${this.#named.path}` });
    }
    // It is written anew: what else may be in it does not belong there.
    return undefined;
  }

  async copy(blob: Descriptor, source: ImageSource): Promise<Arrival> {
    await this.#add(blobName(blob), blob.size, checked(await source.open(blob), blob, source.reference));
    return 'copied';
  }

  async write(blob: Content): Promise<void> {
    await this.#add(blobName(blob), blob.size, once(blob.bytes));
  }

  async writeManifest(manifest: Content): Promise<void> {
    await this.write(manifest);
  }

  async finish(root: Content): Promise<void> {
    await this.write(root);
    const { tag, path } = this.#named;
    const files: [string, unknown][] = [
      [layoutFile, JSON.parse(layoutVersion)],
      ['index.json', { schemaVersion: 2, manifests: [indexEntry(root, tag)] }],
      ...(manifestTypes.includes(root.mediaType) ? [['manifest.json', dockerList(root)] as [string, unknown]] : []),
    ];
    for (const [name, json] of files) {
      const { bytes, size } = contentOf('', Buffer.from(JSON.stringify(json)));
      await this.#add(name, size, once(bytes));
    }
    this.#attempt((file) => {
      writeSync(file, tarEnd);
      fsyncSync(file);
    });
    this.#end();
    this.#attempt(() => renameSync(this.#unfinished, path), false);
  }

  async close(): Promise<void> {
    if (this.#file === undefined) return;
    this.#end();
    rmSync(this.#unfinished, { force: true });
  }

  /** What two images share is in it once. */
  async #add(name: string, size: number, bytes: Bytes): Promise<void> {
    if (this.#written.has(name)) return;
    this.#written.add(name);
    this.#attempt((file) => writeSync(file, tarHead(name, size, 0o644)));
    for await (const chunk of bytes) this.#attempt((file) => writeAll(file, chunk));
    this.#attempt((file) => writeSync(file, tarPadding(size)));
  }

  #attempt(act: (file: number) => void, needsFile = true): void {
    try {
      if (needsFile) this.#file ??= openSync(this.#unfinished, 'wx');
      act(this.#file ?? -1);
    } catch (error) {
      throw fileFailure('written', this.reference, error);
    }
  }

  #end(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

function writeAll(file: number, chunk: Uint8Array): void {
  for (let offset = 0; offset < chunk.length; ) offset += writeSync(file, chunk, offset);
}

function blobName({ digest }: Descriptor): string {
  return `blobs/${digest.replace(':', '/')}`;
}

async function* once(bytes: Uint8Array): Bytes {
  yield bytes;
}

/** What `docker load` reads (moby 28, image/tarexport/load.go). The image has no name there but its digest. */
function dockerList({ bytes }: Content): object {
  const { config, layers } = JSON.parse(bytes.toString('utf8')) as { config: Descriptor; layers: Descriptor[] };
  return [{ Config: blobName(config), RepoTags: null, Layers: layers.map(blobName) }];
}
