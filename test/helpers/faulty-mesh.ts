import { createServer, request } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import type { CauseId } from '../../src/explain/causes/index.ts';
import { type Envoy, type EnvoyConfig, startEnvoy } from './envoy.ts';
import { cluster, socketAddress } from './envoy-resources.ts';
import { freePort } from './free-port.ts';

const type = (name: string) => ({ '@type': `type.googleapis.com/${name}` });
const service = (name: string) => `outbound|80||${name}.shop.svc.cluster.local`;

/** Istio's text format since 1.9 (pilot/pkg/model/telemetry_logging.go, Istio 1.31). */
const istioFormat =
  '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% ' +
  '%RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS% "%UPSTREAM_TRANSPORT_FAILURE_REASON%" %BYTES_RECEIVED% ' +
  '%BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" ' +
  '"%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%" %UPSTREAM_CLUSTER% %UPSTREAM_LOCAL_ADDRESS% ' +
  '%DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS% %REQUESTED_SERVER_NAME% %ROUTE_NAME%\n';

/** A call that goes wrong in one way (or well), and what explain must say to its line of the log. */
export interface Fault {
  readonly truth: CauseId;
  /** Which listener it goes to; of HTTP ones also the beginning of its path. */
  readonly listener: 'http' | 'denied' | 'forbidden' | 'fault' | 'strict' | 'blackhole' | 'passthrough';
  readonly path?: string;
  /** The client goes away before there is an answer. */
  readonly impatient?: boolean;
}

/** Faults made on purpose, by real servers and a real Envoy. */
export const faults: readonly Fault[] = [
  { truth: 'no-failure', listener: 'http', path: '/well' },
  { truth: 'app-failed', listener: 'http', path: '/failing' },
  { truth: 'app-answered', listener: 'http', path: '/missing' },
  { truth: 'upstream-refused', listener: 'http', path: '/refused' },
  { truth: 'app-refused', listener: 'http', path: '/own' },
  { truth: 'mtls-mismatch', listener: 'http', path: '/plain' },
  { truth: 'no-healthy-upstream', listener: 'http', path: '/empty' },
  { truth: 'server-closed', listener: 'http', path: '/closing' },
  { truth: 'upstream-slow', listener: 'http', path: '/slow' },
  { truth: 'registry-only', listener: 'http', path: '/unknown-host' },
  { truth: 'route-answered', listener: 'http', path: '/redirected' },
  { truth: 'route-not-found', listener: 'http', path: '/nowhere' },
  { truth: 'cluster-not-found', listener: 'http', path: '/no-cluster' },
  { truth: 'wrong-protocol', listener: 'http', path: '/http2' },
  { truth: 'circuit-breaker', listener: 'http', path: '/overflowing' },
  { truth: 'upstream-timeout-connect', listener: 'http', path: '/silent' },
  { truth: 'client-gone', listener: 'http', path: '/hanging', impatient: true },
  { truth: 'access-denied', listener: 'denied', path: '/x' },
  { truth: 'access-denied-by-policy', listener: 'forbidden', path: '/x' },
  { truth: 'fault-injected', listener: 'fault', path: '/x' },
  { truth: 'strict-plaintext', listener: 'strict' },
  { truth: 'registry-only', listener: 'blackhole' },
  { truth: 'passthrough-refused', listener: 'passthrough' },
];

export interface FaultyMesh {
  readonly envoy: Envoy;
  readonly ports: Readonly<Record<Fault['listener'], number>>;
  /** Makes a fault happen; `mark` is the end of the path. */
  make(fault: Fault, mark?: string): Promise<void>;
  stop(): Promise<void>;
}

/** An Envoy that logs as Istio does into a file, and the servers behind it. */
export async function startFaultyMesh(log: string, version?: string): Promise<FaultyMesh> {
  const app = createServer((incoming, reply) => {
    const { url = '' } = incoming;
    if (url.startsWith('/closing')) incoming.socket.destroy();
    else if (url.startsWith('/slow') || url.startsWith('/hanging')) return;
    else {
      reply.statusCode = url.startsWith('/failing') ? 500 : url.startsWith('/missing') ? 404 : 200;
      reply.end('x');
    }
  });
  const silent = createTcpServer(() => {});
  const appPort = await listening(app);
  const silentPort = await listening(silent);
  const closed = await freePort();
  const names = ['http', 'denied', 'forbidden', 'fault', 'strict', 'blackhole', 'passthrough'] as const;
  const ports = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await freePort()] as const)),
  ) as FaultyMesh['ports'];
  const envoy = await startEnvoy({
    config: bootstrap({ log, ports, app: appPort, silent: silentPort, closed }),
    flags: ['--file-flush-interval-msec', '50'],
    ...(version && { version }),
  });
  return {
    envoy,
    ports,
    make: (fault, mark = '') =>
      fault.path === undefined ? openAndClose(ports[fault.listener]) : call(fault, ports, mark),
    async stop() {
      await envoy.stop();
      app.closeAllConnections();
      for (const server of [app, silent]) server.close();
    },
  };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return (server.address() as AddressInfo).port;
}

async function call(
  { listener, path = '/', impatient }: Fault,
  ports: FaultyMesh['ports'],
  mark: string,
): Promise<void> {
  await new Promise<void>((resolve) => {
    const sent = request({
      host: '127.0.0.1',
      port: ports[listener],
      path: `${path}${mark}`,
      headers: { host: 'web.shop' },
    });
    sent.on('response', (reply) => void text(reply).finally(resolve));
    sent.on('error', () => resolve());
    sent.on('close', () => resolve());
    sent.end();
    if (impatient) setTimeout(() => sent.destroy(), 100);
  });
}

/** What a client in plain text sends: the sidecar closes the connection. */
async function openAndClose(port: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n'));
    socket.on('error', () => {}).on('close', () => resolve());
    socket.resume();
  });
}

interface Places {
  readonly log: string;
  readonly ports: FaultyMesh['ports'];
  readonly app: number;
  readonly silent: number;
  readonly closed: number;
}

function bootstrap({ log, ports, app, silent, closed }: Places): EnvoyConfig {
  const accessLog = [
    {
      name: 'envoy.access_loggers.file',
      typed_config: {
        ...type('envoy.extensions.access_loggers.file.v3.FileAccessLog'),
        path: log,
        log_format: { text_format_source: { inline_string: istioFormat } },
      },
    },
  ];
  const to = (prefix: string, name: string, more: EnvoyConfig = {}) => ({
    name: 'default',
    match: { prefix },
    route: { cluster: name, timeout: '0s', ...more },
  });
  const main = [
    to('/own', 'inbound|8080||'),
    to('/refused', service('refused')),
    to('/plain', service('plain')),
    to('/empty', service('empty')),
    to('/slow', service('web'), { timeout: '0.2s' }),
    { name: 'block_all', match: { prefix: '/unknown-host' }, direct_response: { status: 502 } },
    { name: 'default', match: { prefix: '/redirected' }, redirect: { https_redirect: true } },
    to('/no-cluster', service('no-cluster')),
    to('/http2', service('http2')),
    to('/overflowing', service('overflowing')),
    to('/silent', service('silent')),
    ...['/well', '/failing', '/missing', '/closing', '/hanging'].map((prefix) => to(prefix, service('web'))),
  ];
  const web = [to('/', service('web'))];
  return {
    node: {
      id: 'sidecar~10.0.0.1~web-0.shop~shop.svc.cluster.local',
      cluster: 'web.shop',
      metadata: { ISTIO_VERSION: '1.31.0' },
    },
    static_resources: {
      clusters: [
        cluster({ name: service('web'), ports: [app] }),
        cluster({ name: service('refused'), ports: [closed] }),
        cluster({ name: 'inbound|8080||', ports: [closed] }),
        cluster({ name: 'PassthroughCluster', ports: [closed] }),
        cluster({ name: service('plain'), ports: [app], extra: { transport_socket: tls } }),
        cluster({ name: service('silent'), ports: [silent], connectTimeoutMs: 200, extra: { transport_socket: tls } }),
        cluster({ name: service('empty'), ports: [] }),
        cluster({ name: 'BlackHoleCluster', ports: [] }),
        cluster({ name: service('http2'), ports: [app], extra: { typed_extension_protocol_options: http2 } }),
        cluster({
          name: service('overflowing'),
          ports: [app],
          extra: {
            circuit_breakers: { thresholds: [{ max_connections: 0, max_pending_requests: 0, max_requests: 0 }] },
          },
        }),
      ],
      listeners: [
        http('http', ports.http, main, [], accessLog),
        http('denied', ports.denied, web, [rbac('ALLOW', 'ns[shop]-policy[nobody]-rule[0]', false)], accessLog),
        http('forbidden', ports.forbidden, web, [rbac('DENY', 'ns[shop]-policy[only-read]-rule[0]', true)], accessLog),
        http('fault', ports.fault, web, [abort], accessLog),
        {
          ...tcp('strict', ports.strict, service('web'), accessLog),
          listener_filters: [
            {
              name: 'envoy.filters.listener.tls_inspector',
              typed_config: type('envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector'),
            },
          ],
          filter_chains: [
            {
              filter_chain_match: { transport_protocol: 'tls' },
              ...(tcp('strict', 0, service('web'), accessLog).filter_chains as EnvoyConfig[])[0],
            },
          ],
          access_log: accessLog,
        },
        tcp('blackhole', ports.blackhole, 'BlackHoleCluster', accessLog),
        tcp('passthrough', ports.passthrough, 'PassthroughCluster', accessLog),
      ],
    },
  };
}

const tls = {
  name: 'envoy.transport_sockets.tls',
  typed_config: type('envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext'),
};

const http2 = {
  'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
    ...type('envoy.extensions.upstreams.http.v3.HttpProtocolOptions'),
    explicit_http_config: { http2_protocol_options: {} },
  },
};

const abort = {
  name: 'envoy.filters.http.fault',
  typed_config: {
    ...type('envoy.extensions.filters.http.fault.v3.HTTPFault'),
    abort: { http_status: 503, percentage: { numerator: 100 } },
  },
};

function rbac(action: 'ALLOW' | 'DENY', policy: string, anybody: boolean): EnvoyConfig {
  const principals = anybody ? [{ any: true }] : [{ not_id: { any: true } }];
  return {
    name: 'envoy.filters.http.rbac',
    typed_config: {
      ...type('envoy.extensions.filters.http.rbac.v3.RBAC'),
      rules: { action, policies: { [policy]: { permissions: [{ any: true }], principals } } },
    },
  };
}

function http(
  name: string,
  port: number,
  routes: readonly object[],
  filters: readonly object[],
  access_log: readonly object[],
): EnvoyConfig {
  return {
    name,
    address: socketAddress(port),
    filter_chains: [
      {
        filters: [
          {
            name: 'envoy.filters.network.http_connection_manager',
            typed_config: {
              ...type('envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager'),
              stat_prefix: name,
              access_log,
              route_config: {
                name,
                validate_clusters: false,
                virtual_hosts: [{ name: 'all', domains: ['*'], routes }],
              },
              http_filters: [
                ...filters,
                {
                  name: 'envoy.filters.http.router',
                  typed_config: type('envoy.extensions.filters.http.router.v3.Router'),
                },
              ],
            },
          },
        ],
      },
    ],
  };
}

function tcp(name: string, port: number, to: string, access_log: readonly object[]): EnvoyConfig {
  return {
    name,
    address: socketAddress(port),
    filter_chains: [
      {
        filters: [
          {
            name: 'envoy.filters.network.tcp_proxy',
            typed_config: {
              ...type('envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy'),
              stat_prefix: name,
              cluster: to,
              access_log,
            },
          },
        ],
      },
    ],
  };
}
