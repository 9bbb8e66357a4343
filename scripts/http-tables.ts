import { decide } from '../src/http/decide.ts';
import { httpErrorCodes, type SidecarTrust } from '../src/http/index.ts';
import { retrySettings } from '../src/http/options.ts';
import { classifyReply } from '../src/mesh/replies/envoy-reply.ts';
import { markdownTable } from './markdown-table.ts';

/** The error codes of the HTTP client. */
export function httpErrorsTable(): string {
  return markdownTable(
    ['code', 'class', 'means', 'what to do'],
    httpErrorCodes.map(({ code, error, means, remedy }) => [`\`${code}\``, `\`${error}\``, means, remedy]),
  );
}

const resetPrefix = 'upstream connect error or disconnect/reset before headers. ';
const trustLevels: readonly SidecarTrust[] = ['strict', 'istio-default-policy', 'off'];

/** What the nearest sidecar says, and the reply that says it. */
const sidecarWords: readonly [string, { status: number; body: string; headers?: Record<string, string> }][] = [
  [
    '`UF`: it could not connect, and tried once',
    { status: 503, body: `${resetPrefix}reset reason: remote connection failure` },
  ],
  [
    '`UF`: it could not connect, after retries of its own',
    { status: 503, body: `${resetPrefix}retried and the latest reset reason: remote connection failure` },
  ],
  [
    '`UR`: the service refused the stream',
    { status: 503, body: `${resetPrefix}reset reason: remote refused stream reset` },
  ],
  ['`UH`: no healthy endpoint', { status: 503, body: 'no healthy upstream' }],
  [
    '`UH`, with `x-envoy-attempt-count: 1`',
    { status: 503, body: 'no healthy upstream', headers: { 'x-envoy-attempt-count': '1' } },
  ],
  ['`NC`: the cluster is not there yet', { status: 503, body: '' }],
  [
    '`UC`: the connection broke after the request was sent',
    { status: 503, body: `${resetPrefix}reset reason: connection termination` },
  ],
  ['`UT`: no answer in time', { status: 504, body: 'upstream request timeout' }],
  [
    '`UO`: a circuit breaker is open',
    { status: 503, body: `${resetPrefix}reset reason: overflow`, headers: { 'x-envoy-overloaded': 'true' } },
  ],
  ['`NR`: no route', { status: 404, body: '' }],
  [
    "`UF` of the _service's own_ sidecar, after retries of its own: the app does not listen",
    {
      status: 503,
      body: `${resetPrefix}retried and the latest reset reason: remote connection failure`,
      headers: { 'content-type': 'text/plain', 'x-envoy-upstream-service-time': '31' },
    },
  ],
  [
    '`UC` of that one',
    {
      status: 503,
      body: `${resetPrefix}reset reason: connection termination`,
      headers: { 'content-type': 'text/plain', 'x-envoy-upstream-service-time': '31' },
    },
  ],
];

/** What the policy itself decides at each level. */
export function trustTable(): string {
  const rows = sidecarWords.map(([words, { status, body, headers }]) => {
    const classification = classifyReply({ status, body, headers: { server: 'envoy', ...headers } });
    const failure = { kind: 'reply', status, classification, retryAfterMs: undefined, bodySent: true } as const;
    const repeated = (idempotent: boolean, trustSidecar: SidecarTrust) => {
      const situation = { plainText: true, replayable: true, retries: 0, arrivals: 0, waiting: 1, withinBudget: true };
      const settings = retrySettings({ trustSidecar });
      return decide(failure, { ...situation, idempotent, remainingMs: 10_000 }, settings, 0).retry
        ? 'repeated'
        : 'surfaces';
    };
    return [words, ...trustLevels.map((level) => repeated(false, level)), repeated(true, 'off')];
  });
  const head = [
    'the nearest sidecar says, or passes on',
    ...trustLevels.map((level) => `POST, \`${level}\``),
    'GET, every level',
  ];
  return markdownTable(head, rows);
}
