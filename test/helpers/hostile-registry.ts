import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { ImageLayout } from './image-layout.ts';

/** Answers in a way of its own, or leaves it to the registry (false). */
export type Misbehaviour = (request: IncomingMessage, response: ServerResponse) => boolean | undefined;

export interface HostileRegistry {
  readonly host: string;
  /** `METHOD PATH` of each request, in order. */
  readonly requests: string[];
  /** How many bytes it got rid of by `pour`. */
  poured(): number;
  /** Writes until nobody reads any more. */
  pour(response: ServerResponse): true;
}

/** Serves what a layout has as a registry would, and takes whatever is pushed, but for what a test lets it do otherwise. */
export async function startHostileRegistry(
  images: ImageLayout,
  tags: Readonly<Record<string, string>>,
  misbehave: Misbehaviour,
): Promise<HostileRegistry> {
  const requests: string[] = [];
  let poured = 0;
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.on('error', () => {});
    if (misbehave(request, response)) return;
    if (request.method === 'PUT' || request.method === 'POST') take(request, response);
    else give(request, response, images, tags);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const pour = (response: ServerResponse): true => {
    const chunk = Buffer.alloc(64 * 1024, ' ');
    const more = () => {
      while (!response.destroyed) {
        poured += chunk.length;
        if (!response.write(chunk)) return;
      }
    };
    response.on('drain', more);
    more();
    return true;
  };
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, requests, poured: () => poured, pour };
}

function give(
  { url = '', method }: IncomingMessage,
  response: ServerResponse,
  images: ImageLayout,
  tags: Readonly<Record<string, string>>,
): void {
  const [, kind, name = ''] = /\/(manifests|blobs)\/([^/]+)$/.exec(url) ?? [];
  const digest = tags[name] ?? name;
  const bytes = name === '' ? undefined : images.find(digest);
  if (bytes === undefined) {
    response.writeHead(404).end();
    return;
  }
  const mediaType = kind === 'manifests' ? (JSON.parse(bytes.toString()) as { mediaType: string }).mediaType : 'x/y';
  response.writeHead(200, {
    'content-type': mediaType,
    'docker-content-digest': digest,
    'content-length': bytes.length,
  });
  response.end(method === 'HEAD' ? undefined : bytes);
}

function take(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  request.on('end', () => {
    if (request.method === 'POST') response.writeHead(202, { location: `${request.url}1` }).end();
    else response.writeHead(201).end();
  });
}
