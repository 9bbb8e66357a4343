import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ImageRegistry } from './image-registry.ts';

/** An image as a test describes it; the parts of its config by their names there. */
export interface TestImage {
  readonly os?: string;
  readonly architecture?: string;
  readonly variant?: string;
  /** `Entrypoint`, `Cmd`, `User`, ... */
  readonly config?: object;
  /** The files of its one layer, by path; all may be run. */
  readonly files?: Readonly<Record<string, string | Buffer>>;
  /** More for the config's file: `created`, `history`. */
  readonly more?: object;
  /** Docker's media types instead of OCI's. */
  readonly docker?: boolean;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface Described {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

const types = {
  oci: {
    index: 'application/vnd.oci.image.index.v1+json',
    manifest: 'application/vnd.oci.image.manifest.v1+json',
    config: 'application/vnd.oci.image.config.v1+json',
    layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
  },
  docker: {
    index: 'application/vnd.docker.distribution.manifest.list.v2+json',
    manifest: 'application/vnd.docker.distribution.manifest.v2+json',
    config: 'application/vnd.docker.container.image.v1+json',
    layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  },
} as const;

const hashOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** A layout of OCI in a folder, made without any code of ours. */
export class ImageLayout {
  readonly folder: string;
  readonly #entries: object[] = [];

  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(join(folder, 'blobs/sha256'), { recursive: true });
    writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
    this.#writeIndex();
  }

  blob(mediaType: string, bytes: Buffer): Described {
    const digest = hashOf(bytes);
    writeFileSync(join(this.folder, 'blobs', digest.replace(':', '/')), bytes);
    return { mediaType, digest, size: bytes.length };
  }

  json(mediaType: string, value: object): Described {
    return this.blob(mediaType, Buffer.from(JSON.stringify(value)));
  }

  /** An image without a name. */
  image({ files = {}, config = {}, more = {}, annotations, docker = false, ...platform }: TestImage): Described {
    const type = types[docker ? 'docker' : 'oci'];
    const layer = layerOf(files);
    const { os = 'linux', architecture = 'amd64', variant } = platform;
    const described = this.json(type.config, {
      os,
      architecture,
      ...(variant === undefined ? {} : { variant }),
      config,
      rootfs: { type: 'layers', diff_ids: [hashOf(layer)] },
      ...more,
    });
    const layers = [this.blob(type.layer, gzipSync(layer))];
    const head = { schemaVersion: 2, mediaType: type.manifest };
    return this.json(type.manifest, { ...head, config: described, layers, ...(annotations ? { annotations } : {}) });
  }

  index(images: readonly TestImage[], more: readonly object[] = []): Described {
    const { index } = types[images.some(({ docker }) => docker) ? 'docker' : 'oci'];
    const manifests = images.map((image) => {
      const { os = 'linux', architecture = 'amd64', variant } = image;
      const platform = { os, architecture, ...(variant === undefined ? {} : { variant }) };
      return { ...this.image(image), platform };
    });
    return this.json(index, { schemaVersion: 2, mediaType: index, manifests: [...manifests, ...more] });
  }

  name(described: Described, tag: string): Described {
    this.#entries.push({ ...described, annotations: { 'org.opencontainers.image.ref.name': tag } });
    this.#writeIndex();
    return described;
  }

  read(digest: string): Buffer {
    return readFileSync(join(this.folder, 'blobs', digest.replace(':', '/')));
  }

  /** Changes the last byte of a blob. */
  damage(digest: string): void {
    const bytes = this.read(digest);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(join(this.folder, 'blobs', digest.replace(':', '/')), bytes);
  }

  /** Undefined: it has no such blob. */
  find(digest: string): Buffer | undefined {
    return existsSync(join(this.folder, 'blobs', digest.replace(':', '/'))) ? this.read(digest) : undefined;
  }

  /** Puts all blobs into a registry, and one manifest with what it names. */
  async push({ host }: ImageRegistry, name: string, { digest }: Described, authorization?: string): Promise<string> {
    const headers = authorization === undefined ? {} : { authorization };
    const [repository = '', tag = 'latest'] = name.split(':');
    for (const hex of readdirSync(join(this.folder, 'blobs/sha256'))) {
      const started = await fetch(`http://${host}/v2/${repository}/blobs/uploads/`, { method: 'POST', headers });
      const url = new URL(started.headers.get('location') ?? '', `http://${host}`);
      url.searchParams.set('digest', `sha256:${hex}`);
      await expectOk(await fetch(url, { method: 'PUT', headers, body: this.read(`sha256:${hex}`) }));
    }
    await this.#pushManifest(`http://${host}/v2/${repository}/manifests/`, tag, digest, headers);
    return `${host}/${name}`;
  }

  async #pushManifest(url: string, name: string, digest: string, headers: Record<string, string>): Promise<void> {
    const bytes = this.read(digest);
    const { mediaType, manifests = [] } = JSON.parse(bytes.toString()) as {
      mediaType: string;
      manifests?: Described[];
    };
    for (const { digest: inner } of manifests) await this.#pushManifest(url, inner, inner, headers);
    const typed = { ...headers, 'content-type': mediaType };
    await expectOk(await fetch(`${url}${name}`, { method: 'PUT', headers: typed, body: bytes }));
  }

  #writeIndex(): void {
    writeFileSync(join(this.folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: this.#entries }));
  }
}

async function expectOk(response: Response): Promise<void> {
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${await response.text()}`);
}

/** A tar archive of these files, by the system's tar. */
export function layerOf(files: Readonly<Record<string, string | Buffer>>): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-shim-layer-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
      chmodSync(join(folder, path), 0o755);
    }
    const same = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
    return execFileSync('tar', [...same, '-C', folder, '-cf', '-', '.'], { maxBuffer: 1 << 30 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
