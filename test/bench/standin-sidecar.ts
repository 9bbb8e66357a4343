import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freePort } from '../helpers/free-port.ts';

/**
 * A stand-in for Envoy's admin that becomes LIVE at a moment known to the microsecond, which a real Envoy does not tell.
 * Its /server_info has the 126 KB of an Istio sidecar.
 */
export interface StandinSidecar {
  readonly adminUrl: string;
  /** Milliseconds since 1970 with fractions; undefined before. Of Istio: since its readiness can be asked. */
  liveSince(): number | undefined;
  requests(path: string): number;
  stop(): void;
}

/** `istio` listens at its readiness port when it is LIVE, and not before; `plain` proves all at its admin. */
export type StandinKind = 'istio' | 'plain';

export function wallClockMs(): number {
  return performance.timeOrigin + performance.now();
}

/** `liveAfterMs` Infinity: never. */
export async function startStandinSidecar(liveAfterMs: number, kind: StandinKind): Promise<StandinSidecar> {
  const statusPort = await freePort();
  const serverInfo = kind === 'istio' ? istioServerInfo(statusPort) : plainServerInfo();
  const counts = new Map<string, number>();
  let isLive = false;
  let liveSince: number | undefined;
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    counts.set(path, (counts.get(path) ?? 0) + 1);
    const state = isLive ? 'LIVE' : 'PRE_INITIALIZING';
    if (path === '/ready') response.writeHead(isLive ? 200 : 503).end(`${state}\n`);
    else if (path === '/server_info') response.end(serverInfo.replace('"state": "LIVE"', `"state": "${state}"`));
    else if (path === '/stats') response.end('listener_manager.workers_started: 1\n');
    else response.writeHead(404).end();
  });
  await listen(server, 0);
  const status = createServer((_, response) => response.end());
  const becomeLive = async () => {
    isLive = true;
    if (kind === 'istio') await listen(status, statusPort);
    liveSince = wallClockMs();
  };
  if (liveAfterMs === 0) await becomeLive();
  const timer = liveAfterMs > 0 && Number.isFinite(liveAfterMs) ? setTimeout(becomeLive, liveAfterMs) : undefined;
  return {
    adminUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    liveSince: () => liveSince,
    requests: (path) => counts.get(path) ?? 0,
    stop() {
      clearTimeout(timer);
      for (const one of [server, status]) {
        one.close();
        one.closeAllConnections();
      }
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
}

const recorded = (): string => readFileSync('test/fixtures/sidecar/server_info.LIVE.json', 'utf8');

function istioServerInfo(statusPort: number): string {
  return recorded().replace('"ENVOY_STATUS_PORT": 15021', `"ENVOY_STATUS_PORT": ${statusPort}`);
}

/** A recorded body of 126 KB, made into a plain Envoy's, so that one address proves all. */
function plainServerInfo(): string {
  return recorded()
    .replace('"ENVOY_STATUS_PORT": 15021', '"NO_STATUS_PORT": 15021')
    .replace('"ISTIO_VERSION"', '"NO_VERSION"')
    .replace('"id": "sidecar~', '"id": "plain~');
}
