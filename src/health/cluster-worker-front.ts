import process from 'node:process';
import { type ClusterMessage, clusterMessage } from './cluster-messages.ts';
import type { Front } from './front.ts';
import type { HealthServerSettings } from './options.ts';
import type { Reporter } from './reporter.ts';

/** How long a primary may take to answer before its absence is said. */
const primaryTimeoutMs = 5_000;

/** In a worker: answers the primary, and listens nowhere. A port that workers share would show the health of any one of them. */
export function startClusterWorkerFront(settings: HealthServerSettings, reporter: Reporter): Front {
  const { logger } = settings;
  const unasked = (['liveness', 'startup'] as const).filter((name) => Object.keys(settings[name]).length > 0);
  if (unasked.length > 0) {
    const advice = 'give them to the primary, or to readiness';
    logger.warn(
      { options: unasked },
      `health: a cluster's worker is not asked for ${unasked.join(' and ')}: ${advice}`,
    );
  }

  // Under another's primary, such as pm2's, nobody would listen and nobody would say so.
  let missed = false;
  const timer = setTimeout(() => {
    missed = true;
    logger.warn({ port: settings.port }, describeAbsence(settings.port));
  }, primaryTimeoutMs).unref();
  const onPrimary = () => {
    clearTimeout(timer);
    if (missed) logger.info({}, 'health: the primary has answered');
    missed = false;
  };

  const onMessage = async (received: unknown) => {
    const message = clusterMessage(received);
    if (message?.meshShim === 'health-primary') onPrimary();
    if (message?.meshShim !== 'health-ask') return;
    onPrimary();
    send({ meshShim: 'health-report', id: message.id, report: await reporter.report('readyz') });
  };
  process.on('message', onMessage);
  send({ meshShim: 'health-worker' });
  return {
    address: '',
    port: 0,
    stateChanged() {},
    close: async () => {
      clearTimeout(timer);
      process.off('message', onMessage);
    },
  };
}

function describeAbsence(port: number): string {
  const what = `health: with "cluster" a worker answers its primary, and no primary has asked within ${primaryTimeoutMs / 1000} s`;
  const advice =
    'call createHealthServer({ cluster: true }) in the primary as well; where that is another program (pm2), leave "cluster" out and give each worker a port of its own';
  return `${what}: nobody listens on port ${port}; ${advice}`;
}

/** The primary may be gone by now: then there is nobody to tell. */
function send(message: ClusterMessage): void {
  if (process.connected) process.send?.(message, undefined, {}, () => {});
}
