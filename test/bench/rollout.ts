import process from 'node:process';
import { fetch as undiciFetch } from 'undici';
import { createMeshFetch } from '../../src/http/index.ts';
import { silentLogger } from '../../src/shared/logger.ts';
import { runAbruptRollout, type Send } from '../helpers/abrupt-rollout.ts';
import { deadPeers, endWithDeadPeers } from '../helpers/dead-peers.ts';
import { type RolloutSignal, rolloutKinds, runRollout } from '../helpers/rollout.ts';

const settings = { restarts: 10, requestsPerSecond: 200, drainDelayMs: 1500 };
const signals: readonly RolloutSignal[] = ['once', 'again', 'group'];

const abruptly: Readonly<Record<string, Send>> = {
  "mesh-shim's meshFetch": createMeshFetch({ trustSidecar: 'istio-default-policy', logger: silentLogger }),
  'undici fetch': undiciFetch,
};

/** A roll-out of ten restarts at 200 requests a second through a real Envoy, with the lifecycle and without; and a shutdown with dead peers. */
export async function run(): Promise<void> {
  process.stdout.write('roll-out: 10 restarts of two replicas, 200 requests/s through Envoy, Istio default retries\n');
  const print = (name: string, result: Awaited<ReturnType<typeof runRollout>>) => {
    const { requests, failed, failures } = result;
    process.stdout.write(`  ${name.padEnd(28)} ${failed} of ${requests} failed ${JSON.stringify(failures)}\n`);
  };
  for (const kind of rolloutKinds) {
    for (const signal of signals)
      print(`${kind}, ${signal}`, await runRollout({ ...settings, lifecycle: true, kind, signal }));
  }
  print('HTTP/1.1, without', await runRollout({ ...settings, lifecycle: false }));
  const { ms, ended } = await endWithDeadPeers(Object.keys(deadPeers), 10);
  process.stdout.write(
    `shutdown with 10 dead peers of each of ${Object.keys(deadPeers).length} kinds: ${Math.round(ms)} ms, exit code ${ended.code}\n`,
  );

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
