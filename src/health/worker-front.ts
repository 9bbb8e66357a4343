import process from 'node:process';
import type { Worker } from 'node:worker_threads';
import { failureText } from '../shared/failure-text.ts';
import { HealthServerError, type HealthServerErrorCode } from './errors.ts';
import type { Front } from './front.ts';
import type { HealthServerSettings } from './options.ts';
import type { Reporter } from './reporter.ts';
import { workerProgram } from './worker-program.ts';
import type { FromWorker, ToWorker, WorkerSetup } from './worker-protocol.ts';

/** 20 beats a second cost nothing that can be measured, and show a blocked loop within 150 ms. */
const heartbeatMs = 50;

/** Listens on a thread of its own, which answers also while this one is blocked. */
export async function startWorkerFront(settings: HealthServerSettings, reporter: Reporter): Promise<Front> {
  const heartbeat = new SharedArrayBuffer(8);
  const beat = new BigInt64Array(heartbeat);
  const turn = () => Atomics.store(beat, 0, process.hrtime.bigint());
  turn();
  const timer = setInterval(turn, heartbeatMs).unref();

  const { port, host, paths, maxConnections, requestTimeoutMs, maxBlockedMs, readyMaxBlockedMs } = settings;
  const hasChecks = {
    livez: reporter.hasChecks('livez'),
    readyz: reporter.hasChecks('readyz'),
    startupz: reporter.hasChecks('startupz'),
  };
  const limits = { maxConnections, requestTimeoutMs, maxBlockedMs, readyMaxBlockedMs };
  const setup: WorkerSetup = { port, host, paths, ...limits, heartbeat, heartbeatMs, hasChecks };
  const worker = await startWorker(setup).catch((cause: unknown) => {
    clearInterval(timer);
    throw notStarted(cause);
  });
  const tell = (message: ToWorker) => worker.postMessage(message);
  worker.on('message', async (message: FromWorker) => {
    if (message.type === 'ask')
      tell({ type: 'report', id: message.id, report: await reporter.report(message.endpoint) });
  });

  const listening = await started(worker).catch(async (error: unknown) => {
    clearInterval(timer);
    await worker.terminate();
    throw error;
  });
  worker.on('error', (error) =>
    settings.logger.error({ err: error }, 'health server: its thread died; probes fail from now on'),
  );
  worker.unref();
  return {
    ...listening,
    stateChanged: (state) => tell({ type: 'state', state }),
    close: async () => {
      clearInterval(timer);
      if (worker.threadId === -1) return; // it died before
      const closed = new Promise<void>((resolve) => {
        worker.on('message', (message: FromWorker) => message.type === 'closed' && resolve());
        worker.once('exit', () => resolve());
      });
      worker.ref();
      tell({ type: 'close' });
      await closed;
      // From here: Deno's threads cannot end themselves.
      await worker.terminate();
    },
  };
}

async function startWorker(setup: WorkerSetup): Promise<Worker> {
  const { source, options } = workerProgram();
  // Loaded by whoever asks for a thread.
  const { Worker } = await import('node:worker_threads');
  return new Worker(source, {
    ...options,
    workerData: setup,
    // No NODE_OPTIONS and no --import of the app's: they would run its preloads on this thread as well.
    env: {},
    execArgv: [],
    name: 'mesh-shim-health',
    resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 },
  });
}

function started(worker: Worker): Promise<{ address: string; port: number }> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: FromWorker) => {
      if (message.type === 'listening') resolve({ address: message.address, port: message.port });
      if (message.type === 'failed') reject(revive(message));
    });
    worker.once('error', (cause) => reject(notStarted(cause)));
    worker.once('exit', (code) => reject(notStarted(new Error(`it ended with ${code}`))));
  });
}

function notStarted(cause: unknown): HealthServerError {
  const { code } = cause as { readonly code?: unknown };
  const advice = code === 'ERR_ACCESS_DENIED' ? '; under --permission it needs --allow-worker' : '';
  const message = `its thread did not start: ${failureText(cause)}${advice}`;
  return new HealthServerError('HEALTH_WORKER_FAILED', message, { cause });
}

/** The error as it was on the other thread: classes and codes do not survive the way. */
function revive({ code, message }: { code: string; message: string }): HealthServerError {
  return new HealthServerError(code as HealthServerErrorCode, message.replace('health server: ', ''));
}
