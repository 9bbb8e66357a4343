import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type EnvoyConfig, startEnvoy } from './envoy.ts';
import { cluster, httpListener, istioRetryPolicy, socketAddress } from './envoy-resources.ts';
import { freePort } from './free-port.ts';
import { type Program, startProgram } from './program.ts';
import {
  grpcClient,
  httpClient,
  type LoadClient,
  type LoadResult,
  startLoad,
  webSocketClient,
} from './rollout-load.ts';
import { until } from './until.ts';

export interface RolloutOptions {
  restarts: number;
  lifecycle: boolean;
  requestsPerSecond: number;
  drainDelayMs: number;
  kind?: RolloutKind;
  signal?: RolloutSignal;
}

const clients = {
  'HTTP/1.1': httpClient,
  'HTTP/2': httpClient,
  WebSocket: webSocketClient,
  gRPC: grpcClient,
  cluster: httpClient,
} as const;

/** What the replicas serve, or that they are clusters of processes. */
export type RolloutKind = keyof typeof clients;
export const rolloutKinds = Object.keys(clients) as readonly RolloutKind[];

/** How a replica is told: once; again after a moment and again after more than a second; or all of its group are, by an init. */
export type RolloutSignal = 'once' | 'again' | 'group';

/** An init that signals the group: dumb-init, and where that is not installed a stand-in. */
function groupInit(): string[] {
  if (spawnSync('dumb-init', ['--version']).error === undefined) return ['dumb-init'];
  return [process.execPath, fileURLToPath(new URL('../fixtures/lifecycle/relay-to-group.ts', import.meta.url))];
}

async function tell({ child, ended }: Replica, signal: RolloutSignal): Promise<void> {
  child.kill('SIGTERM');
  if (signal !== 'again') return;
  for (const pauseMs of [50, 1_100]) {
    await Promise.race([delay(pauseMs), ended]);
    child.kill('SIGTERM');
  }
}

const http2Upstream = {
  'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
    '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
    explicit_http_config: { http2_protocol_options: {} },
  },
};

/** One replica that is ready; it is told to end by a signal. */
export type Replica = Pick<Program, 'child' | 'ended' | 'kill'>;

export interface ReplicaPorts {
  readonly port: number;
  readonly health: number;
}

export interface Replicas {
  /** Where Envoy reaches them. */
  readonly address: string;
  readonly clientOf: (port: number) => LoadClient;
  /** More fields of the cluster. */
  readonly upstream?: EnvoyConfig;
  start(ports: ReplicaPorts): Promise<Replica>;
  tell(replica: Replica): Promise<void>;
}

/** Rolls out an app of a few lines. */
export function runRollout({
  lifecycle,
  drainDelayMs,
  kind = 'HTTP/1.1',
  signal = 'once',
  ...options
}: RolloutOptions): Promise<LoadResult> {
  const prefix = signal === 'group' ? groupInit() : [];
  return rollOut(options, {
    address: '127.0.0.1',
    clientOf: clients[kind],
    upstream: ['HTTP/2', 'gRPC'].includes(kind) ? { typed_extension_protocol_options: http2Upstream } : {},
    async start({ port, health }) {
      const args = [port, health, lifecycle ? 'lifecycle' : 'none', drainDelayMs, kind].map(String);
      const program = startProgram('test/fixtures/lifecycle/rollout-app.ts', args, {}, prefix);
      await program.ready();
      // An init that is killed leaves its children behind.
      return prefix.length === 0 ? program : { ...program, kill: () => void program.child.kill('SIGTERM') };
    },
    tell: (replica) => tell(replica, signal),
  });
}

/**
 * Restarts two replicas in turn, under load, behind a real Envoy with Istio's default retry policy. Envoy's own health
 * checks of /readyz stand in for the control plane, which takes pods that are not ready out of the endpoints.
 */
export async function rollOut(
  { restarts, requestsPerSecond }: Pick<RolloutOptions, 'restarts' | 'requestsPerSecond'>,
  { address, clientOf, upstream: more = {}, start, tell }: Replicas,
): Promise<LoadResult> {
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
      ...more,
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
  const route = { upgrade_configs: [{ upgrade_type: 'websocket' }] };
  const listener = httpListener({ name: 'in', port, cluster: 'app', retryPolicy: istioRetryPolicy, route });
  const envoy = await startEnvoy({ config: { static_resources: { clusters: [upstream], listeners: [listener] } } });
  const healthy = (count: number) =>
    until(`${count} healthy replicas`, async () => {
      const stats = await (await fetch(`${envoy.adminUrl}/stats?filter=^cluster.app.membership_healthy$`)).text();
      return stats.trim().endsWith(`: ${count}`);
    });
  const load = startLoad(clientOf(port), requestsPerSecond);
  try {
    await healthy(2);
    load.begin();
    for (let restart = 0; restart < restarts; restart++) {
      const index = restart % replicas.length;
      const [replica, program] = [replicas[index], programs[index]];
      if (replica === undefined || program === undefined) break;
      await tell(program);
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
    await Promise.all(programs.map(({ ended }) => ended));
  }
}
