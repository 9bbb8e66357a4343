import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A stand-in for Envoy's admin that becomes LIVE at a moment known to the microsecond, which a real Envoy does not tell.
 * Its /server_info has the 126 KB of an Istio sidecar.
 */
export interface StandinSidecar {
  readonly adminUrl: string;
  /** Milliseconds since 1970 with fractions; undefined before. */
  liveSince(): number | undefined;
  requests(path: string): number;
  stop(): void;
}

export function wallClockMs(): number {
  return performance.timeOrigin + performance.now();
}

/** `liveAfterMs` Infinity: never. */
export async function startStandinSidecar(liveAfterMs: number, serverInfo: string): Promise<StandinSidecar> {
  const counts = new Map<string, number>();
  let liveSince: number | undefined;
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    counts.set(path, (counts.get(path) ?? 0) + 1);
    const state = liveSince === undefined ? 'PRE_INITIALIZING' : 'LIVE';
    if (path === '/ready') response.writeHead(liveSince === undefined ? 503 : 200).end(`${state}\n`);
    else if (path === '/server_info') response.end(serverInfo.replace('"state": "LIVE"', `"state": "${state}"`));
    else if (path === '/stats') response.end('listener_manager.workers_started: 1\n');
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const becomeLive = () => {
    liveSince = wallClockMs();
  };
  if (liveAfterMs === 0) becomeLive();
  const timer = liveAfterMs > 0 && Number.isFinite(liveAfterMs) ? setTimeout(becomeLive, liveAfterMs) : undefined;
  return {
    adminUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    liveSince: () => liveSince,
    requests: (path) => counts.get(path) ?? 0,
    stop() {
      clearTimeout(timer);
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A recorded body of 126 KB, made into a plain Envoy's, so that one address proves all. */
export function plainServerInfo(): string {
  const recorded = readFileSync('test/fixtures/sidecar/server_info.LIVE.json', 'utf8');
  return recorded
    .replace('"ENVOY_STATUS_PORT": 15021', '"NO_STATUS_PORT": 15021')
    .replace('"ISTIO_VERSION"', '"NO_VERSION"')
    .replace('"id": "sidecar~', '"id": "plain~');
}
