import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import axios from 'axios';
import { Agent } from 'undici';
import { requestOptionTable } from '../../../src/http/client-option-tables.ts';
import { retryableRequestTable } from '../../../src/http/retryable-request-table.ts';
import * as library from '../../../src/index.ts';
import { type Wrong, wrong } from './wrong-values.ts';

/** A function of the library with its options, called as a program calls it. */
export interface EntryPoint {
  /** As errors name it. */
  readonly name: string;
  readonly table: readonly library.OptionRow[];
  /** How errors name the options: empty where they stand alone. */
  readonly path?: string;
  /** Ends what it starts. Throws, or rejects with, what the function does. */
  readonly call: (options: never) => unknown;
  /** By option: what it must refuse, and what it must take. */
  readonly cases: Readonly<Record<string, { readonly wrong: readonly Wrong[]; readonly right: readonly unknown[] }>>;
  /** Other names are not ours. */
  readonly isOpen?: boolean;
  /** They are arguments, one by one. */
  readonly isPositional?: boolean;
}

const pem = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url), 'utf8');
const certificate = { cert: pem('cert.pem'), key: pem('key.pem') };
const { durations, limits, integers, shares, flags, strings, texts, names, functions, loggers } = wrong;
const { abortSignals, objects, lists, at, all } = wrong;
const silent = library.silentLogger;

const durationCase = (least: number) => ({ wrong: durations(least), right: [least, least + 0.5, 2 ** 31 - 1] });
const limitCase = { wrong: limits, right: [0.5, 2 ** 31 - 1, Number.POSITIVE_INFINITY] };
const flagCase = { wrong: flags, right: [true, false] };
const loggerCase = { wrong: loggers, right: [silent, { ...silent, trace() {} }] };
const functionCase = { wrong: functions, right: [() => undefined] };
const dispatcherCase = { wrong: all({}, 'x', null, () => {}), right: [new Agent()] };

const retryCases = {
  trustSidecar: { wrong: names, right: ['strict', 'istio-default-policy', 'off'] },
  deadlineMs: limitCase,
  attemptTimeoutMs: limitCase,
  maxRetries: { wrong: integers(0), right: [0, 7] },
  backoffBaseMs: durationCase(0),
  backoffCapMs: durationCase(0),
  arrivalBaseMs: durationCase(0),
  arrivalCapMs: durationCase(0),
  arrivalSpreadMs: durationCase(0),
  retryStatuses: {
    wrong: [...lists(200, 503), ...lists('503', 503), at([399], '[0]', 399), at([600], '[0]', 600)],
    right: [[], [400, 599]],
  },
  idempotencyKeyHeader: { wrong: all('', 'a b', 'a:', true, 5, null), right: [false, 'X-Request-Id'] },
  retryBudget: { wrong: shares, right: [0, 0.5, 1] },
  retryBudgetMin: { wrong: integers(0), right: [0, 7] },
  failedReplies: { wrong: names, right: ['return', 'throw'] },
  spans: { wrong: names, right: ['request', 'attempts'] },
  logger: loggerCase,
};
const { attemptTimeoutMs: _, failedReplies: __, spans: ___, ...adapterCases } = retryCases;
const adapters = [
  ['createMeshGot', (options: never) => library.createMeshGot({ extend: (given: object) => given }, options)],
  ['createMeshAxios', (options: never) => library.createMeshAxios(axios, options)],
  ['createMeshInterceptor', (options: never) => library.createMeshInterceptor(options)],
] as const;
const fetchCase = { wrong: functionCase.wrong, right: [globalThis.fetch] };
const proxyCase = { wrong: [...names, ...all('env')], right: ['as-node', 'environment', 'none'] };
const agentCase = { wrong: [...objects, ...all({ connect: 5 })], right: [{}, { connections: 5 }] };

const connectCases = {
  name: { wrong: texts, right: ['orders'] },
  deadlineMs: limitCase,
  attemptTimeoutMs: limitCase,
  backoffBaseMs: durationCase(0),
  backoffCapMs: durationCase(0),
  fatal: functionCase,
  signal: { wrong: abortSignals, right: [new AbortController().signal] },
  logger: loggerCase,
};

const isWrong = (error: unknown): boolean => error instanceof library.MeshOptionError;
const enough = new Error('the options have been read');

const checkCases = {
  wrong: [
    ...objects,
    at({ db: 5 }, '.db', 5),
    at({ db: undefined }, '.db', undefined),
    at({ db: {} }, '.db.check', undefined),
    at({ db: { check() {}, timeoutMs: 0 } }, '.db.timeoutMs', 0),
    at({ db: { check() {}, cacheMs: '1' } }, '.db.cacheMs', '1'),
  ],
  right: [{}, { db: () => true, cache: { check: () => true, timeoutMs: 5, cacheMs: 0 } }],
};

const portCases = {
  name: { wrong: strings, right: ['', 'http-web'] },
  appProtocol: { wrong: strings, right: ['tcp'] },
  port: { wrong: integers(1, 65_535), right: [1, 65_535] },
  protocol: { wrong: [...names, ...all('tcp')], right: ['TCP', 'UDP', 'SCTP'] },
  targetPort: {
    wrong: [...integers(1, 65_535), ...all('Web', 'a--b', 'more-than-15-chars')],
    right: [1, 65_535, 'web', 'http-8080'],
  },
  nodePort: { wrong: integers(0, 65_535), right: [0, 30_080] },
  use: { wrong: names, right: ['app', 'health'] },
};

/** As of Express: not the server itself. */
const app = () => {};
const hook = { name: 'h', run: () => {} };
const wrongClosable = { close: { close: 5 }, cut: { close() {}, cut: 'x' }, name: { name: 5, close() {} } };
const closable = { name: 'c', close() {}, cut() {} };

export const entryPoints: readonly EntryPoint[] = [
  {
    name: 'waitForMesh',
    table: library.waitOptionTable,
    call: (options) => library.waitForMesh(over({ env: { MESH_SHIM_DISABLED: 'a test' } }, options)),
    cases: {
      timeoutMs: durationCase(0),
      mode: { wrong: names, right: ['auto', 'required', 'optional'] },
      mesh: {
        wrong: [...names, ...all('istio,dapr'), at(['none'], '[0]', 'none'), at(['istio', 5], '[1]', 5)],
        right: ['auto', 'none', 'istio', ['istio', 'dapr'], []],
      },
      adminUrl: {
        wrong: [...texts, ...all('localhost:1'), ...all('https://a')],
        right: ['http://localhost:1', 'unix:/run/x'],
      },
      readyUrl: { wrong: [...texts, ...all('unix:/run/x'), ...all('tcp://a:1')], right: ['http://localhost:1/ready'] },
      proof: { wrong: [...texts, ...all('auto ', 'ready')], right: ['auto', 'live', 'listeners'] },
      waitFor: {
        wrong: [...all('', 5, null, {}, () => {}, 'db:1'), at(['tcp://a:1', 'db:1'], '[1]', 'db:1'), at([5], '[0]', 5)],
        right: ['postgres://u:p@db/x', ['http://a/', 'tcp://a:1', 'unix:/run/x', 'kafka://a'], []],
      },
      probeTimeoutMs: durationCase(0),
      intervalMs: durationCase(1),
      signal: { wrong: abortSignals, right: [new AbortController().signal] },
      logger: loggerCase,
      onProgress: functionCase,
      env: {
        wrong: [
          ...objects,
          at({ MESH_SHIM_DISABLED: true }, '.MESH_SHIM_DISABLED', true),
          at({ MESH_SHIM_DISABLED: 'no' }, '.MESH_SHIM_DISABLED', 'no'),
          at({ KUBERNETES_SERVICE_HOST: 1 }, '.KUBERNETES_SERVICE_HOST', 1),
        ],
        right: [{ MESH_SHIM_DISABLED: 'a test', KUBERNETES_SERVICE_HOST: '10.0.0.1' }],
      },
    },
  },
  { name: 'meshRetry', table: library.retryOptionTable, call: library.meshRetry, cases: retryCases },
  {
    name: 'createMeshAgent',
    table: library.agentOptionTable,
    call: (options) => library.createMeshAgent(options).close(),
    cases: {
      ...retryCases,
      proxy: proxyCase,
      agent: agentCase,
      dispatcher: { ...dispatcherCase, right: [new Agent()] },
    },
  },
  {
    name: 'createMeshFetch',
    table: library.fetchOptionTable,
    call: library.createMeshFetch,
    cases: { ...retryCases, proxy: proxyCase, fetch: fetchCase, dispatcher: dispatcherCase },
  },
  ...adapters.map(([name, call]) => ({ name, table: library.adapterOptionTable, call, cases: adapterCases })),
  {
    name: 'createMeshKy',
    table: library.fetchOptionTable,
    call: (options: never) => library.createMeshKy({ extend: (given: object) => given }, options),
    cases: { ...retryCases, proxy: proxyCase, fetch: fetchCase, dispatcher: dispatcherCase },
  },
  {
    name: 'retryDelay',
    table: library.retryOptionTable,
    call: (options) => library.retryDelay(enough, 1, options),
    cases: retryCases,
  },
  {
    name: 'isSafeToRetry',
    table: library.retryOptionTable,
    call: (options) => library.isSafeToRetry(enough, { method: 'GET' }, options),
    cases: retryCases,
  },
  {
    name: 'connectWithRetry',
    table: library.connectOptionTable,
    call: (options) => library.connectWithRetry(async () => 1, options),
    cases: { ...connectCases, close: functionCase },
  },
  {
    name: 'waitForEndpoint',
    table: library.endpointOptionTable,
    // With a signal that has aborted it only reads its options.
    call: async (options) => {
      const given = over({ signal: AbortSignal.abort(enough), deadlineMs: 50 }, options);
      await library.waitForEndpoint('tcp://127.0.0.1:9', given).catch((error: unknown) => {
        if (isWrong(error)) throw error;
      });
    },
    cases: connectCases,
  },
  {
    name: 'endpointChecks.tcp',
    table: library.tcpCheckOptionTable,
    call: (options) => library.endpointChecks.tcp('tcp://db:1', options),
    cases: { holdMs: durationCase(0) },
  },
  {
    name: 'endpointChecks.tls',
    table: library.tlsCheckOptionTable,
    call: (options) => library.endpointChecks.tls('tls://db', options),
    cases: {
      servername: { wrong: texts, right: ['db.example'] },
      ca: {
        wrong: all(5, null, true, {}, () => {}, [5]),
        right: [certificate.cert, Buffer.from(certificate.cert), []],
      },
      cert: { wrong: all(5, null, true, {}, () => {}, [5]), right: [] },
      key: { wrong: all(5, null, true, {}, () => {}, [5], [{}]), right: [] },
    },
  },
  {
    name: 'createHealthServer',
    table: library.healthOptionTable,
    call: async (options) => {
      const health = await library.createHealthServer(over({ port: 0, logger: silent }, options));
      await health.close();
    },
    cases: {
      port: { wrong: [...integers(0, 65_535), ...all(15_021)], right: [0] },
      host: { wrong: texts, right: ['127.0.0.1'] },
      appPorts: { wrong: lists(0, 8080), right: [[], [8080]] },
      paths: {
        wrong: [
          ...objects,
          at({ livez: 'livez' }, '.livez', 'livez'),
          at({ readyz: '/a?b' }, '.readyz', '/a?b'),
          at({ startupz: '/ a' }, '.startupz', '/ a'),
          at({ livez: 5 }, '.livez', 5),
          at({ ready: '/a' }, '.ready', '/a'),
        ],
        right: [{}, { livez: '/live', readyz: undefined }],
      },
      liveness: checkCases,
      readiness: checkCases,
      startup: checkCases,
      checkTimeoutMs: durationCase(1),
      cacheMs: durationCase(0),
      eventLoop: {
        wrong: [
          ...objects,
          at({ maxDelayMs: 'x' }, '.maxDelayMs', 'x'),
          at({ maxDelayMs: 0 }, '.maxDelayMs', 0),
          at({ maxUtilization: 1.1 }, '.maxUtilization', 1.1),
          at({ maxDelay: 1 }, '.maxDelay', 1),
        ],
        right: [{}, { maxDelayMs: 100, maxUtilization: 0.9 }],
      },
      worker: flagCase,
      maxBlockedMs: durationCase(1),
      readyMaxBlockedMs: durationCase(1),
      cluster: flagCase,
      minReadyWorkers: { wrong: integers(0), right: [0, 2] },
      messages: flagCase,
      maxConnections: { wrong: integers(1), right: [1, 5] },
      requestTimeoutMs: durationCase(1),
      logger: loggerCase,
    },
  },
  {
    name: 'createLifecycle',
    table: library.lifecycleOptionTable,
    call: (options) => library.createLifecycle(options).dispose(),
    cases: {
      servers: {
        wrong: [
          ...lists({}, createServer()),
          at([app], '[0]', app),
          at([wrongClosable.close], '[0]', wrongClosable.close),
          at([wrongClosable.cut], '[0]', wrongClosable.cut),
          at([wrongClosable.name], '[0]', wrongClosable.name),
        ],
        right: [
          [createServer(), createHttp2Server(), closable, { close() {} }, { tryShutdown() {}, forceShutdown() {} }],
        ],
      },
      consumers: { wrong: lists({}, closable), right: [[closable, { close() {} }]] },
      webSockets: { wrong: lists({}, { clients: new Set() }), right: [[{ clients: new Set() }]] },
      health: {
        wrong: all({}, null, 'x', () => {}, { setState() {} }, { close() {} }),
        right: [{ setState() {}, async close() {} }],
      },
      hooks: {
        wrong: [
          ...lists(5, hook),
          at([{ name: 'h' }], '[0].run', undefined),
          at([{ run() {} }], '[0].name', undefined),
          at([hook, { ...hook, run: 'x' }], '[1].run', 'x'),
          at([{ ...hook, timeoutMs: -1 }], '[0].timeoutMs', -1),
          at([{ ...hook, timeout: 5 }], '[0].timeout', 5),
        ],
        right: [[hook, { ...hook, timeoutMs: 0 }]],
      },
      drainDelayMs: { wrong: durations(0), right: [0, 27_999] },
      graceMs: { wrong: [...durations(0), ...all(2_000)], right: [2_001, 2 ** 31 - 1] },
      preStopMs: { wrong: durations(0), right: [0, 20_000] },
      reserveMs: { wrong: durations(0), right: [0, 20_000] },
      peerTimeoutMs: durationCase(1),
      hookTimeoutMs: durationCase(0),
      signals: {
        wrong: [
          ...all('SIGTERM'),
          ...lists('SIGFOO', 'SIGTERM'),
          at(['SIGKILL'], '[0]', 'SIGKILL'),
          at(['SIGSTOP'], '[0]', 'SIGSTOP'),
          at([15], '[0]', 15),
          at(['SIGTERM', 'SIGTERM'], '[1]', 'SIGTERM'),
        ],
        right: [[], ['SIGTERM'], ['SIGHUP', 'SIGUSR2']],
      },
      deferListeners: flagCase,
      uncaughtErrors: flagCase,
      classicSidecarMs: { wrong: durations(0), right: [false, 0, 5_000] },
      quitSidecar: { wrong: all('x', '', 5, null, true, {}), right: ['istio', async () => {}] },
      exit: functionCase,
      logger: loggerCase,
    },
  },
  {
    name: 'keepAliveFor',
    table: library.keepAliveOptionTable,
    call: (options) => library.keepAliveFor(createServer(), options),
    cases: { proxyIdleMs: durationCase(1) },
  },
  {
    name: 'quitSidecar',
    table: library.quitSidecarOptionTable,
    // Right ones would be told to quit.
    call: ({ sidecar = 'istio' as never, timeoutMs }: { sidecar?: never; timeoutMs?: never }) =>
      library.quitSidecar(sidecar, timeoutMs),
    cases: { sidecar: { wrong: names, right: [] }, timeoutMs: { wrong: durations(0), right: [] } },
    isPositional: true,
  },
  {
    name: 'describePorts',
    table: library.portOptionTable,
    path: 'ports[0]',
    call: (port) => library.describePorts([over({ port: 80 }, port)]),
    cases: portCases,
  },
  {
    name: 'portProtocol',
    table: library.portOptionTable.map((row) => ({ ...row, required: false })),
    path: 'declaration',
    call: library.portProtocol,
    cases: portCases,
  },
  {
    name: 'meshFetch',
    table: requestOptionTable,
    path: 'init',
    // Nothing is sent for this URL.
    call: (init) => library.meshFetch('data:,x', init),
    cases: {
      dispatcher: dispatcherCase,
      idempotent: flagCase,
      meshRetry: { wrong: objects, right: [{ maxRetries: 0 }] },
    },
    isOpen: true,
  },
  {
    name: 'isSafeToRetry',
    table: retryableRequestTable,
    path: 'request',
    call: (request) => library.isSafeToRetry(enough, over({ method: 'GET' }, request)),
    cases: {
      method: { wrong: texts, right: ['get', 'POST'] },
      url: { wrong: all(5, null, true, {}), right: ['http://a/', new URL('http://a/')] },
      idempotent: flagCase,
      headers: { wrong: all('x', 5, null, true, []), right: [{}, { 'Idempotency-Key': '1' }, new Headers()] },
      bodySent: flagCase,
      redirected: flagCase,
    },
    isOpen: true,
  },
];

/** Options over those that a call needs here; what is no object of options goes as it is. */
function over(base: object, options: unknown): never {
  const isPlain =
    typeof options === 'object' && options !== null && !Array.isArray(options) && !(options instanceof Map);
  return (isPlain ? { ...base, ...options } : options) as never;
}
