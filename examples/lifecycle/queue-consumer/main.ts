import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { createHealthServer, createLifecycle } from 'mesh-shim';

/** Stands for a broker: a message every 50 ms, and whoever waits can be told to stop waiting. */
async function nextMessage(number: number, signal: AbortSignal) {
  await delay(50, undefined, { signal });
  return `message ${number}`;
}

const health = await createHealthServer({ port: Number(process.env.HEALTH_PORT ?? 9000) });
const lifecycle = createLifecycle({
  health,
  // Nothing is sent to a consumer: it fetches, so there is nobody to wait for before it stops.
  drainDelayMs: 0,
  // Its close begins at the signal and has the time of requests, not a hook's.
  consumers: [{ name: 'consumer', close: () => consuming }],
});

// The signal ends the waiting for a message, never the work on one: what was fetched is finished and acknowledged.
async function consume() {
  for (let number = 1; !lifecycle.signal.aborted; number++) {
    const message = await nextMessage(number, lifecycle.signal).catch(() => undefined);
    if (message === undefined) break;
    process.stdout.write(`begun ${message}\n`);
    await delay(200);
    process.stdout.write(`acknowledged ${message}\n`);
  }
}

process.stdout.write(`${JSON.stringify({ health: health.port })}\n`);
health.setState('ready');
const consuming = consume();
