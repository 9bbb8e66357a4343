/**
 * The main job, seen as it happens: an app wrapped by the shim starts when its sidecar carries traffic; unwrapped, its first
 * call is refused. `npm run demo`; `node examples/demo/demo.ts --stand-in` does without Envoy.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { envoyBinary } from '../../scripts/envoy-binary.ts';
import { startSidecar } from '../../test/helpers/sidecar.ts';
import { type DemoSidecar, startStandInSidecar } from './stand-in-sidecar.ts';
import { createTimeline, nowMs, type Timeline } from './timeline.ts';

const shimPath = join(import.meta.dirname, '..', '..', 'dist', 'mesh-shim.cjs');
/** How long the control plane takes for each of its two answers. */
const answerAfterMs = 1_200;
/** How often the demo itself looks at the sidecar. */
const pollMs = 5;

const unknown = process.argv.slice(2).find((argument) => argument !== '--stand-in');
if (unknown !== undefined) {
  process.stderr.write(`unknown argument ${JSON.stringify(unknown)}: the demo knows --stand-in only\n`);
  process.exit(64);
}
// Envoy is ended when this process exits, which a signal's own effect would bypass.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

const timeline = createTimeline(process.stdout);
const withStandIn = process.argv.includes('--stand-in') || envoyBinary() === undefined;
timeline.say(
  withStandIn
    ? 'The sidecar is a built-in stand-in: no Envoy is installed here (Python 3 with pip brings it).'
    : 'The sidecar is a real Envoy; its configuration arrives after some seconds, as in a pod that has just started.',
);

const failures = [
  ...(await act('Without mesh-shim', 'The app starts beside its sidecar, and calls another service at once.', false)),
  ...(await act('With mesh-shim', 'The same app, wrapped: mesh-shim -- node app.ts', true)),
];
for (const failure of failures) timeline.say(`\nNOT AS EXPECTED: ${failure}`);
process.exitCode = failures.length === 0 ? 0 : 1;

/** Starts a sidecar and the app together; answers what did not go as it should. */
async function act(title: string, explanation: string, wrapped: boolean): Promise<string[]> {
  const sidecar: DemoSidecar = withStandIn ? await startStandInSidecar() : await startSidecar({ kind: 'istio' });
  timeline.act(title, explanation);
  try {
    const watch = watchStates(sidecar, timeline);
    const { spoke, ended: app } = runApp(sidecar, wrapped, timeline);
    // From the first line on: on a busy machine a process takes longer to start than the control plane to answer.
    await spoke;
    await sleep(answerAfterMs);
    sidecar.deliverClusters();
    await sleep(answerAfterMs);
    sidecar.deliverListeners();
    const [readyAt, { startedAt, code }] = await Promise.all([watch, app]);
    if (!wrapped) return code === 0 ? ['the unwrapped app was not refused'] : [];
    const lateMs = Math.round(startedAt - readyAt);
    timeline.say(`\n  The app started ${lateMs} ms after its sidecar was ready (Node's own start is part of that).`);
    return [
      ...(code === 0 ? [] : [`the wrapped app ended with ${code}`]),
      ...(startedAt < readyAt - pollMs ? ['the app started before its sidecar was ready'] : []),
    ];
  } finally {
    await sidecar.stop();
  }
}

/** Shows each state that the sidecar says, by questions of its own; resolves with the moment of the first 200 of its readiness. */
async function watchStates({ adminUrl, readyUrl }: DemoSidecar, { event }: Timeline): Promise<number> {
  let shown = '';
  for (;;) {
    const state = (await textOf(`${adminUrl}/ready`)).text.trim();
    if (state !== shown && state !== '') event('sidecar', `Envoy is ${state}`);
    shown = state || shown;
    if (shown === 'LIVE' && (await textOf(readyUrl)).status === 200) {
      event('sidecar', 'carries traffic: its readiness address says 200', 'green');
      return nowMs();
    }
    await sleep(pollMs);
  }
}

async function textOf(url: string): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url);
    return { status: response.status, text: await response.text() };
  } catch {
    return { status: 0, text: '' }; // refused: not up yet
  }
}

/** Runs the app, wrapped or not, and shows what it and the shim say. */
function runApp(
  { adminUrl, readyUrl, outboundUrl }: DemoSidecar,
  wrapped: boolean,
  { event, eventAt }: Timeline,
): { spoke: Promise<unknown>; ended: Promise<{ startedAt: number; code: number }> } {
  const app = [process.execPath, join(import.meta.dirname, 'app.ts')];
  const shim = [process.execPath, shimPath, '--mode', 'required', '--admin-url', adminUrl];
  const words = wrapped ? [...shim, '--ready-url', readyUrl, '--', ...app] : app;
  const child = spawn(words[0] as string, words.slice(1), {
    env: { ...process.env, UPSTREAM_URL: outboundUrl, MESH_SHIM_LOG_FORMAT: 'json' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let startedAt = Number.NaN;
  createInterface(child.stdout).on('line', (line) => {
    if (line.startsWith('started ')) {
      startedAt = Number(line.slice('started '.length));
      eventAt(startedAt, 'app', 'starts');
    } else event('app', line, line.includes(' 200 ') ? 'green' : 'red');
  });
  createInterface(child.stderr).on('line', (line) => event('shim', shimLine(line)));
  const spoke = Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data'), once(child, 'close')]);
  const ended = once(child, 'close').then(([code]: number[]) => {
    event('app', `ends with exit code ${code}`);
    return { startedAt, code: code as number };
  });
  return { spoke, ended };
}

/** A line of the shim's log, with how often it has asked. */
function shimLine(line: string): string {
  try {
    const { msg, probes } = JSON.parse(line) as { msg: string; probes?: number };
    return probes === undefined ? msg : `${msg} (${probes} ${probes === 1 ? 'probe' : 'probes'})`;
  } catch {
    return line;
  }
}
