import { connect } from 'node:net';
import type { Clock, Transport } from '../mesh/ask/transport.ts';
import { connectTls } from './connect-tls.ts';
import { lookAtFile } from './look-at-file.ts';
import { wireSocket } from './wire-socket.ts';

/** The transport of the core on Node's sockets. Nothing here keeps the process alive longer than its connections. */
export const nodeTransport: Transport = {
  connect(address, events) {
    if (address.kind === 'file') return lookAtFile(address.path, events);
    if (address.kind === 'unix') return wireSocket(connect({ path: address.path }), 'connect', events);
    if (address.tls) return connectTls(address, events);
    return wireSocket(connect({ host: address.host, port: address.port, noDelay: true }), 'connect', events);
  },
};

/** Resolves when sockets that have been closed are gone: Node frees them at the end of its event loop's turn. */
export async function socketsAreGone(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Node's timers count in 31 bits, 24.8 days; what is longer would fire at once. */
const maxTimerMs = 2 ** 31 - 1;

export const nodeClock: Clock = {
  // performance.now() would load node:perf_hooks, which costs milliseconds before the app's first line.
  now() {
    const [seconds, nanoseconds] = process.hrtime();
    return seconds * 1_000 + nanoseconds / 1_000_000;
  },
  after(delayMs, callback) {
    let timer: NodeJS.Timeout;
    const arm = (leftMs: number): void => {
      const stepMs = Math.min(leftMs, maxTimerMs);
      timer = setTimeout(() => (leftMs > stepMs ? arm(leftMs - stepMs) : callback()), stepMs);
    };
    arm(delayMs);
    return () => clearTimeout(timer);
  },
};
