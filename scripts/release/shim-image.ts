/**
 * Writes the image of mesh-shim without a builder: what Dockerfile.shim makes, for all machines, from what has been built.
 *
 *   node scripts/release/shim-image.ts oci:FOLDER:TAG | archive:FILE:TAG | HOST/NAME:TAG
 *
 * The same files give the same bytes. SOURCE_DATE_EPOCH says when it was made; without it the image has no date.
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { type Content, contentOf, jsonContent } from '../../src/images/content.ts';
import { ImageError } from '../../src/images/image-error.ts';
import type { ImageTarget } from '../../src/images/image-target.ts';
import { gzipLayerType, ociConfigType, ociIndexType, ociManifestType } from '../../src/images/media-types.ts';
import { Registries } from '../../src/images/open-source.ts';
import { openTarget } from '../../src/images/open-target.ts';
import { storedLayer } from '../../src/images/stored-layer.ts';
import { executablePath, type NativeArch, nativeArchs, nativeTargets } from '../native/targets.ts';

/** What the image is made of. */
export interface ShimImageParts {
  readonly executables: Readonly<Record<NativeArch, Buffer>>;
  /** dist/register.mjs. */
  readonly preload: Buffer;
  /** Of package.json. */
  readonly about: {
    readonly name: string;
    readonly description: string;
    readonly version: string;
    readonly license: string;
  };
  /** As the image has it: RFC 3339. */
  readonly created?: string | undefined;
}

/** What has been built here. */
export function builtParts(epoch: string | undefined = process.env.SOURCE_DATE_EPOCH): ShimImageParts {
  const executables = Object.fromEntries(nativeArchs.map((arch) => [arch, readFileSync(executablePath(arch))]));
  return {
    executables: executables as Record<NativeArch, Buffer>,
    preload: readFileSync('dist/register.mjs'),
    about: JSON.parse(readFileSync('package.json', 'utf8')),
    created: epoch === undefined ? undefined : new Date(Number(epoch) * 1000).toISOString(),
  };
}

/** @throws ImageError; then the target is what it was before */
export async function writeShimImage(target: ImageTarget, parts: ShimImageParts): Promise<Content> {
  const annotations = labelsOf(parts);
  try {
    await target.current();
    const manifests = [];
    for (const arch of nativeArchs) {
      const { mediaType, digest, size } = await writeImage(target, arch, parts, annotations);
      manifests.push({ mediaType, digest, size, platform: { architecture: nativeTargets[arch].docker, os: 'linux' } });
    }
    const index = jsonContent(ociIndexType, { schemaVersion: 2, mediaType: ociIndexType, manifests, annotations });
    await target.finish(index);
    return index;
  } finally {
    await target.close();
  }
}

async function writeImage(
  target: ImageTarget,
  arch: NativeArch,
  { executables, preload, created }: ShimImageParts,
  annotations: Readonly<Record<string, string>>,
): Promise<Content> {
  const layer = storedLayer([
    { name: 'mesh-shim', mode: 0o555, bytes: executables[arch] },
    { name: 'register.mjs', mode: 0o444, bytes: preload },
  ]);
  const config = jsonContent(ociConfigType, {
    ...(created === undefined ? {} : { created }),
    architecture: nativeTargets[arch].docker,
    os: 'linux',
    config: { User: '65534:65534', Entrypoint: ['/mesh-shim'], WorkingDir: '/', Labels: annotations },
    rootfs: { type: 'layers', diff_ids: [layer.diffId] },
    history: [{ ...(created === undefined ? {} : { created }), created_by: 'mesh-shim and register.mjs' }],
  });
  const layerType = gzipLayerType(ociManifestType);
  const manifest = jsonContent(ociManifestType, {
    schemaVersion: 2,
    mediaType: ociManifestType,
    config: { mediaType: ociConfigType, digest: config.digest, size: config.size },
    layers: [{ mediaType: layerType, digest: layer.digest, size: layer.size }],
    annotations,
  });
  await target.write(contentOf(layerType, layer.bytes));
  await target.write(config);
  await target.writeManifest(manifest);
  return manifest;
}

function labelsOf({
  about: { name, description, version, license },
}: ShimImageParts): Readonly<Record<string, string>> {
  return {
    'org.opencontainers.image.title': name,
    'org.opencontainers.image.description': description,
    'org.opencontainers.image.version': version,
    'org.opencontainers.image.licenses': license,
  };
}

async function main([target, ...more]: readonly string[]): Promise<void> {
  if (target === undefined || more.length > 0)
    throw new Error('needs one target: oci:FOLDER:TAG, archive:FILE:TAG or HOST/NAME:TAG');
  const registries = new Registries({ env: process.env });
  try {
    const { digest } = await writeShimImage(openTarget(target, registries), builtParts());
    process.stdout.write(`${target}@${digest}\n`);
  } finally {
    await registries.close();
  }
}

if (import.meta.main) {
  await main(process.argv.slice(2)).catch((error: unknown) => {
    if (!(error instanceof ImageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
