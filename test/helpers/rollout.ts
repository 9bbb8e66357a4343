import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { startEnvoy } from './envoy.ts';
import { cluster, httpListener, istioRetryPolicy, socketAddress } from './envoy-resources.ts';
import { freePort } from './free-port.ts';
import { type Program, startProgram } from './program.ts';
import { until } from './until.ts';

export interface RolloutOptions {
  restarts: number;
  lifecycle: boolean;
  requestsPerSecond: number;
  drainDelayMs: number;
}

/** One replica that is ready; it is told to end by a signal. */
export type Replica = Pick<Program, 'child' | 'ended' | 'kill'>;

export interface ReplicaPorts {
  readonly port: number;
  readonly health: number;
}

export interface Replicas {
  /** Where Envoy reaches them. */
  readonly address: string;
  /** In turn, to the path `/`. */
  readonly methods: readonly string[];
  start(ports: ReplicaPorts): Promise<Replica>;
}

export interface RolloutResult {
  requests: number;
  /** By what the client saw: a status other than 200 with Envoy's words for it, or an error's code. */
  failures: Record<string, number>;
  failed: number;
}

/** Rolls out an app of a few lines. */
export function runRollout({ lifecycle, drainDelayMs, ...options }: RolloutOptions): Promise<RolloutResult> {
  return rollOut(options, {
    address: '127.0.0.1',
    methods: ['GET', 'POST'],
    async start({ port, health }) {
      const args = [port, health, lifecycle ? 'lifecycle' : 'none', drainDelayMs].map(String);
      const program = startProgram('test/fixtures/lifecycle/rollout-app.ts', args);
      await program.ready();
      return program;
    },
  });
}

/**
 * Restarts two replicas in turn, under load, behind a real Envoy with Istio's default retry policy. Envoy's own health
 * checks of /readyz stand in for the control plane, which takes pods that are not ready out of the endpoints.
 */
export async function rollOut(
  { restarts, requestsPerSecond }: Pick<RolloutOptions, 'restarts' | 'requestsPerSecond'>,
  { address, methods, start }: Replicas,
): Promise<RolloutResult> {
  const replicas = await Promise.all([0, 1].map(async () => ({ port: await freePort(), health: await freePort() })));
  const programs = await Promise.all(replicas.map(start));
  const port = await freePort();
  const endpoints = replicas.map((replica) => ({
    endpoint: { address: socketAddress(replica.port, address), health_check_config: { port_value: replica.health } },
  }));
  const upstream = cluster({
    name: 'app',
    ports: [],
    extra: {
      load_assignment: { cluster_name: 'app', endpoints: [{ lb_endpoints: endpoints }] },
      // Envoy would hold a change of health back for a second after another; a control plane's endpoints are not held back.
      common_lb_config: { healthy_panic_threshold: { value: 0 }, update_merge_window: '0s' },
      health_checks: [
        {
          timeout: '1s',
          interval: '0.1s',
          no_traffic_interval: '0.1s',
          unhealthy_threshold: 1,
          healthy_threshold: 1,
          http_health_check: { path: '/readyz' },
        },
      ],
    },
  });
  const listener = httpListener({ name: 'in', port, cluster: 'app', retryPolicy: istioRetryPolicy });
  const envoy = await startEnvoy({ config: { static_resources: { clusters: [upstream], listeners: [listener] } } });
  const healthy = (count: number) =>
    until(`${count} healthy replicas`, async () => {
      const stats = await (await fetch(`${envoy.adminUrl}/stats?filter=^cluster.app.membership_healthy$`)).text();
      return stats.trim().endsWith(`: ${count}`);
    });
  const load = startLoad(port, requestsPerSecond, methods);
  try {
    await healthy(2);
    load.begin();
    for (let restart = 0; restart < restarts; restart++) {
      const index = restart % replicas.length;
      const [replica, program] = [replicas[index], programs[index]];
      if (replica === undefined || program === undefined) break;
      program.child.kill('SIGTERM');
      await program.ended;
      await healthy(1);
      programs[index] = await start(replica);
      await healthy(2);
    }
    return await load.end();
  } finally {
    await load.end();
    await envoy.stop();
    for (const program of programs) program.kill();
  }
}

/** An open loop: requests start by the clock, whether or not earlier ones have ended. */
function startLoad(port: number, perSecond: number, methods: readonly string[]) {
  const agent = new Agent({ keepAlive: true });
  const failures: Record<string, number> = {};
  const inFlight = new Set<Promise<void>>();
  let [requests, on] = [0, false];
  let running: Promise<void> | undefined;

  const send = () => {
    const method = methods[requests++ % methods.length];
    const done = new Promise<string>((resolve) => {
      const sent = request({ host: '127.0.0.1', port, method, agent }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          body += chunk;
        });
        response.on('end', () => resolve(response.statusCode === 200 ? 'ok' : `${response.statusCode} ${body}`));
        response.on('error', () => resolve('cut'));
      });
      sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      sent.end(method === 'POST' ? 'body' : undefined);
    }).then((outcome) => {
      inFlight.delete(done);
      if (outcome !== 'ok') failures[outcome] = (failures[outcome] ?? 0) + 1;
    });
    inFlight.add(done);
  };
  return {
    begin() {
      on = true;
      const startedAt = performance.now();
      running = (async () => {
        while (on) {
          const due = ((performance.now() - startedAt) * perSecond) / 1000;
          while (requests < due) send();
          await delay(1000 / perSecond);
        }
      })();
    },
    async end(): Promise<RolloutResult> {
      on = false;
      await running;
      await Promise.all(inFlight);
      agent.destroy();
      return { requests, failures, failed: Object.values(failures).reduce((sum, count) => sum + count, 0) };
    },
  };
}
