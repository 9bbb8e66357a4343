import process from 'node:process';
import { runRollout } from '../helpers/rollout.ts';

/** A roll-out of ten restarts at 200 requests a second through a real Envoy, with the lifecycle and without. */
export async function run(): Promise<void> {
  process.stdout.write('roll-out: 10 restarts of two replicas, 200 requests/s through Envoy, Istio default retries\n');
  for (const lifecycle of [true, false]) {
    const { requests, failed, failures } = await runRollout({
      restarts: 10,
      requestsPerSecond: 200,
      drainDelayMs: 1500,
      lifecycle,
    });
    const name = lifecycle ? 'with the lifecycle' : 'without it';
    process.stdout.write(`  ${name.padEnd(20)} ${failed} of ${requests} failed ${JSON.stringify(failures)}\n`);
  }
}
