import process from 'node:process';
import {
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { createHealthServer, createLifecycle } from 'mesh-shim';
import { greeter } from './service.ts';

const server = new Server();
const health = await createHealthServer({ port: Number(process.env.HEALTH_PORT ?? 9000) });
// Calls under way end, as long as it takes within the grace; new ones are refused in a way that clients repeat elsewhere.
const { signal } = createLifecycle({ servers: [server], health });

server.addService(greeter, {
  /** The request says how long the work takes, in milliseconds. */
  hello(call: ServerUnaryCall<string, string>, reply: sendUnaryData<string>) {
    setTimeout(() => reply(null, 'hello'), Number(call.request));
  },
  /** A stream has no end of its own: at the signal it gets one, and its client begins another, elsewhere. */
  count(call: ServerWritableStream<string, string>) {
    let count = 0;
    const timer = setInterval(() => {
      count += 1;
      call.write(`${count}`);
    }, 100);
    const end = () => call.end();
    signal.addEventListener('abort', end, { once: true });
    call.on('close', () => {
      clearInterval(timer);
      signal.removeEventListener('abort', end);
    });
  },
});

// On all addresses, IPv6 and IPv4.
server.bindAsync(`[::]:${process.env.PORT ?? 8080}`, ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  health.setState('ready');
  process.stdout.write(`${JSON.stringify({ port, health: health.port })}\n`);
});
