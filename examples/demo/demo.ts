// An app that calls a service at its start, beside a sidecar whose configuration arrives late: without mesh-shim, then with it.
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { envoyBinary } from '../../scripts/envoy-binary.ts';
import { startSidecar } from '../../test/helpers/sidecar.ts';
import { observe } from './observer.ts';
import { runNode } from './run-lines.ts';
import { type DemoSidecar, startStandInSidecar } from './stand-in-sidecar.ts';
import { createTimeline, type Timeline } from './timeline.ts';

const appPath = join(import.meta.dirname, 'app.ts');
const shimPath = join(import.meta.dirname, '..', '..', 'dist', 'mesh-shim.mjs');

/** When the control plane sends what, after the start of the wrapped app. */
const clustersAfterMs = 1000;
const listenersAfterMs = 2500;

async function startDemoSidecar(standIn: boolean, timeline: Timeline): Promise<DemoSidecar> {
  if (standIn) timeline.say('The sidecar: the built-in stand-in (--stand-in), which is not a proxy.');
  else if (!envoyBinary()) {
    timeline.say('The sidecar: the built-in stand-in, which is not a proxy: there is no Envoy here ("npm run envoy").');
  } else {
    timeline.say('The sidecar: a real Envoy, set up as Istio does. Its control plane holds the configuration back.');
    return startSidecar({ kind: 'istio' });
  }
  return startStandInSidecar();
}

/** What the app wrote, and when it started. */
function appReader(timeline: Timeline) {
  let startedAtMs = Number.NaN;
  return {
    startedAtMs: () => startedAtMs,
    onStdout(line: string) {
      const [word, time] = line.split(' ');
      if (word !== 'started') return timeline.event('app', line, line.includes(': 200 ') ? 'green' : 'red');
      startedAtMs = Number(time);
      timeline.eventAt(startedAtMs, 'app', 'started');
    },
  };
}

async function runUnwrapped(sidecar: DemoSidecar, timeline: Timeline): Promise<boolean> {
  timeline.act('Without mesh-shim', 'node app.ts');
  const code = await runNode([appPath], { UPSTREAM_URL: sidecar.outboundUrl }, appReader(timeline));
  timeline.event('app', `ended with exit code ${code}`);
  return code !== 0;
}

async function runWrapped(sidecar: DemoSidecar, timeline: Timeline): Promise<boolean> {
  timeline.act('With mesh-shim', 'mesh-shim --mode required -- node app.ts');
  const observer = observe(sidecar, (state) => timeline.event('sidecar', state));
  const app = appReader(timeline);
  let shimSawReadyAtMs = Number.POSITIVE_INFINITY;
  const onStderr = (line: string) => {
    const { msg, time, probes } = parseLogLine(line);
    if (msg.includes('ready after')) shimSawReadyAtMs = time;
    timeline.event('shim', probes === undefined ? msg : `${msg} (${probes} probes)`);
  };
  const flags = ['--mode', 'required', '--admin-url', sidecar.adminUrl, '--log-format', 'json'];
  const ended = runNode(
    [shimPath, ...flags, '--', process.execPath, appPath],
    { UPSTREAM_URL: sidecar.outboundUrl },
    { onStdout: app.onStdout, onStderr },
  );
  const delivered = (async () => {
    await delay(clustersAfterMs);
    sidecar.deliverClusters();
    await delay(listenersAfterMs - clustersAfterMs);
    sidecar.deliverListeners();
  })();
  const code = await ended;
  await delivered;
  timeline.event('app', `ended with exit code ${code}`);
  if (code !== 0) {
    observer.stop();
    return false;
  }
  // Whoever saw it first: the observer looks every 2 ms, and the shim may come before it.
  const readyAtMs = Math.min(await observer.readyAtMs, shimSawReadyAtMs);
  const lateMs = Math.round(app.startedAtMs() - readyAtMs);
  timeline.say(`\nThe app started ${lateMs} ms after the sidecar was ready, and its first request arrived.`);
  return lateMs >= 0;
}

function parseLogLine(line: string): { msg: string; time: number; probes?: number } {
  try {
    return JSON.parse(line);
  } catch {
    return { msg: line, time: Number.NaN }; // of Node itself, or of the app
  }
}

async function main(args: readonly string[]): Promise<number> {
  const unknown = args.find((arg) => arg !== '--stand-in');
  if (unknown !== undefined) {
    process.stderr.write(`unknown argument ${JSON.stringify(unknown)}: the demo takes --stand-in only\n`);
    return 64;
  }
  const timeline = createTimeline(process.stdout);
  const sidecar = await startDemoSidecar(args.includes('--stand-in'), timeline);
  try {
    const failedAlone = await runUnwrapped(sidecar, timeline);
    const workedWrapped = await runWrapped(sidecar, timeline);
    if (failedAlone && workedWrapped) return 0;
    timeline.say('This is not what the demo is meant to show: please report it with the lines above.');
    return 1;
  } finally {
    await sidecar.stop();
  }
}

// So that Envoy, which is ended when this process exits, does not outlive a Ctrl-C.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

process.exitCode = await main(process.argv.slice(2));
