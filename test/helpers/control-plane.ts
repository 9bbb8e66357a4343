import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { EnvoyConfig } from './envoy.ts';

/** The xDS resource types that it serves, by the name in their REST path. */
export type ResourceKind = 'clusters' | 'listeners';

const typeUrls: Record<ResourceKind, string> = {
  clusters: 'type.googleapis.com/envoy.config.cluster.v3.Cluster',
  listeners: 'type.googleapis.com/envoy.config.listener.v3.Listener',
};

export interface ControlPlane {
  port: number;
  /** Delivers these resources, to who asks now and later. Until the first call for a kind, who asks for it waits. */
  publish(kind: ResourceKind, resources: EnvoyConfig[]): void;
  stop(): Promise<void>;
}

interface Channel {
  version: number;
  resources: EnvoyConfig[];
  /** The version that each connection was answered with last: an Envoy that rejected it is not sent it again and again. */
  sent: WeakMap<Socket, number>;
  waiting: Set<ServerResponse>;
}

/**
 * A control plane that a test holds in its hand: xDS over REST (`api_type: REST`), whose answers wait for `publish`.
 *
 * An Envoy whose clusters are held is PRE_INITIALIZING; one whose listeners are held is INITIALIZING; after both it is LIVE. An answer that
 * brings nothing new is held too (long polling), so an update arrives at once and an idle Envoy asks nothing.
 */
export async function startControlPlane(): Promise<ControlPlane> {
  const channels: Record<ResourceKind, Channel> = { clusters: channel(), listeners: channel() };
  const server = createServer((request, response) => {
    const kind = /^\/v3\/discovery:(clusters|listeners)$/.exec(request.url ?? '')?.[1] as ResourceKind | undefined;
    request.resume();
    if (!kind) {
      response.writeHead(404).end();
      return;
    }
    const { waiting } = channels[kind];
    waiting.add(response);
    response.once('close', () => waiting.delete(response));
    answerWaiting(kind, channels[kind]);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    publish(kind, resources) {
      channels[kind].version++;
      channels[kind].resources = resources;
      answerWaiting(kind, channels[kind]);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function channel(): Channel {
  return { version: 0, resources: [], sent: new WeakMap(), waiting: new Set() };
}

function answerWaiting(kind: ResourceKind, { version, resources, sent, waiting }: Channel): void {
  const type_url = typeUrls[kind];
  for (const response of waiting) {
    const { socket } = response;
    if (!socket || version === 0 || sent.get(socket) === version) continue;
    sent.set(socket, version);
    waiting.delete(response);
    const body = {
      version_info: String(version),
      type_url,
      resources: resources.map((resource) => ({ '@type': type_url, ...resource })),
    };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }
}
