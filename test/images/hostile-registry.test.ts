import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, truncateSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { beforeAll, describe, expect, it } from 'vitest';
import { type HostileRegistry, startHostileRegistry } from '../helpers/hostile-registry.ts';
import { ImageLayout } from '../helpers/image-layout.ts';
import { startImageRegistry } from '../helpers/image-registry.ts';
import { pullManifest } from '../helpers/pulled-image.ts';
import { emptyVolume } from '../helpers/run-container.ts';
import { runToolHere } from '../helpers/run-tool.ts';
import { serverMissing } from '../helpers/servers.ts';
import { executable } from '../native/executables.ts';

const mebibyte = 1024 * 1024;
const layout = () => new ImageLayout(join(emptyVolume(), 'layout'));
/** @param expected silence is waited for no longer than it must be; a machine that is busy is no such silence */
const wrap = (source: string, target: string, expected?: RegExp) =>
  runToolHere('image', [source, target, `--registry-timeout=${/in time|stopped/.test(`${expected}`) ? '2s' : '20s'}`], {
    env: { PATH: process.env.PATH ?? '', HOME: emptyVolume() },
  });

beforeAll(() => {
  executable('x64');
  executable('arm64');
});

/** An image of one layer of a size, and the digests of its parts. */
function image(images: ImageLayout) {
  const described = images.image({ config: { Cmd: ['/app'] }, files: { app: Buffer.alloc(200_000, 'x') } });
  const { config, layers } = JSON.parse(images.read(described.digest).toString());
  return { root: described.digest, config: config.digest as string, layer: layers[0].digest as string };
}

function nameRoot(images: ImageLayout, digest: string): void {
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  images.name({ digest, mediaType, size: images.read(digest).length }, '1');
}

type Parts = ReturnType<typeof image> & { readonly registry: HostileRegistry; readonly images: ImageLayout };
type Answer = (request: IncomingMessage, response: ServerResponse, parts: Parts) => boolean | undefined;

const isFor = (request: IncomingMessage, digest: string) => request.method === 'GET' && request.url?.endsWith(digest);
const head = (response: ServerResponse, type = 'application/vnd.oci.image.manifest.v1+json') =>
  response.writeHead(200, { 'content-type': type });

const sources: readonly (readonly [name: string, answer: Answer, message: RegExp])[] = [
  ['does not answer', () => true, /no answer in time|took too long/],
  [
    'goes silent in the middle of a layer',
    (request, response, { layer, images }) => {
      if (!isFor(request, layer)) return false;
      response.writeHead(200, { 'content-length': images.read(layer).length });
      return response.write(images.read(layer).subarray(0, 100)) || true;
    },
    /the answer stopped coming/,
  ],
  [
    'closes in the middle of a layer, again and again',
    (request, response, { layer, images }) => {
      if (!isFor(request, layer)) return false;
      response.writeHead(200, { 'content-length': images.read(layer).length });
      response.write(images.read(layer).subarray(0, 100), () => response.destroy());
      return true;
    },
    /the connection was closed early|not as long as it says/,
  ],
  [
    'gives a layer without end',
    (request, response, { layer, registry }) => isFor(request, layer) && registry.pour(head(response)),
    /more than \d+ bytes came for sha256:/,
  ],
  [
    'gives a config without end',
    (request, response, { config, registry }) => isFor(request, config) && registry.pour(head(response)),
    /is longer than 4194304 bytes/,
  ],
  [
    'gives a manifest without end',
    (request, response, { registry }) => isFor(request, 'manifests/1') && registry.pour(head(response)),
    /is longer than 4194304 bytes/,
  ],
  [
    'has another layer than the digest names',
    (request, response, { layer, images }) => {
      if (!isFor(request, layer)) return false;
      const bytes = Buffer.from(images.read(layer));
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      return Boolean(response.end(bytes));
    },
    /other bytes came for sha256:/,
  ],
  [
    'has a layer that is too short',
    (request, response, { layer, images }) =>
      isFor(request, layer) && Boolean(response.end(images.read(layer).subarray(1))),
    /\d+ bytes instead of \d+ came for sha256:/,
  ],
  [
    'has another config than the digest names',
    (request, response, { config }) => isFor(request, config) && Boolean(response.end('{}')),
    /other bytes came for sha256:/,
  ],
  [
    'redirects in a circle',
    (request, response, { layer }) =>
      isFor(request, layer) && Boolean(response.writeHead(307, { location: request.url }).end()),
    /redirects more than 5 times/,
  ],
  [
    'redirects to a file',
    (request, response, { layer }) =>
      isFor(request, layer) && Boolean(response.writeHead(307, { location: 'file:///etc/passwd' }).end()),
    /leads to file:/,
  ],
  [
    'has a manifest that nests without end',
    (request, response) => isFor(request, 'manifests/1') && Boolean(head(response).end('['.repeat(2 * mebibyte))),
    /is no JSON/,
  ],
  [
    'has thousands of images in an index',
    (request, response, { root }) => {
      if (!isFor(request, 'manifests/1')) return false;
      const mediaType = 'application/vnd.oci.image.index.v1+json';
      const entry = {
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        digest: root,
        size: 1,
        platform: { os: 'linux', architecture: 'amd64' },
      };
      const index = { schemaVersion: 2, mediaType, manifests: Array.from({ length: 10_000 }, () => entry) };
      return Boolean(head(response, mediaType).end(JSON.stringify(index)));
    },
    /has more than 16 images to be wrapped/,
  ],
];

describe.skipIf(serverMissing('docker-registry'))('a source that', () => {
  it.each(sources)('%s: a clear error, and nothing is pushed', async (_, answer, message) => {
    const target = await startImageRegistry();
    const images = layout();
    const parts = image(images);
    const registry: HostileRegistry = await startHostileRegistry(images, { 1: parts.root }, (request, response) =>
      request.method === 'GET' ? answer(request, response, { ...parts, images, registry }) : false,
    );
    const name = `${target.host}/shop/web:1`;
    const { code, stdout, stderr } = await wrap(`${registry.host}/shop/web:1`, name, message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^mesh-shim image: [^\n]*; [^\n]*\n$/);
    expect(stderr).toMatch(message);
    expect(await pullManifest(name)).toBeUndefined();
    expect(registry.poured()).toBeLessThan(32 * mebibyte);
  });
});

const targets: readonly (readonly [name: string, answer: Answer, message: RegExp])[] = [
  ['does not answer', () => true, /no answer in time|took too long/],
  ['goes silent when a blob is sent', (request) => request.method === 'PUT', /no answer in time|took too long/],
  [
    'closes when a blob is sent, again and again',
    (request) => request.method === 'PUT' && Boolean(request.socket.destroy()),
    /the connection was (closed early|reset)|EPIPE/,
  ],
  [
    'fails when a blob is sent, again and again',
    (request, response) =>
      request.method === 'PUT' && Boolean(response.writeHead(503).end('{"errors":[{"message":"full"}]}')),
    /answered 503 when asked to take sha256:\w+: full/,
  ],
  [
    'names no address to send a blob to',
    (request, response) => request.method === 'POST' && Boolean(response.writeHead(202).end()),
    /answered 202 when asked to take sha256:/,
  ],
  [
    'refuses what may not be written',
    (request, response) =>
      request.method === 'POST' && Boolean(response.writeHead(403).end('{"errors":[{"code":"DENIED"}]}')),
    /answered 403 when asked to take sha256:\w+: DENIED/,
  ],
  [
    'redirects a push',
    (request, response) =>
      request.method === 'POST' && Boolean(response.writeHead(307, { location: '/elsewhere' }).end()),
    /redirects POST requests/,
  ],
  [
    'makes something else of a manifest',
    (request, response) =>
      request.method === 'PUT' &&
      request.url?.includes('/manifests/') &&
      Boolean(response.writeHead(201, { 'docker-content-digest': `sha256:${'0'.repeat(64)}` }).end()),
    /has made sha256:0+ of sha256:/,
  ],
];

describe('a target that', () => {
  it.each(targets)('%s: a clear error, and the tag comes last', async (_, answer, message) => {
    const images = layout();
    const parts = image(images);
    nameRoot(images, parts.root);
    const registry: HostileRegistry = await startHostileRegistry(images, {}, (request, response) =>
      request.url?.includes('/blobs/sha256') ? false : answer(request, response, { ...parts, images, registry }),
    );
    const { code, stdout, stderr } = await wrap(`oci:${images.folder}`, `${registry.host}/shop/web:1`, message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^mesh-shim image: [^\n]*; [^\n]*\n$/);
    expect(stderr).toMatch(message);
    const tagged = registry.requests.filter((line) => line === 'PUT /v2/shop/web/manifests/1');
    expect(tagged.length).toBe(message.source.includes('has made') ? 1 : 0);
  });
});

const passing: readonly (readonly [name: string, fails: Answer])[] = [
  ['lost the connection', (request) => Boolean(request.socket.destroy())],
  ['was overloaded', (_, response) => Boolean(response.writeHead(503).end())],
  [
    'took the token for too old',
    (request, response, { registry }) => {
      const challenge = `Bearer realm="http://${registry.host}/token",service="x"`;
      request.resume().on('end', () => response.writeHead(401, { 'www-authenticate': challenge }).end());
      return true;
    },
  ],
];

it.each(passing)('a target that %s when a layer was sent gets it again', async (_, fails) => {
  const images = layout();
  const parts = image(images);
  nameRoot(images, parts.root);
  let failed = 0;
  const registry: HostileRegistry = await startHostileRegistry(images, {}, (request, response) => {
    if (request.url?.startsWith('/token')) return Boolean(response.end('{"token":"new"}'));
    if (request.url?.includes('/blobs/sha256')) return Boolean(response.writeHead(404).end());
    if (request.method !== 'PUT' || !request.url?.includes(encodeURIComponent(parts.layer))) return false;
    return failed++ === 0 && fails(request, response, { ...parts, images, registry });
  });
  const { code, stderr } = await wrap(`oci:${images.folder}`, `${registry.host}/shop/web:1`);
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('1 layer copied') });
  expect(failed).toBe(2);
});

it('who may not mount a layer copies it', async () => {
  const images = layout();
  const parts = image(images);
  const registry: HostileRegistry = await startHostileRegistry(images, { 1: parts.root }, (request, response) => {
    if (request.url?.startsWith('/v2/mesh/web/') && request.method === 'HEAD')
      return Boolean(response.writeHead(404).end());
    return Boolean(request.url?.includes('?mount=')) && Boolean(response.writeHead(403).end());
  });
  const { code, stderr } = await wrap(`${registry.host}/shop/web:1`, `${registry.host}/mesh/web:1`);
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('1 layer copied') });
  expect(registry.requests.filter((line) => line.includes('?mount='))).toHaveLength(1);
});

it('a file that is damaged leaves the target without a name, and without what is half-done', async () => {
  const images = layout();
  const { layer, root } = image(images);
  nameRoot(images, root);
  images.damage(layer);
  const target = join(emptyVolume(), 'target');
  for (const to of [`oci:${target}:2`, `archive:${target}.tar:2`]) {
    const { code, stderr } = await wrap(`oci:${images.folder}:1`, to);
    expect(code).toBe(2);
    expect(stderr).toContain(`other bytes came for ${layer}`);
  }
  expect(readdirSync(join(target, '..'))).toEqual(['target']);
  expect(readdirSync(target, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())).toEqual([]);
});

/** Of 320 MiB of nothing: the test need not count it. */
const largeLayer = {
  mediaType: 'application/vnd.oci.image.layer.v1.tar',
  digest: 'sha256:9942003e84c1648820149cb7b82869eb1e6515ddd04951bd2c69f9273b09c053',
  size: 320 * mebibyte,
};

it('a large layer is passed on piece by piece', async () => {
  const images = layout();
  // A file with a hole: nothing is written.
  const file = join(images.folder, 'blobs', largeLayer.digest.replace(':', '/'));
  writeFileSync(file, '');
  truncateSync(file, largeLayer.size);
  const platform = { os: 'linux', architecture: 'amd64' };
  const rootfs = { type: 'layers', diff_ids: [largeLayer.digest] };
  const config = images.json('application/vnd.oci.image.config.v1+json', {
    ...platform,
    config: { Cmd: ['/app'] },
    rootfs,
  });
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  images.name(images.json(mediaType, { schemaVersion: 2, mediaType, config, layers: [largeLayer] }), '1');
  let sent = 0;
  const registry = await startHostileRegistry(images, {}, (request, response) => {
    if (request.method === 'HEAD') return Boolean(response.writeHead(404).end());
    request.on('data', (chunk: Buffer) => {
      sent += chunk.length;
    });
    return false;
  });
  const entry = resolve('bin/mesh-shim.ts');
  // Of this program alone; getrusage counts what was there before exec as well.
  const peak = 'require("node:fs").readFileSync("/proc/self/status", "utf8").match(/VmHWM.*/)[0]';
  const preload = join(emptyVolume(), 'peak.cjs');
  writeFileSync(preload, `process.on('exit', () => console.error(${peak}));`);
  const child = spawn(
    process.execPath,
    ['--require', preload, entry, 'image', `oci:${images.folder}`, `${registry.host}/shop/large:1`],
    { env: { PATH: process.env.PATH, HOME: emptyVolume() }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const [code] = await once(child, 'close');
  expect(code, stderr).toBe(0);
  const kibibytes = Number(/VmHWM:\s*(\d+) kB/.exec(stderr)?.[1]);
  expect(sent).toBeGreaterThan(largeLayer.size);
  expect(kibibytes * 1024).toBeLessThan(largeLayer.size);
});
