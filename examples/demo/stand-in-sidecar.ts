import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freePort } from '../../test/helpers/free-port.ts';
import type { Sidecar } from '../../test/helpers/sidecar.ts';

/** What the demo needs of a sidecar. */
export type DemoSidecar = Pick<
  Sidecar,
  'adminUrl' | 'readyUrl' | 'outboundUrl' | 'deliverClusters' | 'deliverListeners' | 'stop'
>;

/**
 * Answers as an Istio sidecar does at its admin, readiness and outbound ports, without a proxy inside: for machines where no Envoy can be had.
 * Like Envoy it refuses the app's connections until its listeners are delivered.
 */
export async function startStandInSidecar(): Promise<DemoSidecar> {
  let state = 'PRE_INITIALIZING';
  const [statusPort, outboundPort] = [await freePort(), await freePort()];
  const serverInfo = () => ({
    version: 'stand-in',
    state,
    node: {
      id: 'sidecar~10.0.0.1~app-1.default~default.svc.cluster.local',
      metadata: { ENVOY_STATUS_PORT: statusPort },
    },
  });
  const admin = await listen(0, (request, response) => {
    if (request.url === '/ready') response.writeHead(state === 'LIVE' ? 200 : 503).end(`${state}\n`);
    else if (request.url === '/server_info') response.end(JSON.stringify(serverInfo(), null, 1));
    else response.writeHead(404).end();
  });
  const servers = [admin];
  return {
    adminUrl: urlOf(admin),
    readyUrl: `http://127.0.0.1:${statusPort}/healthz/ready`,
    outboundUrl: `http://127.0.0.1:${outboundPort}`,
    deliverClusters() {
      state = 'INITIALIZING';
    },
    async deliverListeners() {
      servers.push(await listen(outboundPort, (_request, response) => response.end('hello from the upstream\n')));
      state = 'LIVE';
      servers.push(await listen(statusPort, (_request, response) => response.writeHead(200).end()));
    },
    async stop() {
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

async function listen(port: number, handler: RequestListener): Promise<Server> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
