import { createServer, type RequestListener, type Server } from 'node:http';
import { freePort } from '../../test/helpers/free-port.ts';
import type { Sidecar } from '../../test/helpers/sidecar.ts';

/** What the demo needs of a sidecar; a real one has it, too. */
export type DemoSidecar = Pick<
  Sidecar,
  'adminUrl' | 'readyUrl' | 'outboundUrl' | 'deliverClusters' | 'deliverListeners' | 'stop'
>;

/**
 * Answers as an Istio sidecar does on its admin, readiness and outbound ports, with no proxy inside: for machines where no Envoy can be had.
 * As with Envoy, the app's connections are refused until the listeners are delivered.
 */
export async function startStandInSidecar(): Promise<DemoSidecar> {
  let state = 'PRE_INITIALIZING';
  const [adminPort, statusPort, outboundPort] = [await freePort(), await freePort(), await freePort()];
  const serverInfo = () => ({
    version: 'stand-in',
    state,
    node: {
      id: 'sidecar~10.0.0.1~app-1.default~default.svc.cluster.local',
      metadata: { ISTIO_VERSION: 'stand-in', ENVOY_STATUS_PORT: statusPort },
    },
  });
  const servers = [
    await listen(adminPort, (request, response) => {
      if (request.url === '/ready') response.writeHead(state === 'LIVE' ? 200 : 503).end(`${state}\n`);
      else if (request.url === '/server_info') response.end(JSON.stringify(serverInfo()));
      else response.writeHead(404).end();
    }),
  ];
  const becomeLive = async () => {
    servers.push(await listen(outboundPort, (_request, response) => response.end('hello from the upstream\n')));
    state = 'LIVE';
    servers.push(await listen(statusPort, (_request, response) => response.end()));
  };
  let live: Promise<void> = Promise.resolve();
  return {
    adminUrl: `http://127.0.0.1:${adminPort}`,
    readyUrl: `http://127.0.0.1:${statusPort}/healthz/ready`,
    outboundUrl: `http://127.0.0.1:${outboundPort}`,
    deliverClusters() {
      state = 'INITIALIZING';
    },
    deliverListeners() {
      live = becomeLive();
    },
    async stop() {
      await live;
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

function listen(port: number, answer: RequestListener): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(answer).once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
