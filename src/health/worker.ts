// The entry of the health server's thread. It loads nothing of the app, so that nothing of the app can hold it up.
import process from 'node:process';
import { parentPort, workerData } from 'node:worker_threads';
import { createBlockedReporter } from './blocked-reporter.ts';
import { HealthServerError } from './errors.ts';
import { listen } from './listen.ts';
import { createProbeServer } from './probe-server.ts';
import type { HealthReport, HealthState } from './report.ts';
import type { FromWorker, ToWorker, WorkerSetup } from './worker-protocol.ts';

const setup = workerData as WorkerSetup;
const beat = new BigInt64Array(setup.heartbeat);
const waiting = new Map<number, (report: HealthReport) => void>();
let lastId = 0;
let state: HealthState = 'starting';

const tell = (message: FromWorker) => parentPort?.postMessage(message);

const ask = createBlockedReporter({
  ...setup,
  state: () => state,
  heartbeatAgeMs: () => Number(process.hrtime.bigint() - Atomics.load(beat, 0)) / 1e6,
  askMain: (endpoint) =>
    new Promise((resolve) => {
      const id = ++lastId;
      waiting.set(id, resolve);
      tell({ type: 'ask', id, endpoint });
    }),
});
const { server, close } = createProbeServer({ ...setup, ask });

parentPort?.on('message', (message: ToWorker) => {
  if (message.type === 'state') state = message.state;
  if (message.type === 'report') {
    waiting.get(message.id)?.(message.report);
    waiting.delete(message.id);
  }
  if (message.type === 'close') void close().then(() => tell({ type: 'closed' }));
});

listen(server, setup.port, setup.host).then(
  ({ address, port }) => tell({ type: 'listening', address, port }),
  (error: unknown) => {
    const code = error instanceof HealthServerError ? error.code : 'HEALTH_LISTEN_FAILED';
    tell({ type: 'failed', code, message: error instanceof Error ? error.message : String(error) });
  },
);
