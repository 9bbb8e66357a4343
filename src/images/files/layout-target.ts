import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { pipeline } from 'node:stream/promises';
import { type Bytes, type Content, checked, type Descriptor } from '../content.ts';
import { ImageError } from '../image-error.ts';
import type { ImageSource } from '../image-source.ts';
import type { Arrival, ImageTarget } from '../image-target.ts';
import { isObject, type Json } from '../manifest.ts';
import type { FileReference } from '../reference.ts';
import { fileFailure } from './file-failure.ts';
import { indexEntry, layoutFile, layoutVersion, refName } from './layout-index.ts';

/** A folder with the layout of OCI: a new one, or one more image in it. */
export class LayoutTarget implements ImageTarget {
  readonly reference: string;
  readonly parallel = 3;
  readonly #named: FileReference;
  readonly #unfinished = new Set<string>();

  constructor(named: FileReference) {
    this.reference = named.text;
    this.#named = named;
  }

  async current(): Promise<string | undefined> {
    return this.#attempt(() => {
      const { path } = this.#named;
      const isNew = !existsSync(path) || readdirSync(path).length === 0;
      if (!isNew && !existsSync(join(path, layoutFile))) {
        throw new ImageError('IMAGE_FILE', this.reference, 'is a folder of something else', {
          advice: 'name an empty folder, or one that does not exist',
        });
      }
      const digest = this.#entries().find((entry) => this.#isNamed(entry))?.digest;
      return typeof digest === 'string' && existsSync(this.#path(digest)) ? digest : undefined;
    });
  }

  async copy(blob: Descriptor, source: ImageSource): Promise<Arrival> {
    if (this.#has(blob)) return 'there';
    await this.#writeBlob(blob, checked(await source.open(blob), blob, source.reference));
    return 'copied';
  }

  async write(blob: Content): Promise<void> {
    if (!this.#has(blob)) this.#writeFile(this.#path(blob.digest), blob.bytes);
  }

  async writeManifest(manifest: Content): Promise<void> {
    await this.write(manifest);
  }

  async finish(root: Content): Promise<void> {
    await this.write(root);
    const others = this.#attempt(() => this.#entries()).filter((entry) => !this.#isNamed(entry));
    const index = { schemaVersion: 2, manifests: [...others, indexEntry(root, this.#named.tag)] };
    this.#writeFile(join(this.#named.path, layoutFile), Buffer.from(layoutVersion));
    this.#writeFile(join(this.#named.path, 'index.json'), Buffer.from(JSON.stringify(index)));
  }

  async close(): Promise<void> {
    for (const path of this.#unfinished) rmSync(path, { force: true });
  }

  /** Without a tag, the one that has none. */
  #isNamed({ annotations }: Json): boolean {
    const name = isObject(annotations) ? annotations[refName] : undefined;
    return name === this.#named.tag;
  }

  #entries(): readonly Json[] {
    const path = join(this.#named.path, 'index.json');
    if (!existsSync(path)) return [];
    const index: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isObject(index) && Array.isArray(index.manifests) ? index.manifests.filter(isObject) : [];
  }

  #has({ digest, size }: Descriptor): boolean {
    return statSync(this.#path(digest), { throwIfNoEntry: false })?.size === size;
  }

  #path(digest: string): string {
    return join(this.#named.path, 'blobs', ...digest.split(':'));
  }

  async #writeBlob({ digest }: Descriptor, bytes: Bytes): Promise<void> {
    const path = this.#path(digest);
    const unfinished = this.#attempt(() => this.#begin(path));
    try {
      await pipeline(bytes, createWriteStream(unfinished));
    } catch (error) {
      throw fileFailure('written', this.reference, error);
    }
    this.#attempt(() => this.#end(unfinished, path));
  }

  #writeFile(path: string, bytes: Buffer): void {
    this.#attempt(() => {
      const unfinished = this.#begin(path);
      writeFileSync(unfinished, bytes);
      this.#end(unfinished, path);
    });
  }

  #begin(path: string): string {
    const unfinished = `${path}.${process.pid}`;
    mkdirSync(dirname(path), { recursive: true });
    this.#unfinished.add(unfinished);
    return unfinished;
  }

  #end(unfinished: string, path: string): void {
    renameSync(unfinished, path);
    this.#unfinished.delete(unfinished);
  }

  #attempt<Result>(act: () => Result): Result {
    try {
      return act();
    } catch (error) {
      throw fileFailure('written', this.reference, error);
    }
  }
}
