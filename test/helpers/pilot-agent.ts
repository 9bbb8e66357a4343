import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PilotAgent {
  port: number;
  stop(): Promise<void>;
}

/**
 * A stand-in for Istio's pilot-agent, since no package carries the real one: its readiness server alone (port 15020 in a pod), which Envoy's
 * static listener on 15021 asks.
 *
 * It decides as the real agent does, from the real Envoy's statistics: ready when clusters and listeners were accepted at least once, the
 * server is live and its workers have started; and once ready it stays ready while Envoy answers as live.
 */
export async function startPilotAgent(adminUrl: () => string): Promise<PilotAgent> {
  let wasReady = false;
  const server = createServer((_request, response) => {
    isReady(adminUrl()).then(
      (ready) => {
        wasReady ||= ready;
        response.writeHead(wasReady ? 200 : 503).end();
      },
      () => response.writeHead(503).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const filter = String.raw`^(cluster_manager\.cds|listener_manager\.lds)\.update_success$|^server\.state$|workers_started$`;

async function isReady(adminUrl: string): Promise<boolean> {
  const text = await (await fetch(`${adminUrl}/stats?filter=${encodeURIComponent(filter)}`)).text();
  const stats = new Map(text.split('\n').map((line) => line.split(': ') as [string, string]));
  const stat = (name: string) => Number(stats.get(name));
  return (
    stat('cluster_manager.cds.update_success') > 0 &&
    stat('listener_manager.lds.update_success') > 0 &&
    stat('server.state') === 0 &&
    stat('listener_manager.workers_started') === 1
  );
}
