import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import process from 'node:process';
import { createLifecycle, keepAliveFor } from 'mesh-shim';

// One listener for each protocol: neither has to guess what a client speaks.
const http = createHttpServer((_request, response) => response.end('hello over HTTP\n'));
const tcp = createTcpServer((socket) => {
  socket.write('hello over TCP\n');
  socket.on('data', (data) => socket.write(`you said ${data}`)).on('error', () => {});
});
createLifecycle({ servers: [keepAliveFor(http), tcp] });

// On loopback, for HAProxy beside it in the pod.
const listen = (server: Server, port: string | undefined, fallback: number) =>
  new Promise<number>((resolve) => {
    server.listen(Number(port ?? fallback), '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
const ports = {
  http: await listen(http, process.env.HTTP_PORT, 8081),
  tcp: await listen(tcp, process.env.TCP_PORT, 8082),
};
process.stdout.write(`${JSON.stringify(ports)}\n`);
