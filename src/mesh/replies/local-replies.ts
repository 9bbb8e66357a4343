import type { Processed, RetryAdvice } from './retry-advice.ts';

/** One row of the tables of Envoy's own replies: what it says when the nearest proxy is the one that says it. */
export type ReplyMeaning = readonly [
  flag: string | undefined,
  processed: Processed,
  retry: RetryAdvice,
  message: string,
];

const connectFailed: ReplyMeaning = [
  'UF',
  'no',
  'any-method',
  'The sidecar could not connect to the service: it is starting, stopping or not listening, or the two sides disagree about mutual TLS.',
];

/** `reset reason:` texts, as in Envoy's source. A reason that is not here passes through as "maybe". */
export const reasonTexts: ReadonlyMap<string, ReplyMeaning> = new Map([
  ['remote connection failure', connectFailed],
  ['local connection failure', connectFailed],
  ['connection failure', connectFailed],
  [
    'connection timeout',
    [
      'UF',
      'no',
      'any-method',
      'The sidecar got no connection to the service in time: a lost node, a firewall, or a TLS handshake that hangs.',
    ],
  ],
  [
    'connection termination',
    [
      'UC',
      'maybe',
      'idempotent',
      "The service closed the connection before it answered: a crash, or a keep-alive timeout shorter than the sidecar's (make the server's longer).",
    ],
  ],
  ['remote reset', ['UR', 'yes', 'idempotent', 'The service reset the request after it had received it.']],
  [
    'remote refused stream reset',
    [
      'UR',
      'no',
      'any-method',
      'The service refused the stream without handling it: it is shutting down or has too many open streams.',
    ],
  ],
  ['local reset', ['LR', 'maybe', 'idempotent', 'The sidecar reset the request itself.']],
  ['local refused stream reset', ['LR', 'no', 'any-method', 'The sidecar refused the stream before it sent anything.']],
  [
    'overflow',
    [
      'UO',
      'no',
      'never',
      'A circuit breaker is open: send less, or raise the connectionPool limits of the DestinationRule.',
    ],
  ],
  [
    'protocol error',
    [
      'UPE',
      'yes',
      'idempotent-once',
      "The service's reply does not speak the protocol that its port declares: check appProtocol or the port's name.",
    ],
  ],
  ['overload manager reset', ['OM', 'no', 'never', 'The sidecar is overloaded: raise its limits or send less.']],
]);

export const upgradeRequired: ReplyMeaning = [
  'DPE',
  'no',
  'never',
  'The client speaks HTTP/1.0, which the sidecar refuses: use HTTP/1.1 (nginx: proxy_http_version 1.1).',
];

/** Bodies that Envoy and Istio send as they stand. */
export const replyTexts: ReadonlyMap<string, ReplyMeaning> = new Map([
  [
    'no healthy upstream',
    [
      'UH',
      'no-by-istio-default-policy',
      'any-method',
      'The service has no ready endpoint: check that its pods are ready and its selector or subset matches them.',
    ],
  ],
  [
    'upstream request timeout',
    [
      'UT',
      'yes',
      'idempotent',
      "The service did not answer within the route's timeout: it is slow, or the timeout of the VirtualService is too short.",
    ],
  ],
  [
    'upstream max stream duration reached',
    ['UMSDR', 'maybe', 'idempotent', 'The request took longer than max_stream_duration allows.'],
  ],
  [
    'downstream duration timeout',
    ['UMSDR', 'maybe', 'idempotent', 'The request took longer than max_stream_duration allows.'],
  ],
  [
    'stream timeout',
    ['SI', 'maybe', 'idempotent', 'Nothing was sent on the request for longer than the idle timeout.'],
  ],
  [
    'maintenance mode',
    ['UO', 'no', 'never', 'The service is in maintenance mode, set in the configuration of its cluster.'],
  ],
  ['drop overload', ['DO', 'no', 'never', 'The control plane drops part of the traffic to this service: send less.']],
  ['envoy overloaded', ['OM', 'no', 'never', 'The sidecar is overloaded: raise its limits or send less.']],
  [
    'fault filter abort',
    ['FI', 'no', 'idempotent', 'A fault injection rule answered: look for fault.abort in the VirtualService.'],
  ],
  [
    'RBAC: access denied',
    [undefined, 'no', 'never', "An AuthorizationPolicy denies the request: allow this workload's service account."],
  ],
  [
    'local_rate_limited',
    ['RL', 'no', 'after-retry-after', 'The local rate limit refused the request: send less, or raise the limit.'],
  ],
  ['Upgrade Required', upgradeRequired],
]);

export const noRoute: ReplyMeaning = ['NR', 'no', 'never', 'No route: add a ServiceEntry or check the Host header.'];
export const notInRegistry: ReplyMeaning = [
  undefined,
  'no',
  'never',
  'The sidecar sends only to services in its registry (REGISTRY_ONLY): add a ServiceEntry for this host.',
];
export const noCluster: ReplyMeaning = [
  'NC',
  'no',
  'short-wait',
  'The route points at a cluster that the sidecar does not have (yet): the configuration may still be on its way, or a subset is not defined.',
];
export const malformedRequest: ReplyMeaning = [
  'DPE',
  'no',
  'never',
  'The sidecar could not read the request: malformed headers or a missing Host header.',
];
export const jwtReply: ReplyMeaning = [
  undefined,
  'no',
  'never',
  'The token of the request was refused: send a valid one.',
];
export const rateLimitedReply: ReplyMeaning = [
  'RL',
  'no',
  'after-retry-after',
  'The rate limit service refused the request: send less, or raise the limit.',
];
export const overloadedReply: ReplyMeaning = ['UO', 'no', 'never', 'The proxy says that it is overloaded: send less.'];
