import { parseGoDuration } from '../../text/durations.ts';
import type { MigrationContext, Recogniser } from './migration.ts';
import { quitWords } from './migration.ts';
import { sidecarIn } from './sidecar-address.ts';

/** Programs that wait until a port is open, and then start the app: their defaults and what they do after a time-out. */
interface Waiter {
  readonly tool: string;
  /** Whether the app starts all the same. */
  readonly startsAnyway: (words: readonly string[]) => boolean;
}

// github.com/vishnubob/wait-for-it, wait-for-it.sh: usage, --timeout 15, and --strict.
const waitForItScript: Waiter = {
  tool: 'wait-for-it',
  startsAnyway: (words) => !words.some((word) => word === '-s' || word === '--strict'),
};
// github.com/eficode/wait-for, README: a time-out of 15 s ends it with an error.
const waitForScript: Waiter = { tool: 'wait-for', startsAnyway: () => false };
const standardSeconds = '15';

/** wait-for-it HOST:PORT [-t SECONDS] -- APP. Of an address that is no sidecar's it stays: that wait is the app's own. */
export const waitForIt = recogniseScript(waitForItScript);
export const waitFor = recogniseScript(waitForScript);

function recogniseScript({ tool, startsAnyway }: Waiter): Recogniser {
  return (words, at, context) => {
    const end = words.indexOf('--', at);
    const own = words.slice(at + 1, end === -1 ? undefined : end);
    const host = optionValue(own, '-h', '--host');
    const port = optionValue(own, '-p', '--port');
    const mesh = sidecarIn(host !== undefined && port !== undefined ? `${host}:${port}` : own.join(' '));
    if (mesh === undefined) return undefined;
    if (end === -1 || words[end + 1] === undefined)
      return { tool, told: 'it starts no command: what follows it is not known' };
    const seconds = optionValue(own, '-t', '--timeout') ?? standardSeconds;
    if (!/^\d+$/.test(seconds)) return { tool, told: `its time-out is ${JSON.stringify(seconds)}` };
    const timeout = ['--timeout', Number(seconds) === 0 ? '0' : `${seconds}s`];
    const late = startsAnyway(own) ? ['--on-timeout', 'start'] : [];
    return { tool, head: [context.shim, ...mesh, ...timeout, ...late, ...quitWords(context), '--'], rest: end + 1 };
  };
}

/** dockerize -wait URL... APP (github.com/jwilder/dockerize, README: -timeout 10s, then it ends with an error). */
export const dockerize: Recogniser = (words, at, context) => {
  const tool = 'dockerize';
  const waits: string[] = [];
  let timeout = '10s';
  let position = at + 1;
  let others = false;
  while (words[position]?.startsWith('-') && words[position] !== '--') {
    const [flag = '', inline] = (words[position] ?? '').replace(/^--/, '-').split(/=(.*)/s);
    const value = inline ?? words[position + 1] ?? '';
    if (flag === '-wait') waits.push(value);
    else if (flag === '-timeout') timeout = value;
    else if (flag !== '-wait-retry-interval') others = true;
    position += inline === undefined ? 2 : 1;
  }
  if (words[position] === '--') position += 1;
  const sidecars = waits.map(sidecarIn);
  const known = sidecars.filter((mesh) => mesh !== undefined);
  if (known.length === 0) return undefined;
  if (others || known.length < waits.length) return { tool, told: 'it does more than wait for the sidecar' };
  if (words[position] === undefined) return { tool, told: 'dockerize has no command to start' };
  const ms = parseGoDuration(timeout);
  if (ms === undefined) return { tool, told: `its time-out is ${JSON.stringify(timeout)}` };
  return { tool, head: shimWords(context, known[0] ?? [], `${ms}ms`), rest: position };
};

function shimWords(context: MigrationContext, mesh: readonly string[], timeout: string): string[] {
  return [context.shim, ...mesh, '--timeout', timeout, ...quitWords(context), '--'];
}

/** The value of `-t 5`, `-t5`, `--timeout=5` and `--timeout 5`. */
function optionValue(words: readonly string[], short: string, long: string): string | undefined {
  for (const [index, word] of words.entries()) {
    if (word === short || word === long) return words[index + 1];
    if (word.startsWith(`${long}=`)) return word.slice(long.length + 1);
  }
  return undefined;
}
