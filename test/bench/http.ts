import { envoyBinary } from '../helpers/envoy.ts';
import { measureClientCpu } from './http/client-cpu.ts';
import { measureDuplicates } from './http/duplicates.ts';
import { measureHerd } from './http/herd.ts';
import { measureRecovery } from './http/recovery.ts';
import { measureStorm } from './http/storm.ts';
import { table } from './http/table.ts';

/** The HTTP client beside its peers, in one run: `npm run bench -- http`. */
export async function run(): Promise<void> {
  const print = (text: string) => process.stdout.write(`${text}\n`);
  const withEnvoy = envoyBinary() !== undefined;
  if (!withEnvoy) print('No Envoy here (npm run envoy): the rows through Envoy are left out.');
  print('Client CPU per request, as a ratio to plain undici.request (higher is better; target: >= 0.97)');
  print(table(await measureClientCpu(withEnvoy)));
  print('\nRecovery from an outage of 2 s: first success after it (target: median <= 60 ms)');
  print(table(await measureRecovery(withEnvoy)));
  print(
    '\nStorm: 500 GET/s at a service that answers 503 only: requests that arrive per request made (target: <= 1.1)',
  );
  print(table(await measureStorm()));
  print('\nHerd: 100 POSTs wait for a port: how many succeed, most that arrive in any 50 ms (target: 100, <= 20)');
  print(table(await measureHerd()));
  print('\nDuplicates and emptied bodies (target: 0)');
  print(table(await measureDuplicates()));
}
