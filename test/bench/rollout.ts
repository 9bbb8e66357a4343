import process from 'node:process';
import { fetch as undiciFetch } from 'undici';
import { createMeshFetch } from '../../src/http/index.ts';
import { silentLogger } from '../../src/shared/logger.ts';
import { runAbruptRollout, type Send } from '../helpers/abrupt-rollout.ts';
import { runRollout } from '../helpers/rollout.ts';

const abruptly: Readonly<Record<string, Send>> = {
  "mesh-shim's meshFetch": createMeshFetch({ trustSidecar: 'istio-default-policy', logger: silentLogger }),
  'undici fetch': undiciFetch,
};

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

  process.stdout.write(
    'roll-out: 40 restarts of two replicas that end at once, two sidecars, 40 requests/s, half POST\n',
  );
  for (const [name, send] of Object.entries(abruptly)) {
    const { requests, failed, failures, readTwice } = await runAbruptRollout(40, send);
    const counts = `${failed.GET} of ${requests.GET} GETs and ${failed.POST} of ${requests.POST} POSTs failed`;
    const more = `${JSON.stringify(failures)}; POSTs read twice: ${readTwice.length}`;
    process.stdout.write(`  ${name.padEnd(22)} ${counts} ${more}\n`);
  }
}
