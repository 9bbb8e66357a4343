import { statSync } from 'node:fs';
import { type Bytes, type Content, contentOf, type Descriptor, isNamedBy, wrongBytes } from '../content.ts';
import { ImageError } from '../image-error.ts';
import { type ImageSource, longestDocument } from '../image-source.ts';
import { isObject, type Json, readJson } from '../manifest.ts';
import { ociIndexType } from '../media-types.ts';
import { type FileReference, isDigest } from '../reference.ts';
import { type BlobFiles, filesInArchive, filesInFolder } from './blob-files.ts';
import { savedImages } from './docker-save.ts';
import { fileFailure } from './file-failure.ts';
import { refName } from './layout-index.ts';

/** An image in a folder with the layout of OCI, or in an archive: of `docker save`, or of such a folder. */
export class FileSource implements ImageSource {
  readonly reference: string;
  readonly #files: BlobFiles;
  readonly #named: FileReference;
  /** What `docker save` has under names of its own. */
  readonly #saved: ReadonlyMap<string, string>;
  readonly #root: Content;

  /** @throws ImageError */
  constructor(named: FileReference) {
    this.reference = named.text;
    this.#named = named;
    this.#files = this.#attempt(() => openFiles(named));
    const index = this.#attempt(() => this.#files.read('index.json', longestDocument));
    if (index !== undefined) {
      this.#saved = new Map();
      this.#root = this.#chosen(contentOf(ociIndexType, index));
      return;
    }
    const list = this.#attempt(() => this.#files.read('manifest.json', longestDocument));
    if (list === undefined) throw this.#damaged('has neither an index.json nor the manifest.json of docker save');
    const { manifest, names } = savedImages(list, this.#files, named);
    this.#saved = names;
    this.#root = manifest;
  }

  async root(): Promise<Content> {
    return this.#root;
  }

  async read(descriptor: Descriptor): Promise<Content> {
    const { mediaType, digest } = descriptor;
    if (digest === this.#root.digest) return this.#root;
    const bytes = this.#attempt(() => this.#files.read(this.#nameOf(digest), longestDocument));
    if (bytes === undefined) throw this.#damaged(`lacks ${digest}, or it is longer than ${longestDocument} bytes`);
    if (!isNamedBy(bytes, digest)) throw wrongBytes(this.reference, digest, 'other bytes');
    return { mediaType, digest, size: bytes.length, bytes };
  }

  async open({ digest }: Descriptor): Promise<Bytes> {
    const bytes = this.#attempt(() => this.#files.open(this.#nameOf(digest)));
    if (bytes === undefined) throw this.#damaged(`lacks ${digest}`);
    return readable(bytes, this.reference);
  }

  async close(): Promise<void> {}

  #nameOf(digest: string): string {
    return this.#saved.get(digest) ?? `blobs/${digest.replace(':', '/')}`;
  }

  /** The manifest of index.json that the tag names, or the only one. */
  #chosen(index: Content): Content {
    const { manifests } = readJson(index, this.reference);
    const entries = (Array.isArray(manifests) ? manifests : []).filter(isObject);
    const { tag } = this.#named;
    const found = tag === undefined ? entries : entries.filter((entry) => namesOf(entry).includes(tag));
    const [entry] = found;
    if (entry === undefined || found.length > 1) throw this.#notOne(entries);
    const { digest, mediaType } = entry;
    if (typeof digest !== 'string' || !isDigest(digest)) throw this.#damaged('has an index.json that is damaged');
    const bytes = this.#attempt(() => this.#files.read(this.#nameOf(digest), longestDocument));
    if (bytes === undefined) throw this.#damaged(`lacks ${digest}`);
    if (!isNamedBy(bytes, digest)) throw wrongBytes(this.reference, digest, 'other bytes');
    return { mediaType: typeof mediaType === 'string' ? mediaType : '', digest, size: bytes.length, bytes };
  }

  #notOne(entries: readonly Json[]): ImageError {
    const { tag, text } = this.#named;
    const tags = entries.flatMap((entry) => namesOf(entry).slice(0, 1));
    const there = tags.length === 0 ? 'none has a tag' : `there are ${tags.join(', ')}`;
    if (entries.length === 0)
      return new ImageError('IMAGE_NOT_FOUND', text, 'holds no image', { advice: 'look at the path' });
    return tag === undefined
      ? new ImageError('IMAGE_REFERENCE', text, `holds ${entries.length} images; ${there}`, {
          advice: 'name one behind the path: oci:FOLDER:TAG',
        })
      : new ImageError('IMAGE_NOT_FOUND', text, `holds no image ${JSON.stringify(tag)}; ${there}`, {
          advice: 'name one that there is',
        });
  }

  #attempt<Result>(act: () => Result): Result {
    try {
      return act();
    } catch (error) {
      throw fileFailure('read', this.reference, error);
    }
  }

  #damaged(what: string): ImageError {
    return new ImageError('IMAGE_FILE', this.reference, what);
  }
}

async function* readable(bytes: Bytes, reference: string): Bytes {
  try {
    yield* bytes;
  } catch (error) {
    throw fileFailure('read', reference, error);
  }
}

function openFiles({ kind, path, text }: FileReference): BlobFiles {
  const isFolder = statSync(path).isDirectory();
  if (isFolder === (kind === 'layout')) return isFolder ? filesInFolder(path) : filesInArchive(path);
  throw new ImageError('IMAGE_FILE', text, isFolder ? 'is a folder' : 'is no folder', {
    advice: isFolder ? `write oci:${path}` : `write archive:${path}`,
  });
}

/** The tag by itself, and the whole name where that stands there (OCI image 1.1, annotations.md; containerd's own). */
function namesOf({ annotations }: Json): string[] {
  const named = isObject(annotations) ? annotations : {};
  return [refName, 'io.containerd.image.name']
    .map((name) => named[name])
    .filter((name): name is string => typeof name === 'string')
    .flatMap((name) => [name.slice(name.lastIndexOf('/') + 1).replace(/^[^:]*:/, ''), name]);
}
